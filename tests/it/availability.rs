//! Units that may be sold at each location, of a bundle too.
use crate::support::Shop;
use serde_json::json;

#[actix_web::test]
async fn a_bundle_is_available_as_often_as_its_scarcest_part_at_each_location() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 7).await;
    let lyon = shop.location("LYON", 50).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 2).await;
    shop.stock(&lyon, "LIP-1", 9).await;
    let set = json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1" }] });
    let set = shop.post(&shop.admin, "/v1/products", set).await.ok();
    let id = set["variants"][0]["id"].as_str().unwrap();
    let parts = json!({ "components": [{ "sku": "LIP-1", "quantity": 3 }, { "sku": "LIP-2", "quantity": 1 }] });
    let route = format!("/v1/variants/{id}/components");
    shop.put(&shop.admin, &route, parts).await.ok();

    let told = shop.get(&shop.admin, "/v1/availability?sku=set-1").await.ok();
    let row = json!({ "location_id": paris, "location": "PARIS", "quantity_available": 2 });
    assert_eq!((&told["data"], &told["is_bundle"]), (&json!([row]), &json!(true)), "Lyon lacks a part");
    shop.stock(&lyon, "LIP-2", 1).await;
    let told = shop.get(&shop.admin, "/v1/availability?sku=SET-1").await.ok();
    assert_eq!((&told["quantity_available"], told["data"].as_array().unwrap().len()), (&json!(3), 2));
    let plain = shop.get(&shop.admin, &format!("/v1/availability?sku=LIP-1&location_id={lyon}")).await.ok();
    assert_eq!((&plain["quantity_available"], &plain["is_bundle"]), (&json!(9), &json!(false)));
    shop.get(&shop.admin, "/v1/availability?sku=NO-1").await.refused(404, "not_found");

    let query = "{ variant(sku: \"SET-1\") { availability(first: 5) { quantityAvailable location { code } } } }";
    let found = shop.graphql(&shop.admin, query, json!({})).await;
    let rows = json!([
        { "quantityAvailable": 1, "location": { "code": "LYON" } },
        { "quantityAvailable": 2, "location": { "code": "PARIS" } },
    ]);
    assert_eq!(found["data"]["variant"]["availability"], rows, "{found}");
    let till = shop.sign_in("cashier", Some(&lyon)).await;
    let seen = shop.get(&till, "/v1/availability?sku=SET-1").await.ok();
    assert_eq!(seen["quantity_available"], 1, "only where the caller may look");
    shop.get(&till, &format!("/v1/availability?sku=SET-1&location_id={paris}")).await.refused(404, "not_found");
}

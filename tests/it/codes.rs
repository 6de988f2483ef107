//! Codes that people type, scan or read off a pack are the same whatever their case and width.
use crate::support::Shop;
use serde_json::json;

#[actix_web::test]
async fn a_lot_is_one_however_its_code_was_typed_and_a_recall_takes_all_of_it() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let day = (shop.clock.now().date_naive() + chrono::Duration::days(400)).to_string();
    shop.lot(&paris, "LIP-1", ("L2309B", &day), 3).await;
    shop.lot(&paris, "lip-1", ("l2309b", &day), 2).await;
    let lots = shop.get(&shop.admin, "/v1/lots?code=%EF%BC%AC2309b").await.ok();
    let lots = lots["data"].as_array().unwrap().clone();
    assert_eq!((lots.len(), &lots[0]["code"]), (1, &json!("L2309B")), "kept as it was first written");
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 5);
    let recall = format!("/v1/lots/{}/recall", lots[0]["id"].as_str().unwrap());
    shop.post(&shop.admin, &recall, json!({ "reason": "a complaint" })).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn a_sku_is_found_in_any_case_and_taken_in_any_case() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "lip-1", 2).await;
    assert_eq!(order["lines"][0]["sku"], "LIP-1");
    assert_eq!(shop.get(&shop.admin, "/v1/variants?sku=Lip-1").await.ok()["sku"], "LIP-1");
    let body = json!({ "name": "Other", "category": "cosmetics", "variants": [{ "sku": "liP-1" }] });
    shop.post(&shop.admin, "/v1/products", body).await.refused(409, "sku_taken");
    let found = shop.graphql(&shop.admin, "{ variant(sku: \"lip-1\") { sku } }", json!({})).await;
    assert_eq!(found["data"]["variant"]["sku"], "LIP-1");
}

#[actix_web::test]
async fn a_gtin_with_leading_zeros_is_the_same_number() {
    let shop = Shop::open().await;
    let product = |sku: &str, gtin: &str| {
        json!({
            "name": sku, "category": "cosmetics", "variants": [{ "sku": sku, "gtin": gtin }],
        })
    };
    shop.post(&shop.admin, "/v1/products", product("A-1", "4006381333931")).await.ok();
    shop.post(&shop.admin, "/v1/products", product("B-1", "04006381333931")).await.refused(409, "gtin_taken");
}

#[actix_web::test]
async fn a_location_code_is_taken_in_any_case() {
    let shop = Shop::open().await;
    shop.location("PARIS", 1).await;
    let body =
        json!({ "code": "Paris", "name": "Other", "kind": "store", "country": "FR", "time_zone": "Europe/Paris" });
    shop.post(&shop.admin, "/v1/locations", body).await.refused(409, "location_code_taken");
}

//! Bundles that cost the sum of their parts, less a discount.
use crate::support::{Shop, order_body};
use serde_json::{Value, json};

async fn variant(shop: &Shop, sku: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/variants?sku={sku}")).await.ok()
}

async fn price(shop: &Shop, sku: &str, channel: &str) -> Option<(i64, Option<i64>)> {
    let found = variant(shop, sku).await;
    let price = found["prices"].as_array().unwrap().iter().find(|price| price["channel"] == channel).cloned()?;
    Some((price["amount_minor"].as_i64().unwrap(), price["compare_at_minor"].as_i64()))
}

/// A set of two LIP-1 and a BRUSH, each for 10.00, with a tenth off; the path of its components.
async fn set(shop: &Shop) -> String {
    for sku in ["LIP-1", "BRUSH"] {
        shop.variant(sku).await;
    }
    let body = json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1" }] });
    let set = shop.post(&shop.admin, "/v1/products", body).await.ok();
    let path = format!("/v1/variants/{}", set["variants"][0]["id"].as_str().unwrap());
    let parts = json!([{ "sku": "LIP-1", "quantity": 2 }, { "sku": "BRUSH", "quantity": 1 }]);
    let body = json!({ "components": parts, "sum_discount_ppm": 100_000 });
    let made = shop.put(&shop.admin, &format!("{path}/components"), body).await.ok();
    assert_eq!(made["sum_discount_ppm"], 100_000);
    path
}

async fn set_price(shop: &Shop, sku: &str, channel: &str, amount_minor: i64) {
    let id = variant(shop, sku).await["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/variants/{id}/prices/{channel}/EUR");
    shop.put(&shop.admin, &path, json!({ "amount_minor": amount_minor })).await.ok();
}

#[actix_web::test]
async fn a_bundle_costs_the_sum_of_its_parts_and_follows_each_change_of_theirs() {
    let shop = Shop::open().await;
    let path = set(&shop).await;
    assert_eq!(price(&shop, "SET-1", "web").await, Some((2_700, Some(3_000))));
    set_price(&shop, "LIP-1", "web", 1_255).await;
    assert_eq!(price(&shop, "SET-1", "web").await, Some((3_159, Some(3_510))), "2 x 12.55 and 10.00, less a tenth");
    assert_eq!(price(&shop, "SET-1", "pos").await, Some((2_700, Some(3_000))), "each channel for itself");
    let history = shop.get(&shop.admin, &format!("{path}/prices/web/EUR/history")).await.ok();
    let told: Vec<_> =
        history["changes"].as_array().unwrap().iter().map(|one| one["amount_after_minor"].clone()).collect();
    assert_eq!(told.len(), 2, "{history}");
    let brush = variant(&shop, "BRUSH").await["id"].as_str().unwrap().to_owned();
    let gone = shop.request(&shop.admin, reqwest::Method::DELETE, &format!("/v1/variants/{brush}/prices/web/EUR"));
    crate::support::answer(gone).await.ok();
    assert_eq!(price(&shop, "SET-1", "web").await, None, "a part has no price there");
    set_price(&shop, "BRUSH", "web", 500).await;
    assert_eq!(price(&shop, "SET-1", "web").await, Some((2_709, Some(3_010))));
    let rows = "sku,channel,currency,amount_minor\nLIP-1,pos,EUR,2000\nBRUSH,pos,EUR,1000\n";
    shop.import(&shop.admin, "prices", "text/csv", rows).await.ok();
    shop.app.jobs.import().await.unwrap();
    assert_eq!(price(&shop, "SET-1", "pos").await, Some((4_500, Some(5_000))), "files, too");
}

#[actix_web::test]
async fn a_sale_of_it_costs_the_sum_and_its_parts_share_it() {
    let shop = Shop::open().await;
    set(&shop).await;
    let paris = shop.location("PARIS", 100).await;
    for sku in ["LIP-1", "BRUSH"] {
        shop.stock(&paris, sku, 10).await;
    }
    let order = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "SET-1", 2)).await.ok();
    assert_eq!(order["total"]["amount_minor"], 5_400);
    set_price(&shop, "LIP-1", "pos", 500).await;
    let next = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "SET-1", 1)).await.ok();
    assert_eq!(next["total"]["amount_minor"], 1_800, "from the next order on");
    let explained = shop.get(&shop.admin, "/v1/prices/explain?sku=SET-1&channel=pos&currency=EUR").await.ok();
    assert_eq!(explained["unit_minor"], 1_800);
}

#[actix_web::test]
async fn its_prices_are_set_by_nobody_else_until_it_has_its_own() {
    let shop = Shop::open().await;
    let path = set(&shop).await;
    let own = format!("{path}/prices/web/EUR");
    shop.put(&shop.admin, &own, json!({ "amount_minor": 1 })).await.refused(409, "price_is_summed");
    let gone = shop.request(&shop.admin, reqwest::Method::DELETE, &own);
    crate::support::answer(gone).await.refused(409, "price_is_summed");
    let rows = "sku,channel,currency,amount_minor\nSET-1,web,EUR,1\nSET-1,web,EUR,2700\n";
    let import = shop.import(&shop.admin, "prices", "text/csv", rows).await.ok();
    shop.app.jobs.import().await.unwrap();
    let import = shop.get(&shop.admin, &format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.ok();
    assert_eq!((&import["failed"], &import["done"]), (&json!(1), &json!(0)), "{import}");
    let parts = json!([{ "sku": "LIP-1", "quantity": 1 }]);
    let beyond = json!({ "components": parts, "sum_discount_ppm": 1_000_001 });
    shop.put(&shop.admin, &format!("{path}/components"), beyond).await.refused(422, "invalid_body");
    shop.put(&shop.admin, &format!("{path}/components"), json!({ "components": parts })).await.ok();
    assert_eq!(price(&shop, "SET-1", "web").await, Some((900, Some(1_000))), "it is priced as before");
    let own_price = json!({ "components": parts, "sum_discount_ppm": null });
    shop.put(&shop.admin, &format!("{path}/components"), own_price).await.ok();
    assert_eq!(price(&shop, "SET-1", "web").await, Some((900, Some(1_000))), "it keeps the one that it had");
    shop.put(&shop.admin, &own, json!({ "amount_minor": 990 })).await.ok();
    set_price(&shop, "LIP-1", "web", 5).await;
    assert_eq!(price(&shop, "SET-1", "web").await, Some((990, None)));
}

#[actix_web::test]
async fn a_sum_that_cannot_be_written_is_no_price_and_holds_nobody_up() {
    let shop = Shop::open().await;
    set(&shop).await;
    let rows = "sku,channel,currency,amount_minor\nLIP-1,web,EUR,9007199254740991\nBRUSH,pos,EUR,1500\n";
    let import = shop.import(&shop.admin, "prices", "text/csv", rows).await.ok();
    shop.app.jobs.import().await.unwrap();
    let import = shop.get(&shop.admin, &format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.ok();
    assert_eq!((&import["status"], &import["done"]), (&json!("finished"), &json!(2)), "{import}");
    assert_eq!(price(&shop, "SET-1", "web").await, None);
    assert_eq!(price(&shop, "SET-1", "pos").await, Some((3_150, Some(3_500))));
    set_price(&shop, "LIP-1", "web", 1_000).await;
    assert_eq!(price(&shop, "SET-1", "web").await, Some((2_700, Some(3_000))));
}

#[actix_web::test]
async fn an_order_gets_no_more_of_a_bundle_whose_part_is_retired() {
    let shop = Shop::open().await;
    set(&shop).await;
    let paris = shop.location("PARIS", 100).await;
    for sku in ["LIP-1", "BRUSH"] {
        shop.stock(&paris, sku, 10).await;
    }
    let order = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "SET-1", 1)).await.ok();
    let brush = variant(&shop, "BRUSH").await["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, &format!("/v1/variants/{brush}/retire"), json!({})).await.ok();
    let more = json!({ "lines": [{ "sku": "SET-1", "quantity": 2 }] });
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let refused = shop.patch(&shop.admin, &path, more, order["version"].as_i64()).await;
    refused.refused(409, "variant_retired");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/sku");
}

//! Packs that expire soon cost less at the till that has read their lot.
use crate::{
    promotions::promotion,
    support::{Shop, home, order_body},
    tills::sale,
};
use serde_json::{Value, json};

/// A quarter off within thirty days, half off within ten.
fn ladder() -> Value {
    json!({ "type": "near_expiry", "steps": [{ "within_days": 30, "rate_ppm": 250_000 },
                                             { "within_days": 10, "rate_ppm": 500_000 }] })
}

/// Lots of LIP-1 with so many days left: 400, 30 and 3.
async fn place(shop: &Shop) -> String {
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    for (code, days) in [("LATE", 400), ("SOON", 30), ("LAST", 3)] {
        let day = (shop.clock.now().date_naive() + chrono::Duration::days(days)).to_string();
        shop.lot(&paris, "LIP-1", (code, &day), 10).await;
    }
    paris
}

fn pack(location: &str, lot: Option<&str>) -> Value {
    let mut body = order_body(location, "LIP-1", 2);
    body["lines"][0]["lot"] = json!(lot);
    body
}

async fn price(shop: &Shop, cart: Value) -> i64 {
    let priced = shop.post(&shop.admin, "/v1/carts/price", cart).await.ok();
    priced["totals"]["total"]["amount_minor"].as_i64().unwrap()
}

#[actix_web::test]
async fn the_sooner_a_pack_expires_the_less_a_cart_and_its_order_cost() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    promotion(&shop, "soon", ladder(), json!({})).await;
    for (lot, cost) in [(None, 2_000), (Some("LATE"), 2_000), (Some("soon"), 1_500), (Some("LAST"), 1_000)] {
        assert_eq!(price(&shop, pack(&paris, lot)).await, cost, "{lot:?}");
        let order = shop.post(&shop.admin, "/v1/orders", pack(&paris, lot)).await.ok();
        assert_eq!(order["total"]["amount_minor"], cost, "{lot:?}");
    }
    let mut quoted = pack(&paris, Some("LAST"));
    quoted["quote"] = json!(true);
    let quote = shop.post(&shop.admin, "/v1/carts/price", quoted).await.ok()["quote"]["id"].clone();
    let mut fresh = pack(&paris, Some("LATE"));
    fresh["quote_id"] = quote;
    shop.post(&shop.admin, "/v1/orders", fresh.clone()).await.refused(422, "quote_mismatch");
    fresh["lines"][0]["lot"] = json!("LAST");
    assert_eq!(shop.post(&shop.admin, "/v1/orders", fresh).await.ok()["total"]["amount_minor"], 1_000);
}

#[actix_web::test]
async fn a_sale_that_is_told_late_has_the_steps_of_its_own_day() {
    let shop = Shop::open_for_long().await;
    let paris = place(&shop).await;
    promotion(&shop, "soon", ladder(), json!({})).await;
    shop.after(86_400).await;
    for (lot, ago, cost) in [("SOON", 60, 750), ("LAST", 60, 500), ("LATE", 60, 1_000), ("NOBODY-KNOWS", 60, 1_000)] {
        let mut body = sale(&shop, &paris, "LIP-1", 1, ago);
        body["lines"][0]["lot"] = json!(lot);
        let sold = shop.post(&shop.admin, "/v1/pos/sales", body).await.ok();
        assert_eq!(sold["total"]["amount_minor"], cost, "{lot}");
    }
    let mut cheap = sale(&shop, &paris, "LIP-1", 1, 60);
    (cheap["lines"][0]["lot"], cheap["lines"][0]["unit_price_minor"]) = (json!("LAST"), json!(500));
    let cheap = shop.post(&shop.admin, "/v1/pos/sales", cheap).await.ok();
    assert_eq!(
        (&cheap["total"]["amount_minor"], &cheap["marks"]),
        (&json!(500), &json!([])),
        "it is the price by then"
    );
}

#[actix_web::test]
async fn lots_are_read_by_tills_alone_and_steps_are_checked() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    let refused = shop.post(&shop.admin, "/v1/orders", pack(&paris, Some("NONE"))).await;
    refused.refused(422, "unknown_lot");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/lot");
    let mut web = pack(&paris, Some("LAST"));
    (web["channel"], web["customer"]) = (json!("web"), home());
    let refused = shop.post(&shop.admin, "/v1/orders", web.clone()).await;
    refused.refused(422, "invalid_body");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/0/lot");
    shop.post(&shop.admin, "/v1/carts/price", web).await.refused(422, "invalid_body");
    let mut nowhere = pack(&paris, Some("LAST"));
    nowhere.as_object_mut().unwrap().remove("location_id");
    let refused = shop.post(&shop.admin, "/v1/orders", nowhere).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/location_id", "{refused:?}");
    let steps = json!([{ "within_days": 3_651, "rate_ppm": 1 }, { "within_days": 5, "rate_ppm": 0 },
                       { "within_days": 5, "rate_ppm": 10 }]);
    let body = json!({ "code": "wrong", "name": "Wrong", "currency": "EUR",
                       "benefit": { "type": "near_expiry", "steps": steps } });
    let refused = shop.post(&shop.admin, "/v1/promotions", body).await;
    let at: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(at, ["#/benefit/steps/0/within_days", "#/benefit/steps/1/rate_ppm", "#/benefit/steps/2/within_days"]);
}

//! Carts: priced as an order would be, and quotes that orders are charged.
use crate::{
    promotions::{coupons, percent, promotion, with_coupons},
    support::{Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

/// The same cart as an order, with a quote of it.
async fn quoted(shop: &Shop, order: &Value) -> Value {
    let mut cart = order.clone();
    cart["quote"] = json!(true);
    shop.post(&shop.admin, "/v1/carts/price", cart).await.ok()
}

fn with_quote(order: &Value, cart: &Value) -> Value {
    let mut order = order.clone();
    order["quote_id"] = cart["quote"]["id"].clone();
    order
}

async fn price(shop: &Shop, location: &str, amount_minor: i64) {
    let level = shop.level(location, "LIP-1").await;
    let path = format!("/v1/variants/{}/prices/pos/EUR", level["variant_id"].as_str().unwrap());
    shop.put(&shop.admin, &path, json!({ "amount_minor": amount_minor })).await.ok();
}

#[actix_web::test]
async fn a_cart_costs_what_its_order_costs_and_tells_why() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    promotion(&shop, "ten", percent(10), json!({ "priority": 2 })).await;
    let dear = json!({ "min_spend_minor": 9_000, "priority": 1 });
    promotion(&shop, "dear", percent(50), dear).await;
    let secret = promotion(&shop, "secret", percent(50), json!({ "needs_coupon": true })).await;
    coupons(&shop, &secret, json!({ "codes": ["SECRET-1"] })).await;
    let next_week = shop.clock.now() + chrono::Duration::days(7);
    for needs_coupon in [true, false] {
        let more = json!({ "needs_coupon": needs_coupon, "starts_at": next_week });
        promotion(&shop, &format!("friday-{needs_coupon}"), percent(50), more).await;
    }
    let cart = shop.post(&shop.admin, "/v1/carts/price", order_body(&paris, "LIP-1", 5)).await.ok();
    let line = &cart["lines"][0];
    assert_eq!((&line["total"]["amount_minor"], &line["quantity_available"]), (&json!(4_500), &json!(3)));
    let told: Vec<_> =
        cart["promotions"].as_array().unwrap().iter().map(|of| (of["code"].clone(), of["reason"].clone())).collect();
    assert_eq!(
        told,
        [(json!("ten"), json!(null)), (json!("dear"), json!("spend_too_low"))],
        "no word of the secret ones"
    );
    assert_eq!((&cart["promotions"][0]["amount"]["amount_minor"], &cart["quote"]), (&json!(500), &json!(null)));
    let body = with_coupons(&paris, 3, &["secret-1"]);
    let cart = shop.post(&shop.admin, "/v1/carts/price", body.clone()).await.ok();
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    assert_eq!(cart["totals"], order["totals"]);
    assert_eq!(order["total"]["amount_minor"], 1_350);
    assert_eq!(shop.database.count("quotes"), 0, "none was asked for");
}

#[actix_web::test]
async fn an_order_is_charged_its_quote_until_that_expires() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let ten = promotion(&shop, "ten", percent(10), json!({})).await;
    let body = order_body(&paris, "LIP-1", 2);
    let cart = quoted(&shop, &body).await;
    price(&shop, &paris, 5_000).await;
    let end = json!({ "ends_at": shop.clock.now() + chrono::Duration::seconds(1) });
    shop.patch(&shop.admin, &format!("/v1/promotions/{ten}"), end, Some(1)).await.ok();
    shop.after(2).await;
    let order = shop.post(&shop.admin, "/v1/orders", with_quote(&body, &cart)).await.ok();
    assert_eq!(order["totals"], cart["totals"]);
    assert_eq!(order["total"]["amount_minor"], 1_800);
    let without = shop.post(&shop.admin, "/v1/orders", body.clone()).await.ok();
    assert_eq!(without["total"]["amount_minor"], 10_000);
    let more = with_quote(&order_body(&paris, "LIP-1", 3), &cart);
    let refused = shop.post(&shop.admin, "/v1/orders", more).await;
    refused.refused(422, "quote_mismatch");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines");
    shop.after(900).await;
    shop.post(&shop.admin, "/v1/orders", with_quote(&body, &cart)).await.refused(409, "quote_expired");
    let mut nobodys = body.clone();
    nobodys["quote_id"] = json!("01890a5d-ac96-774b-bcce-b302099a8057");
    shop.post(&shop.admin, "/v1/orders", nobodys).await.refused(422, "unknown_quote");
    shop.after(3 * 86_400).await;
    assert_eq!(shop.database.count("quotes"), 0, "expired quotes are deleted");
}

#[actix_web::test]
async fn of_64_quoted_orders_a_budget_pays_for_as_many_as_it_can_and_the_rest_are_refused() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    promotion(&shop, "launch", percent(10), json!({ "budget_minor": 500 })).await;
    let body = order_body(&paris, "LIP-1", 1);
    let cart = quoted(&shop, &body).await;
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), with_quote(&body, &cart));
        async move { shop.post(&shop.admin, "/v1/orders", body).await }
    })
    .await;
    let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(placed.len(), 5);
    assert!(placed.iter().all(|answer| answer.body["total"]["amount_minor"] == 900));
    assert!(refused.iter().all(|answer| answer.code() == "budget_spent"), "{refused:?}");
}

#[actix_web::test]
async fn a_cart_is_priced_for_those_alone_who_may_order_there() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let lyon = shop.location("LYON", 1).await;
    let cashier = shop.sign_in("cashier", Some(&lyon)).await;
    shop.post(&cashier, "/v1/carts/price", order_body(&paris, "LIP-1", 1)).await.refused(404, "not_found");
    let here = shop.post(&cashier, "/v1/carts/price", order_body(&lyon, "LIP-1", 1)).await.ok();
    assert_eq!(here["lines"][0]["quantity_available"], 0);
    let mut wrong = order_body(&paris, "LIP-1", 1);
    wrong["coupons"] = json!(["TWICE-1", "twice-1"]);
    let refused = shop.post(&shop.admin, "/v1/carts/price", wrong).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/coupons/1", "{refused:?}");
}

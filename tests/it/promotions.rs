//! Promotions and coupons: what they take off an order, who gets them, and how often.
use crate::{
    returns::{at, found, shipped, step},
    support::{Shop, all_at_once, answer, home, order_body, papers::unique},
    tills::sale,
};
use serde_json::{Value, json};
use std::rc::Rc;

/// A promotion in euros; its id.
pub async fn promotion(shop: &Shop, code: &str, benefit: Value, more: Value) -> String {
    let mut body = json!({ "code": code, "name": code, "currency": "EUR", "benefit": benefit });
    more.as_object().unwrap().iter().for_each(|(field, value)| body[field] = value.clone());
    let made = shop.post(&shop.admin, "/v1/promotions", body).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

pub fn percent(rate: i64) -> Value {
    json!({ "type": "percent_off", "rate_ppm": rate * 10_000 })
}

pub async fn coupons(shop: &Shop, promotion: &str, body: Value) -> Value {
    shop.post(&shop.admin, &format!("/v1/promotions/{promotion}/coupons"), body).await.ok()
}

pub fn with_coupons(location: &str, units: i64, codes: &[&str]) -> Value {
    let mut body = order_body(location, "LIP-1", units);
    body["coupons"] = json!(codes);
    body
}

async fn usage(shop: &Shop, promotion: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/promotions/{promotion}/usage")).await.ok()
}

#[actix_web::test]
async fn an_order_tells_what_is_taken_off_it_and_gives_it_back_unit_by_unit() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    promotion(&shop, "ten", percent(10), json!({ "priority": 1 })).await;
    promotion(&shop, "five-euros", json!({ "type": "amount_off", "amount_minor": 500 }), json!({})).await;
    let order = shipped(&shop, &paris, 3, json!({ "gateway": "manual" })).await;
    let line = &order["lines"][0];
    assert_eq!((&line["unit_price"]["amount_minor"], &line["discount"]["amount_minor"]), (&json!(1_000), &json!(800)));
    let off = |n: usize| (line["discounts"][n]["name"].clone(), line["discounts"][n]["amount"]["amount_minor"].clone());
    assert_eq!([off(0), off(1)], [(json!("ten"), json!(300)), (json!("five-euros"), json!(500))]);
    let totals = &order["totals"];
    assert_eq!((&totals["goods"]["amount_minor"], &totals["discount"]["amount_minor"]), (&json!(3_000), &json!(800)));
    assert_eq!(totals["total"]["amount_minor"], 2_200);
    let mut credited = vec![];
    for _ in 0..3 {
        let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
        let closed = step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        assert_eq!(closed["credited"], back["worth"]);
        credited.push(back["worth"]["amount_minor"].as_i64().unwrap());
    }
    assert_eq!(credited, [733, 733, 734], "together what was paid");
}

#[actix_web::test]
async fn of_64_orders_two_coupons_of_one_use_give_two_a_discount() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let welcome = promotion(&shop, "welcome", percent(20), json!({ "needs_coupon": true })).await;
    coupons(&shop, &welcome, json!({ "codes": ["first-one", "SECOND-ONE"], "max_uses": 1 })).await;
    let answers = all_at_once(|n| {
        let code = ["FIRST-ONE", "second-one"][n % 2];
        let (shop, body) = (shop.clone(), with_coupons(&paris, 1, &[code]));
        async move { shop.post(&shop.admin, "/v1/orders", body).await }
    })
    .await;
    let (placed, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(placed.len(), 2);
    assert!(refused.iter().all(|answer| answer.code() == "coupon_used"), "{refused:?}");
    let used = usage(&shop, &welcome).await;
    assert_eq!((&used["used_count"], &used["spent_minor"]), (&json!(2), &json!(400)));
    let listed = shop.get(&shop.admin, "/v1/coupons?code=first-one").await.ok();
    assert_eq!(listed["data"][0]["used_count"], 1);
    let uses = shop.get(&shop.admin, &format!("/v1/promotions/{welcome}/redemptions")).await.ok();
    assert_eq!(uses["data"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn of_64_orders_a_budget_pays_for_as_many_as_it_can_and_the_rest_cost_their_price() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let launch = promotion(&shop, "launch", percent(10), json!({ "budget_minor": 1_050 })).await;
    let totals = all_at_once(|_| {
        let (shop, paris) = (shop.clone(), paris.clone());
        async move { shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"].as_i64().unwrap() }
    })
    .await;
    assert_eq!(totals.iter().filter(|total| **total == 900).count(), 10, "{totals:?}");
    assert_eq!(totals.iter().filter(|total| **total == 1_000).count(), 54);
    let used = usage(&shop, &launch).await;
    assert_eq!((&used["spent_minor"], &used["budget_left_minor"]), (&json!(1_000), &json!(50)));
}

#[actix_web::test]
async fn a_canceled_order_gives_its_coupon_and_its_part_of_the_budget_back() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let more = json!({ "needs_coupon": true, "budget_minor": 100, "max_uses": 1 });
    let once = promotion(&shop, "once", percent(10), more).await;
    coupons(&shop, &once, json!({ "codes": ["ONLY-ONCE"], "max_uses": 1 })).await;
    for _ in 0..2 {
        let order = shop.post(&shop.admin, "/v1/orders", with_coupons(&paris, 1, &["ONLY-ONCE"])).await.ok();
        assert_eq!(order["total"]["amount_minor"], 900);
        shop.post(&shop.admin, "/v1/orders", with_coupons(&paris, 1, &["ONLY-ONCE"])).await.refused(409, "coupon_used");
        let cancel = format!("/v1/orders/{}/cancel", order["id"].as_str().unwrap());
        shop.post(&shop.admin, &cancel, json!({ "reason": "changed my mind" })).await.ok();
        assert_eq!(usage(&shop, &once).await["used_count"], 0);
    }
    let order = shop.post(&shop.admin, "/v1/orders", with_coupons(&paris, 1, &["ONLY-ONCE"])).await.ok();
    assert!(shop.after(3_600).await > 0, "nobody paid");
    assert_eq!(usage(&shop, &once).await["spent_minor"], 0, "{order}");
}

#[actix_web::test]
async fn a_coupon_that_takes_nothing_off_is_refused_with_the_reason_and_all_at_once() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let needs = |more: Value| {
        let mut all = json!({ "needs_coupon": true });
        more.as_object().unwrap().iter().for_each(|(field, value)| all[field] = value.clone());
        all
    };
    let cases = [
        ("dear", "DEAR-1", json!({ "min_spend_minor": 5_000 }), "coupon_not_applicable", "spend_too_low"),
        ("web", "WEBB-1", json!({ "applies_to": { "channels": ["web"] } }), "coupon_not_applicable", "other_channel"),
        ("poor", "POOR-1", json!({ "budget_minor": 1 }), "budget_spent", "budget_spent"),
        ("known", "KNOWN-1", json!({ "max_uses_per_customer": 1 }), "coupon_not_applicable", "customer_unknown"),
    ];
    let mut codes = vec!["NOBODYS"];
    for (name, code, more, ..) in &cases {
        let of = promotion(&shop, name, percent(10), needs(more.clone())).await;
        coupons(&shop, &of, json!({ "codes": [code] })).await;
        codes.push(code);
    }
    let refused = shop.post(&shop.admin, "/v1/orders", with_coupons(&paris, 1, &codes)).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let errors = refused.body["errors"].as_array().unwrap();
    assert_eq!((&errors[0]["code"], &errors[0]["pointer"]), (&json!("unknown_coupon"), &json!("#/coupons/0")));
    for (at, (_, _, _, code, reason)) in cases.iter().enumerate() {
        assert_eq!(errors[at + 1]["code"], *code, "{errors:?}");
        assert!(errors[at + 1]["detail"].as_str().unwrap().contains(reason), "{errors:?}");
    }
    assert_eq!(shop.database.count("orders"), 0);
}

#[actix_web::test]
async fn a_customer_uses_a_promotion_as_often_as_they_may_in_whatever_case_they_are_written() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    promotion(&shop, "first-order", percent(50), json!({ "max_uses_per_customer": 1 })).await;
    let body = |email: &str| {
        let mut body = order_body(&paris, "LIP-1", 1);
        body["customer"] = json!({ "email": email });
        body
    };
    let totals = all_at_once(|n| {
        let (shop, body) = (shop.clone(), body(["ada@example.com", "ADA@example.com"][n % 2]));
        async move { shop.post(&shop.admin, "/v1/orders", body).await.ok()["total"]["amount_minor"].clone() }
    })
    .await;
    assert_eq!(totals.iter().filter(|total| **total == 500).count(), 1, "{totals:?}");
    let other = shop.post(&shop.admin, "/v1/orders", body("bob@example.com")).await.ok();
    assert_eq!(other["total"]["amount_minor"], 500);
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 1_000, "nobody knows who this is");
}

#[actix_web::test]
async fn a_promotion_holds_on_every_server_from_the_moment_it_is_made_until_it_is_ended() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let (url, _app) = shop.second(&[]);
    let total = async || {
        let sent = reqwest::Client::new().post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
        let sent = sent.header("Idempotency-Key", unique()).json(&order_body(&paris, "LIP-1", 1));
        answer(sent).await.ok()["total"]["amount_minor"].as_i64().unwrap()
    };
    assert_eq!(total().await, 1_000, "now the other server remembers that there is none");
    let made = promotion(&shop, "ten", percent(10), json!({})).await;
    assert_eq!(total().await, 900);
    let path = format!("/v1/promotions/{made}");
    let end = json!({ "ends_at": shop.clock.now() + chrono::Duration::seconds(60) });
    shop.patch(&shop.admin, &path, end, Some(1)).await.ok();
    assert_eq!(total().await, 900);
    shop.after(61).await;
    assert_eq!(total().await, 1_000);
    let late = shop.patch(&shop.admin, &path, json!({ "name": "Late" }), Some(2)).await;
    late.refused(409, "promotion_ended");
}

#[actix_web::test]
async fn a_promotion_is_about_the_goods_of_its_groups_and_follows_them() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    let product = shop.variant("LIP-1").await["id"].clone();
    shop.stock(&paris, "LIP-1", 100).await;
    let made = |path: &str, body: Value| {
        let path = path.to_owned();
        let shop = &shop;
        async move { shop.post(&shop.admin, &path, body).await.ok()["id"].as_str().unwrap().to_owned() }
    };
    let gifts = made("/v1/collections", json!({ "name": "Gifts" })).await;
    let target = json!({ "target": { "collection_ids": [gifts] } });
    promotion(&shop, "gifts", percent(10), target).await;
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 1_000);
    let put = json!({ "product_ids": [product] });
    shop.put(&shop.admin, &format!("/v1/collections/{gifts}/products"), put).await.ok();
    assert_eq!(shop.placed(&paris, "LIP-1", 1).await["total"]["amount_minor"], 900);
}

#[actix_web::test]
async fn what_is_sent_and_what_stays_of_a_discounted_order_add_up() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    promotion(&shop, "seven", json!({ "type": "amount_off", "amount_minor": 700 }), json!({})).await;
    let mut body = order_body(&paris, "LIP-1", 3);
    body["customer"] = home();
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let path = |step: &str| format!("/v1/orders/{}/{step}", order["id"].as_str().unwrap());
    let less = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "reason": "one too many" });
    let less = shop.post(&shop.admin, &path("cancel"), less).await.ok();
    assert_eq!(less["total"]["amount_minor"], 1_533, "two thirds of 23.00, rounded down");
    let line = &less["lines"][0];
    assert_eq!(
        (&line["discount"]["amount_minor"], &line["discounts"][0]["amount"]["amount_minor"]),
        (&json!(467), &json!(467))
    );
    let seen = shop.get(&shop.admin, &path("")[..path("").len() - 1]).await.ok();
    assert_eq!(seen["totals"]["discount"]["amount_minor"], 467);
}

#[actix_web::test]
async fn a_sale_of_a_till_has_the_promotions_of_its_time_unless_the_till_says_what_it_took() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let till = json!({ "applies_to": { "channels": ["pos"] } });
    let ten = promotion(&shop, "ten", percent(10), till).await;
    promotion(&shop, "limited", percent(50), json!({ "budget_minor": 100_000 })).await;
    shop.after(60).await;
    let end = json!({ "ends_at": shop.clock.now() + chrono::Duration::seconds(60) });
    shop.patch(&shop.admin, &format!("/v1/promotions/{ten}"), end, Some(1)).await.ok();
    shop.after(61).await;
    let told = async |seconds_ago: i64, took: Option<i64>| {
        let mut sale = sale(&shop, &paris, "LIP-1", 2, seconds_ago);
        if let Some(minor) = took {
            sale["lines"][0]["unit_price_minor"] = json!(minor);
        }
        shop.post(&shop.admin, "/v1/pos/sales", sale).await.ok()["total"]["amount_minor"].as_i64().unwrap()
    };
    assert_eq!(told(90, None).await, 1_800, "it was made while the promotion held");
    assert_eq!(told(0, None).await, 2_000, "what is counted needs an order");
    assert_eq!(told(90, Some(1_000)).await, 2_000);
}

#[actix_web::test]
async fn what_a_marketplace_has_settled_is_placed_whatever_is_promoted() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    promotion(&shop, "ten", percent(10), json!({})).await;
    shop.post(&shop.admin, "/v1/brands", json!({ "name": "Maison" })).await.ok();
    let mut body = order_body(&paris, "LIP-1", 1);
    (body["channel"], body["settled_outside"]) = (json!("marketplace"), json!(true));
    body["customer"] = home();
    body["lines"][0]["unit_price_minor"] = json!(950);
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    assert_eq!((&order["total"]["amount_minor"], &order["status"]), (&json!(950), &json!("confirmed")));
}

#[actix_web::test]
async fn a_server_that_has_not_heard_of_a_change_of_a_collection_follows_it_all_the_same() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    let product = shop.variant("LIP-1").await["id"].clone();
    shop.stock(&paris, "LIP-1", 100).await;
    let gifts = shop.post(&shop.admin, "/v1/collections", json!({ "name": "Gifts" })).await.ok()["id"].clone();
    let path = format!("/v1/collections/{}/products", gifts.as_str().unwrap());
    shop.put(&shop.admin, &path, json!({ "product_ids": [product] })).await.ok();
    promotion(&shop, "gifts", percent(10), json!({ "target": { "collection_ids": [gifts] } })).await;
    let (url, _app) = shop.second(&[]);
    let total = async || {
        let sent = reqwest::Client::new().post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
        let sent = sent.header("Idempotency-Key", unique()).json(&order_body(&paris, "LIP-1", 1));
        answer(sent).await.ok()["total"]["amount_minor"].as_i64().unwrap()
    };
    assert_eq!(total().await, 900, "now the other server remembers what is in the collection");
    shop.put(&shop.admin, &path, json!({ "product_ids": [] })).await.ok();
    assert_eq!(total().await, 1_000);
}

#[actix_web::test]
async fn a_raised_budget_and_a_canceled_order_make_room_at_once() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let once = promotion(&shop, "once", percent(10), json!({ "max_uses": 1 })).await;
    let placed = async || shop.placed(&paris, "LIP-1", 1).await;
    let total = |order: &Value| order["total"]["amount_minor"].as_i64().unwrap();
    let first = placed().await;
    assert_eq!([total(&first), total(&placed().await)], [900, 1_000]);
    let cancel = format!("/v1/orders/{}/cancel", first["id"].as_str().unwrap());
    shop.post(&shop.admin, &cancel, json!({ "reason": "changed my mind" })).await.ok();
    assert_eq!([total(&placed().await), total(&placed().await)], [900, 1_000]);
    let path = format!("/v1/promotions/{once}");
    shop.patch(&shop.admin, &path, json!({ "max_uses": 2 }), Some(1)).await.ok();
    assert_eq!(total(&placed().await), 900);
}

//! Gift cards: issued, paid with, given back on, and never overdrawn.
use crate::{
    payments::{card, path, read, sandbox},
    returns::{at, found, step},
    support::{Answer, Shop, all_at_once},
};
use serde_json::{Value, json};
use std::rc::Rc;

/// A gift card in euros with a random code: the card as it was issued.
async fn issued(shop: &Shop, amount_minor: i64) -> Value {
    let body = json!({ "currency": "EUR", "amount_minor": amount_minor, "note": "sold with order 7" });
    shop.post(&shop.admin, "/v1/gift-cards", body).await.ok()
}

async fn pay(shop: &Shop, order: &Value, code: &Value, amount_minor: Option<i64>) -> Answer {
    let mut body = json!({ "gateway": "gift_card", "method": code });
    if let Some(minor) = amount_minor {
        body["amount_minor"] = json!(minor);
    }
    shop.post(&shop.admin, &path(order, "/payments"), body).await
}

/// The balance of a card, what is held of it and what can be paid with.
async fn balance(shop: &Shop, issued: &Value) -> [i64; 3] {
    let path = format!("/v1/gift-cards/{}", issued["id"].as_str().unwrap());
    let card = shop.get(&shop.admin, &path).await.ok();
    ["balance", "held", "available"].map(|of| card[of]["amount_minor"].as_i64().unwrap())
}

#[actix_web::test]
async fn a_gift_card_pays_for_an_order_with_another_tender_and_gets_its_part_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let gift = issued(&shop, 1_500).await;
    let code = gift["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), &code[15..]), (19, gift["last_letters"].as_str().unwrap()));
    let order = shop.placed(&paris, "LIP-1", 3).await;
    let typed = json!(code.to_lowercase().replace('-', " "));
    let paid = pay(&shop, &order, &typed, None).await.ok();
    assert_eq!((&paid["authorized"]["amount_minor"], &paid["order"]["status"]), (&json!(1_500), &json!("pending")));
    assert_eq!((&paid["gift_card_id"], &paid["gateway"]), (&gift["id"], &json!("gift_card")));
    assert_eq!(balance(&shop, &gift).await, [1_500, 1_500, 0], "held, not taken");
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!((balance(&shop, &gift).await, sandbox(&shop)), ([0, 0, 0], [1_500, 1_500, 0]));
    for (left, on_card) in [([1_500, 1_500, 1_000], 0), ([1_500, 1_500, 1_500], 500), ([1_500, 1_500, 1_500], 1_500)] {
        let back = shop.post(&shop.admin, "/v1/returns", at(&order, 1, &paris)).await.ok();
        step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
        shop.after(1).await;
        assert_eq!((sandbox(&shop), balance(&shop, &gift).await), (left, [on_card, 0, on_card]));
    }
    let by_hand = format!("/v1/payments/{}/refunded-by-hand", paid["id"].as_str().unwrap());
    let refused = shop.post(&shop.admin, &by_hand, json!({ "amount_minor": 1, "note": "cash" })).await;
    refused.refused(409, "nothing_to_retry");
    let moves = format!("/v1/gift-cards/{}/moves", gift["id"].as_str().unwrap());
    let moves = shop.get(&shop.admin, &moves).await.ok();
    let kinds: Vec<_> = moves["data"].as_array().unwrap().iter().map(|of| of["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["refund", "refund", "capture", "authorize", "issue"]);
    assert_eq!(moves["data"][0]["order_id"], order["id"]);
    let known = format!("payments where gateway = 'gift_card' and method = '{}'", gift["id"].as_str().unwrap());
    assert_eq!(shop.database.count(&known), 1, "the payment knows the card, not the code");
}

#[actix_web::test]
async fn of_64_orders_a_gift_card_pays_for_as_many_as_it_can_and_is_never_overdrawn() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let gift = issued(&shop, 10_500).await;
    let mut orders = vec![];
    for _ in 0..64 {
        orders.push(shop.placed(&paris, "LIP-1", 1).await);
    }
    let answers = all_at_once(|n| {
        let (shop, order, code) = (shop.clone(), orders[n].clone(), gift["code"].clone());
        async move { pay(&shop, &order, &code, Some(1_000)).await }
    })
    .await;
    let (paid, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(paid.len(), 10);
    assert!(refused.iter().all(|answer| answer.code() == "payment_declined"), "{refused:?}");
    assert!(refused[0].body["detail"].as_str().unwrap().contains("insufficient_balance"), "{:?}", refused[0]);
    assert_eq!(balance(&shop, &gift).await, [10_500, 10_000, 500]);
    let canceled = &paid[0].body["order"];
    shop.post(&shop.admin, &path(canceled, "/cancel"), json!({ "reason": "no" })).await.ok();
    shop.after(1).await;
    assert_eq!(balance(&shop, &gift).await, [10_500, 9_000, 1_500], "what is given up can be paid with again");
}

#[actix_web::test]
async fn a_gift_card_that_is_disabled_expired_or_of_another_currency_does_not_pay() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let gift = issued(&shop, 5_000).await;
    let at_card = format!("/v1/gift-cards/{}", gift["id"].as_str().unwrap());
    let declined = async |code: &Value, why: &str| {
        let answer = pay(&shop, &order, code, None).await;
        answer.refused(402, "payment_declined");
        assert!(answer.body["detail"].as_str().unwrap().contains(why), "{answer:?}");
    };
    let off = shop.patch(&shop.admin, &at_card, json!({ "disabled": true }), Some(2)).await.ok();
    assert_eq!(off["version"], 3);
    declined(&gift["code"], "gift_card_disabled").await;
    shop.patch(&shop.admin, &at_card, json!({ "disabled": false, "expires_at": shop.clock.now() }), Some(3)).await.ok();
    declined(&gift["code"], "gift_card_expired").await;
    let body = json!({ "currency": "USD", "amount_minor": 5_000, "code": "dollars-of-ada-1" });
    let dollars = shop.post(&shop.admin, "/v1/gift-cards", body.clone()).await.ok();
    assert_eq!((&dollars["code"], &dollars["last_letters"]), (&json!(null), &json!("ADA1")));
    declined(&json!("DOLLARSOFADA1"), "gift_card_currency").await;
    shop.post(&shop.admin, "/v1/gift-cards", body).await.refused(409, "gift_card_code_taken");
    let unknown = pay(&shop, &order, &json!("NOBODY-HAS-THIS-1"), None).await;
    unknown.refused(422, "unknown_gift_card");
    assert_eq!(unknown.body["errors"][0]["pointer"], "#/method");
    pay(&shop, &order, &json!("short"), None).await.refused(422, "unknown_gift_card");
    let end = json!({ "expires_at": null });
    shop.patch(&shop.admin, &at_card, end, Some(4)).await.ok();
    pay(&shop, &order, &gift["code"], None).await.ok();
    assert_eq!(read(&shop, &order).await["status"], "confirmed");
}

#[actix_web::test]
async fn what_is_on_a_gift_card_is_adjusted_with_a_reason_and_never_below_what_is_held() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let gift = issued(&shop, 1_200).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    pay(&shop, &order, &gift["code"], None).await.ok();
    let adjust = format!("/v1/gift-cards/{}/adjust", gift["id"].as_str().unwrap());
    let by = |delta: i64| json!({ "delta_minor": delta, "reason": "sold by mistake" });
    let refused = shop.post(&shop.admin, &adjust, by(-201)).await;
    refused.refused(409, "gift_card_overdrawn");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/delta_minor");
    shop.post(&shop.admin, &adjust, by(-200)).await.ok();
    assert_eq!(balance(&shop, &gift).await, [1_000, 1_000, 0]);
    shop.post(&shop.admin, &adjust, by(0)).await.refused(422, "invalid_body");
    shop.post(&shop.admin, &adjust, by(1_000_000_000_000)).await.refused(422, "amount_overflow");
    let many = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }],
                       "payment": { "gateway": "gift_card", "method": "nobodys-card-1" } });
    let order = read(&shop, &order).await;
    let refused = shop.patch(&shop.admin, &path(&order, ""), many, order["version"].as_i64()).await;
    refused.refused(422, "unknown_gift_card");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/payment/method");
    let more = shop.post(&shop.admin, &adjust, by(500)).await.ok();
    assert_eq!(more["available"]["amount_minor"], 500);
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let asked = json!({ "code": gift["code"] });
    let seen = shop.post(&till, "/v1/gift-cards/lookup", asked.clone()).await.ok();
    assert_eq!((&seen["available"]["amount_minor"], &seen["code"]), (&json!(500), &json!(null)));
    shop.post(&till, &adjust, by(500)).await.refused(403, "forbidden");
    shop.post(&till, "/v1/gift-cards", json!({ "currency": "EUR", "amount_minor": 1 })).await.refused(403, "forbidden");
    let nobody = shop.post(&till, "/v1/gift-cards/lookup", json!({ "code": "AAAABBBBCCCC" })).await;
    nobody.refused(422, "unknown_gift_card");
    let path = format!("/v1/gift-cards?last_letters={}", gift["last_letters"].as_str().unwrap());
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["data"][0]["id"], gift["id"]);
    let past = json!({ "currency": "EUR", "amount_minor": 1, "expires_at": "2020-01-01T00:00:00Z" });
    let refused = shop.post(&shop.admin, "/v1/gift-cards", past).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/expires_at", "{refused:?}");
}

#[actix_web::test]
async fn a_retried_issue_and_a_retried_payment_are_done_once() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let body = json!({ "currency": "EUR", "amount_minor": 1_000 });
    let first = shop.post_as(&shop.admin, "/v1/gift-cards", body.clone(), "one-card").await.ok();
    let again = shop.post_as(&shop.admin, "/v1/gift-cards", body, "one-card").await.ok();
    assert_eq!(first, again);
    assert_eq!(shop.database.count("gift_cards"), 1);
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let body = json!({ "gateway": "gift_card", "method": first["code"] });
    let one = shop.post_as(&shop.admin, &path(&order, "/payments"), body.clone(), "one-payment").await.ok();
    let two = shop.post_as(&shop.admin, &path(&order, "/payments"), body, "one-payment").await.ok();
    assert_eq!(one["id"], two["id"]);
    assert_eq!(balance(&shop, &first).await, [1_000, 1_000, 0]);
    pay(&shop, &order, &first["code"], None).await.refused(402, "payment_declined");
}

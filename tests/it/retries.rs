//! Retrying is always safe, and the answer is the same.
use crate::{
    feed::whole,
    support::{Shop, answer, order_body},
};
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn a_retry_gets_the_first_answer_byte_by_byte_even_when_stock_is_gone() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let body = order_body(&paris, "LIP-1", 3);
    let first = shop.post_as(&shop.admin, "/v1/orders", body.clone(), "till-7-0001").await;
    let again = shop.post_as(&shop.admin, "/v1/orders", body.clone(), "\"till-7-0001\"").await;
    assert_eq!(
        (again.status, again.header("idempotent-replayed"), again.header("etag")),
        (201, "true", first.header("etag"))
    );
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.body, first.body);
    shop.post_as(&shop.admin, "/v1/orders", body, "till-7-0002").await.refused(409, "out_of_stock");
    assert_eq!(shop.database.count("orders"), 1);
}

#[actix_web::test]
async fn a_retry_without_a_location_finds_its_order_when_stock_is_gone_and_the_variant_retired() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let body = json!({
        "channel": "web", "currency": "EUR", "customer": crate::support::home(),
        "lines": [{ "sku": "LIP-1", "quantity": 3 }],
    });
    let first = shop.post_as(&shop.admin, "/v1/orders", body.clone(), "k").await.ok();
    assert_eq!(first["location_id"], paris.as_str());
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, &format!("/v1/variants/{variant}/retire"), json!({})).await.ok();
    assert_eq!(shop.post_as(&shop.admin, "/v1/orders", body, "k").await.ok(), first);
}

#[actix_web::test]
async fn answers_are_kept_for_seven_days() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok();
    let kept = || shop.database.count("idempotency_keys where key = 'k'");
    shop.after(7 * 86_400 - 60).await;
    assert_eq!(kept(), 1);
    shop.after(120).await;
    assert_eq!(kept(), 0);
}

#[actix_web::test]
async fn a_key_used_for_another_request_is_refused() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok();
    shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 2), "k")
        .await
        .refused(422, "idempotency_key_reused");
    let reserve = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
    shop.post_as(&shop.admin, &format!("/v1/locations/{paris}/inventory/reserve"), reserve, "k")
        .await
        .refused(422, "idempotency_key_reused");
}

#[actix_web::test]
async fn keys_of_different_callers_never_meet() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let other = shop.sign_in("cashier", Some(&paris)).await;
    let mine = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok();
    let theirs = shop.post_as(&other, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok();
    assert_ne!(mine["id"], theirs["id"]);
}

#[actix_web::test]
async fn a_retry_after_the_right_was_lost_tells_nothing() {
    let shop = Shop::open_with(&[("COFFRET_ACCESS__GRANTS_CACHE_MS", "50")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let lyon = shop.location("LYON", 5).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let body = json!({
        "channel": "web", "currency": "EUR", "customer": crate::support::home(),
        "lines": [{ "sku": "LIP-1", "quantity": 1 }],
    });
    shop.post_as(&till, "/v1/orders", body.clone(), "k").await.ok();
    shop.database.run(&format!("update grants set location_id = '{lyon}' where location_id = '{paris}'"));
    let mut last = shop.post_as(&till, "/v1/orders", body.clone(), "k").await;
    for _ in 0..200 {
        last = shop.post_as(&till, "/v1/orders", body.clone(), "k").await;
        if last.status != 201 {
            break;
        }
    }
    last.refused(404, "not_found");
}

#[actix_web::test]
async fn where_a_key_is_required_it_is_asked_for_and_checked() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 30).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let id = order["id"].as_str().unwrap();
    for path in [
        "/v1/orders".into(),
        format!("/v1/orders/{id}/payments"),
        format!("/v1/orders/{id}/fulfill"),
        format!("/v1/locations/{paris}/inventory/reserve"),
    ] {
        let sent = shop.request(&shop.admin, Method::POST, &path).json(&json!({}));
        answer(sent).await.refused(400, "idempotency_key_missing");
    }
    let long = "k".repeat(256);
    for key in ["", "\"\"", &long, "schl\u{fc}ssel"] {
        let value = reqwest::header::HeaderValue::from_bytes(key.as_bytes()).unwrap();
        let sent = shop.request(&shop.admin, Method::POST, "/v1/orders").header("Idempotency-Key", value);
        answer(sent.json(&order_body(&paris, "LIP-1", 1))).await.refused(400, "idempotency_key_invalid");
    }
    assert_eq!(
        shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), &"k".repeat(255)).await.status,
        201
    );
}

#[actix_web::test]
async fn every_step_of_an_order_can_be_repeated_under_its_key() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let order = shop.placed(&paris, "LIP-1", 2).await;
    let id = order["id"].as_str().unwrap();
    for (rest, body, key) in
        [("payments", json!({ "gateway": "manual" }), "p"), ("fulfill", json!({}), "f"), ("deliver", json!({}), "d")]
    {
        let path = format!("/v1/orders/{id}/{rest}");
        let first = shop.post_as(&shop.admin, &path, body.clone(), key).await.ok();
        assert_eq!(shop.post_as(&shop.admin, &path, body, key).await.ok(), first);
    }
    assert_eq!(shop.database.count("payments"), 1);
    assert_eq!(shop.database.count("shipments"), 1);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 1);
}

#[actix_web::test]
async fn each_committed_change_has_its_event_and_each_refused_one_has_none() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    let id = order["id"].as_str().unwrap();
    let events = |kind: &str| {
        shop.database.count(&format!("outbox_events where event_type = '{kind}' and location_id = '{paris}'"))
    };
    assert_eq!(events("orders.order_placed.v1"), 1);
    assert_eq!(events("orders.order_confirmed.v1"), 1);
    assert_eq!(events("payments.payment_captured.v1"), 1);
    assert_eq!(events("inventory.stock_adjusted.v1"), 1);
    shop.post(&shop.admin, &format!("/v1/orders/{id}/payments"), json!({ "gateway": "manual" }))
        .await
        .refused(409, "order_not_pending");
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 9)).await.refused(409, "out_of_stock");
    assert_eq!(shop.database.count(&format!("outbox_events where aggregate_id = '{id}'")), 2);
    assert_eq!(events("orders.order_placed.v1"), 1);
    let told = whole(&shop, &shop.admin).await;
    assert!(
        told.len() >= 4 && told.iter().all(|event| !event.to_string().contains("Ada")),
        "customers are not told of"
    );
}

//! Orders that customers fetch at a store.
use crate::{
    payments::{card, path, sandbox},
    support::{Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

async fn paid(shop: &Shop, paris: &str) -> Value {
    let mut body = order_body(paris, "LIP-1", 2);
    (body["pickup"], body["channel"]) = (json!(true), json!("web"));
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    order
}

fn said(code: &Value) -> Value {
    json!({ "code": code })
}

async fn on_hand_and_available(shop: &Shop, paris: &str) -> (i64, i64) {
    let level = shop.level(paris, "LIP-1").await;
    (level["on_hand"].as_i64().unwrap(), level["quantity_available"].as_i64().unwrap())
}

#[actix_web::test]
async fn an_order_is_held_at_its_store_made_ready_and_handed_over_for_its_code() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let mut nowhere = order_body(&paris, "LIP-1", 2);
    (nowhere["pickup"], nowhere["location_id"]) = (json!(true), Value::Null);
    shop.post(&shop.admin, "/v1/orders", nowhere).await.refused(422, "invalid_body");
    let order = paid(&shop, &paris).await;
    assert_eq!(on_hand_and_available(&shop, &paris).await, (10, 8), "verified and held before it is confirmed");
    let collect = path(&order, "/pickup/collect");
    shop.post(&till, &collect, said(&json!("000000"))).await.refused(409, "pickup_not_ready");
    shop.post(&till, &path(&order, "/fulfill"), json!({})).await.refused(409, "order_is_pickup");
    let waiting = shop.get(&till, &format!("/v1/pickups?location_id={paris}")).await.ok();
    assert_eq!((&waiting["data"][0]["order"]["id"], &waiting["data"][0]["status"]), (&order["id"], &Value::Null));

    let ready = shop.post(&till, &path(&order, "/pickup/ready"), json!({})).await.ok();
    shop.post(&till, &path(&order, "/pickup/ready"), json!({})).await.refused(409, "pickup_ready");
    let waiting = shop.get(&till, "/v1/pickups").await.ok();
    assert_eq!(waiting["data"][0]["status"], "ready");
    assert!(!waiting.to_string().contains(ready["code"].as_str().unwrap()), "the code is the customer's");
    let done = shop.post(&till, &collect, said(&ready["code"])).await.ok();
    assert_eq!((&done["status"], &done["fulfillment_status"]), (&json!("delivered"), &json!("delivered")));
    assert_eq!(on_hand_and_available(&shop, &paris).await, (8, 8));
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2000, 2000, 0]);
    let parcel = &crate::payments::read(&shop, &order).await["shipments"][0];
    assert_eq!((&parcel["status"], parcel["delivered_at"].is_string()), (&json!("delivered"), true), "{parcel}");
    let again = json!({ "shipment_id": parcel["id"] });
    shop.post(&till, &path(&order, "/deliver"), again).await.refused(409, "order_already_delivered");
    shop.post(&till, &collect, said(&ready["code"])).await.refused(409, "pickup_not_ready");
    assert_eq!(shop.get(&till, "/v1/pickups").await.ok()["data"], json!([]));
}

#[actix_web::test]
async fn codes_cannot_be_guessed() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = paid(&shop, &paris).await;
    let ready = shop.post(&shop.admin, &path(&order, "/pickup/ready"), json!({})).await.ok();
    let collect = path(&order, "/pickup/collect");
    let other = if ready["code"] == "123456" { "654321" } else { "123456" };
    for n in 0..5 {
        let wrong = shop.post_as(&shop.admin, &collect, said(&json!(other)), &format!("w-{n}")).await;
        wrong.refused(409, "wrong_pickup_code");
        let again = shop.post_as(&shop.admin, &collect, said(&json!(other)), &format!("w-{n}")).await;
        assert_eq!(again.body["detail"], wrong.body["detail"], "a retry is no other try");
    }
    shop.post(&shop.admin, &collect, said(&ready["code"])).await.refused(409, "pickup_locked");
    let anew = shop.post(&shop.admin, &path(&order, "/pickup/ready"), json!({})).await.ok();
    shop.post(&shop.admin, &collect, said(&anew["code"])).await.ok();
    shop.post(&shop.admin, &collect, said(&json!("12"))).await.refused(422, "invalid_body");
}

#[actix_web::test]
async fn what_is_not_fetched_in_time_is_sold_to_others_and_its_price_given_up() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let (late, given_up) = (paid(&shop, &paris).await, paid(&shop, &paris).await);
    for order in [&late, &given_up] {
        shop.post(&shop.admin, &path(order, "/pickup/ready"), json!({})).await.ok();
    }
    shop.patch(&shop.admin, &path(&given_up, "/cancel"), json!({}), None).await.ok();
    assert_eq!(shop.database.count("pickups where status = 'canceled'"), 1);
    shop.after(604_700).await;
    assert_eq!(on_hand_and_available(&shop, &paris).await, (10, 8));
    shop.after(200).await;
    let order = shop.get(&shop.admin, &path(&late, "")).await.ok();
    assert_eq!((&order["status"], &order["cancel_reason"]), (&json!("canceled"), &json!("not fetched in time")));
    shop.after(1).await;
    assert_eq!((sandbox(&shop), on_hand_and_available(&shop, &paris).await), ([0, 0, 0], (10, 10)));
    shop.post(&shop.admin, &path(&late, "/pickup/ready"), json!({})).await.refused(409, "order_canceled");
}

#[actix_web::test]
async fn an_order_whose_goods_are_not_there_is_not_ready() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let order = paid(&shop, &paris).await;
    shop.post(&shop.admin, "/v1/pos/sales", crate::tills::sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    shop.post(&shop.admin, &path(&order, "/pickup/ready"), json!({})).await.refused(409, "not_on_hand");
}

#[actix_web::test]
async fn what_is_fetched_somewhere_is_fetched_there_or_nowhere() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let lyon = shop.location("LYON", 50).await;
    shop.stock(&lyon, "LIP-1", 5).await;
    let (waits, rejected) = (paid(&shop, &paris).await, {
        shop.stock(&paris, "LIP-1", 2).await;
        paid(&shop, &paris).await
    });
    shop.post(&shop.admin, &path(&rejected, "/pickup/ready"), json!({})).await.ok();
    let no = json!({ "location_id": paris, "reason": "damaged" });
    let over = shop.post(&shop.admin, &path(&rejected, "/reject"), no).await.ok();
    assert_eq!(over["status"], "canceled");
    assert_eq!(shop.database.count("pickups where status = 'canceled'"), 1);
    shop.post(&shop.admin, "/v1/pos/sales", crate::tills::sale(&shop, &paris, "LIP-1", 2, 0)).await.ok();
    shop.after(1).await;
    let waits = shop.get(&shop.admin, &path(&waits, "")).await.ok();
    assert_eq!((&waits["location_id"], &waits["status"]), (&json!(paris), &json!("confirmed")));
    shop.after(604_900).await;
    assert_eq!(shop.after(1).await, 0, "nothing stumbles over what is over");
}

#[actix_web::test]
async fn of_64_who_say_the_code_one_gets_the_goods() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = paid(&shop, &paris).await;
    let readied = all_at_once(|_| {
        let (shop, order) = (shop.clone(), order.clone());
        async move { shop.post(&shop.admin, &path(&order, "/pickup/ready"), json!({})).await }
    })
    .await;
    let codes: Vec<_> = readied.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(codes.len(), 1, "{readied:?}");
    let code = codes[0].body["code"].clone();
    let fetched = all_at_once(|_| {
        let (shop, order, code) = (shop.clone(), order.clone(), code.clone());
        async move { shop.post(&shop.admin, &path(&order, "/pickup/collect"), said(&code)).await.status }
    })
    .await;
    assert_eq!(fetched.iter().filter(|status| **status == 200).count(), 1);
    assert_eq!(on_hand_and_available(&shop, &paris).await, (8, 8));
}

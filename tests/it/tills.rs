//! Sales at tills: told when they are over, with a network or after an hour without.
use crate::{
    payments::path,
    support::{Shop, all_at_once},
};
use serde_json::{Value, json};
use std::rc::Rc;
use uuid::Uuid;

pub fn sale(shop: &Shop, location: &str, sku: &str, quantity: i32, seconds_ago: i64) -> Value {
    let at = shop.clock.now() - chrono::Duration::seconds(seconds_ago);
    json!({ "location_id": location, "client_id": Uuid::now_v7(), "occurred_at": at.to_rfc3339(), "currency": "EUR",
            "lines": [{ "sku": sku, "quantity": quantity }], "payment_reference": "T-1" })
}

async fn counters(shop: &Shop, location: &str) -> [i64; 4] {
    let level = shop.level(location, "LIP-1").await;
    let [on_hand, allocated, reserved, available, beyond] =
        ["on_hand", "allocated", "reserved", "quantity_available", "backordered"]
            .map(|counter| level[counter].as_i64().unwrap());
    [on_hand, allocated, reserved, available - beyond]
}

#[actix_web::test]
async fn a_sale_is_told_once_and_is_over() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let body = sale(&shop, &paris, "LIP-1", 3, 0);
    let made = shop.post(&till, "/v1/pos/sales", body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let order = made.body;
    assert_eq!(
        (&order["status"], &order["payment_status"], &order["channel"]),
        (&json!("delivered"), &json!("paid"), &json!("pos"))
    );
    assert_eq!((&order["total"]["amount_minor"], &order["external_ref"]), (&json!(3000), &body["client_id"]));
    assert_eq!(counters(&shop, &paris).await, [7, 0, 0, 7]);
    let again = shop.post(&till, "/v1/pos/sales", body).await;
    assert_eq!((again.status, &again.body["id"]), (200, &order["id"]), "known by its client id, whatever the key");
    assert_eq!((shop.database.count("orders"), shop.database.count("payments")), (1, 1));
    assert_eq!(shop.database.count("stock_moves where reason = 'sale'"), 1);

    let mut cheap = sale(&shop, &paris, "LIP-1", 2, 5);
    cheap["lines"][0]["unit_price_minor"] = json!(750);
    assert_eq!(
        shop.post(&till, "/v1/pos/sales", cheap).await.ok()["total"]["amount_minor"],
        1500,
        "what the till took counts"
    );
    let gift = json!([{ "sku": "LIP-1", "quantity": 1, "unit_price_minor": 0 }]);
    let mut free = sale(&shop, &paris, "LIP-1", 1, 5);
    free["lines"] = gift;
    assert_eq!(shop.post(&till, "/v1/pos/sales", free).await.ok()["status"], "delivered");
}

#[actix_web::test]
async fn what_cannot_have_happened_is_refused() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 50).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    shop.post(&till, "/v1/pos/sales", sale(&shop, &lyon, "LIP-1", 1, 0)).await.refused(404, "not_found");
    shop.post(&till, "/v1/pos/sales", sale(&shop, &paris, "NOTHING", 1, 0)).await.refused(422, "unknown_sku");
    let mut negative = sale(&shop, &paris, "LIP-1", 1, 0);
    negative["lines"][0]["unit_price_minor"] = json!(-1);
    shop.post(&till, "/v1/pos/sales", negative).await.refused(422, "invalid_body");
    let known = sale(&shop, &paris, "LIP-1", 1, 0);
    shop.post(&till, "/v1/pos/sales", known.clone()).await.ok();
    let mut elsewhere = known;
    elsewhere["location_id"] = json!(lyon);
    let other = shop.post(&shop.admin, "/v1/pos/sales", elsewhere).await.ok();
    assert_eq!((&other["marks"], &other["conflict_with"]), (&json!(["client_id_reused"]), &Value::Null));
    let support = shop.sign_in("support", None).await;
    shop.post(&support, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await.refused(403, "forbidden");
    assert_eq!(shop.database.count("orders"), 2);
}

#[actix_web::test]
async fn what_the_books_do_not_have_has_left_the_shop_all_the_same() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 5, 0)).await.ok();
    assert_eq!(counters(&shop, &paris).await, [0, 0, 0, 0]);
    assert_eq!(shop.database.count("stock_moves where reason = 'found' and quantity = 3"), 1);
    shop.variant("LIP-2").await;
    shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-2", 1, 0)).await.ok();
    assert_eq!(shop.database.count("stock_moves where reason = 'sale'"), 2);
}

#[actix_web::test]
async fn sales_of_an_hour_without_a_network_are_told_in_the_order_in_which_they_happened() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let sales = [
        sale(&shop, &paris, "LIP-1", 1, 600),
        sale(&shop, &paris, "NOTHING", 1, 1800),
        sale(&shop, &paris, "LIP-1", 2, 3600),
    ];
    let told = shop.post(&till, "/v1/pos/sync", json!({ "sales": sales })).await.ok();
    let results: Vec<_> =
        told["results"].as_array().unwrap().iter().map(|r| (&r["client_id"], r["status"].as_str().unwrap())).collect();
    let ids = [&sales[2]["client_id"], &sales[1]["client_id"], &sales[0]["client_id"]];
    assert_eq!(results, [(ids[0], "recorded"), (ids[1], "refused"), (ids[2], "recorded")]);
    assert_eq!(told["results"][1]["code"], "unknown_sku");
    assert!(told["results"][0]["number"].as_i64() < told["results"][2]["number"].as_i64());
    let again = shop.post(&till, "/v1/pos/sync", json!({ "sales": sales })).await.ok();
    assert_eq!(
        (&again["results"][0]["status"], &again["results"][0]["order_id"]),
        (&json!("known"), &told["results"][0]["order_id"])
    );
    assert_eq!(counters(&shop, &paris).await, [7, 0, 0, 7]);
    let moved = "stock_moves where reason = 'sale' and occurred_at < recorded_at - interval '9 minutes'";
    assert_eq!(shop.database.count(moved), 2, "the ledger says when it happened");
}

async fn web_order(shop: &Shop, location: &str, quantity: i64) -> Value {
    shop.clock.advance(chrono::Duration::seconds(1));
    shop.paid(location, "LIP-1", quantity).await
}

#[actix_web::test]
async fn whoever_was_promised_what_a_till_has_sold_is_served_from_elsewhere_the_youngest_first() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 50).await;
    shop.stock(&lyon, "LIP-1", 3).await;
    let (old, young) = (web_order(&shop, &paris, 4).await, web_order(&shop, &paris, 3).await);
    shop.post(&shop.admin, "/v1/pos/sync", json!({ "sales": [sale(&shop, &paris, "LIP-1", 5, 900)] })).await.ok();
    assert_eq!(counters(&shop, &paris).await, [5, 7, 0, -2]);
    assert_eq!(shop.after(1).await, 1);
    let read = async |order: &Value| shop.get(&shop.admin, &path(order, "")).await.ok();
    assert_eq!((&read(&old).await["location_id"], &read(&young).await["location_id"]), (&json!(paris), &json!(lyon)));
    assert_eq!((counters(&shop, &paris).await, counters(&shop, &lyon).await), ([5, 4, 0, 1], [3, 3, 0, 0]));
    shop.post(&shop.admin, &path(&young, "/fulfill"), json!({})).await.ok();

    shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 3, 0)).await.ok();
    assert_eq!(shop.after(1).await, 0, "no other place has it");
    assert_eq!(counters(&shop, &paris).await, [2, 4, 0, -2]);
    let told = shop.get(&shop.admin, &path(&old, "/events")).await.ok();
    let last = told["data"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["event"], "short", "{told}");
    shop.after(60).await;
    let still = shop.get(&shop.admin, &path(&old, "/events")).await.ok();
    assert_eq!(still, told, "it is left alone for a while");
    shop.stock(&lyon, "LIP-1", 4).await;
    assert_eq!(shop.after(600).await, 1);
    assert_eq!(read(&old).await["location_id"], json!(lyon));
}

#[actix_web::test]
async fn of_64_tellings_of_one_sale_one_is_booked() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let body = sale(&shop, &paris, "LIP-1", 1, 0);
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), body.clone());
        async move { shop.post(&shop.admin, "/v1/pos/sales", body).await }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.body["id"] == answers[0].body["id"]), "{answers:?}");
    assert_eq!((shop.database.count("orders"), counters(&shop, &paris).await), (1, [9, 0, 0, 9]));
}

#[actix_web::test]
async fn a_marketplace_order_is_confirmed_at_once_and_exists_once_in_its_channel() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_ORDERS__BUFFER_MARKETPLACE", "2")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let body = |channel: &str, name: &str, quantity: i32| {
        json!({ "channel": channel, "currency": "EUR", "customer": crate::support::home(),
                "external_ref": name, "location_id": paris,
                "settled_outside": channel == "marketplace", "lines": [{ "sku": "LIP-1", "quantity": quantity }] })
    };
    let answers = all_at_once(|_| {
        let (shop, body) = (shop.clone(), body("marketplace", "AMZ-1", 3));
        async move { shop.post(&shop.admin, "/v1/orders", body).await }
    })
    .await;
    let made: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(made.len(), 1, "{answers:?}");
    assert!(answers.iter().filter(|a| a.status != 201).all(|a| a.code() == "external_ref_taken"), "{answers:?}");
    let order = made[0].body.clone();
    assert_eq!(
        (&order["status"], &order["payment_status"], &order["external_ref"]),
        (&json!("confirmed"), &json!("paid"), &json!("AMZ-1"))
    );
    assert_eq!(shop.database.count("payments where gateway = 'external' and captured_minor = 3000"), 1);
    shop.post(&shop.admin, "/v1/orders", body("web", "AMZ-1", 1)).await.ok();
    assert_eq!(counters(&shop, &paris).await, [10, 3, 1, 6]);
    shop.post(&shop.admin, "/v1/orders", body("marketplace", "AMZ-2", 5)).await.refused(409, "out_of_stock");
    shop.post(&shop.admin, "/v1/orders", body("marketplace", "AMZ-2", 4)).await.ok();
    shop.post(&shop.admin, "/v1/orders", body("web", "W-2", 2)).await.ok();

    let mut outside = body("web", "W-3", 1);
    outside["settled_outside"] = json!(true);
    shop.post(&shop.admin, "/v1/orders", outside).await.refused(422, "invalid_body");
    let canceled = shop.patch(&shop.admin, &path(&order, "/cancel"), json!({}), None).await.ok();
    assert_eq!((&canceled["status"], &canceled["paid"]["amount_minor"]), (&json!("canceled"), &json!(0)));
}

#[actix_web::test]
async fn a_sale_that_is_told_of_a_closed_location_is_taken_and_marked() {
    let shop = Shop::open().await;
    shop.variant("LIP-1").await;
    let lyon = shop.location("LYON", 200).await;
    let version = shop.get(&shop.admin, &format!("/v1/locations/{lyon}")).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &format!("/v1/locations/{lyon}"), json!({ "closed": true }), version).await.ok();
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &lyon, "LIP-1", 1, 600)).await.ok();
    assert_eq!((&sold["status"], &sold["marks"]), (&json!("delivered"), &json!(["closed_location"])));
    let query = "{ orders(first: 1) { edges { node { marks } } } }";
    let seen = shop.graphql(&shop.admin, query, Value::Null).await;
    assert_eq!(seen["data"]["orders"]["edges"][0]["node"]["marks"], json!(["CLOSED_LOCATION"]), "{seen}");
}

//! Orders that are filled from several places.
use crate::support::{Shop, all_at_once};
use serde_json::{Value, json};
use std::rc::Rc;

fn web(lines: Value) -> Value {
    json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines })
}

fn path(order: &Value, rest: &str) -> String {
    format!("/v1/orders/{}{rest}", order["id"].as_str().unwrap())
}

/// Three places by priority: 10 of LIP-1, 15 of LIP-1, and 5 of LIP-2 with 1 of LIP-1.
async fn three(shop: &Shop) -> [String; 3] {
    for sku in ["LIP-1", "LIP-2"] {
        shop.variant(sku).await;
    }
    let places = [shop.location("A", 10).await, shop.location("B", 20).await, shop.location("C", 30).await];
    shop.stock(&places[0], "LIP-1", 10).await;
    shop.stock(&places[1], "LIP-1", 15).await;
    shop.stock(&places[2], "LIP-2", 5).await;
    shop.stock(&places[2], "LIP-1", 1).await;
    places
}

async fn counters(shop: &Shop, places: &[String; 3], sku: &str, counter: &str) -> Vec<i64> {
    let mut found = vec![];
    for place in places {
        let levels = shop.get(&shop.admin, &format!("/v1/locations/{place}/inventory")).await.ok();
        let level = levels["data"].as_array().unwrap().iter().find(|level| level["sku"] == sku);
        found.push(level.map_or(0, |level| level[counter].as_i64().unwrap()));
    }
    found
}

#[actix_web::test]
async fn what_no_place_has_whole_comes_from_the_fewest_that_do_and_leaves_part_by_part() {
    let shop = Shop::open().await;
    let places = three(&shop).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 13 }, { "sku": "LIP-2", "quantity": 2 }]);
    let order = shop.post(&shop.admin, "/v1/orders", web(lines)).await.ok();
    assert_eq!(order["location_ids"], json!([places[1], places[2]]));
    assert_eq!(counters(&shop, &places, "LIP-1", "reserved").await, [0, 13, 0]);
    assert_eq!(counters(&shop, &places, "LIP-2", "reserved").await, [0, 0, 2]);
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    assert_eq!(counters(&shop, &places, "LIP-1", "allocated").await, [0, 13, 0]);

    let told = shop.get(&shop.admin, &path(&order, "/sourcing")).await.ok()["data"][0].clone();
    assert_eq!(told["strategy"], "fewest_parcels");
    let candidates: Vec<_> =
        told["candidates"].as_array().unwrap().iter().map(|c| (&c["units"], &c["chosen"])).collect();
    assert_eq!(candidates, [(&json!(10), &json!(false)), (&json!(13), &json!(true)), (&json!(3), &json!(true))]);

    let [_, b, c] = &places;
    let (at_b, at_c) = (shop.sign_in("store_manager", Some(b)).await, shop.sign_in("store_manager", Some(c)).await);
    let elsewhere = shop.sign_in("store_manager", Some(&places[0])).await;
    shop.get(&elsewhere, &path(&order, "")).await.refused(404, "not_found");
    let listed = shop.get(&at_c, &format!("/v1/orders?location_id={c}")).await.ok();
    assert_eq!(listed["data"][0]["id"], order["id"]);
    let picks = shop.get(&at_c, &path(&order, "/picks")).await.ok()["data"].clone();
    assert_eq!((picks.as_array().unwrap().len(), &picks[0]["sku"]), (1, &json!("LIP-2")));

    shop.post(&at_c, &path(&order, "/fulfill"), json!({})).await.refused(403, "forbidden");
    shop.post(&at_c, &path(&order, "/fulfill"), json!({ "location_id": b })).await.refused(404, "not_found");
    let part = shop.post(&at_c, &path(&order, "/fulfill"), json!({ "location_id": c })).await.ok();
    assert_eq!((&part["status"], &part["fulfillment_status"]), (&json!("processing"), &json!("partially_shipped")));
    assert_eq!(part["shipments"][0]["location_id"], json!(c));
    shop.post(&at_c, &path(&order, "/fulfill"), json!({ "location_id": c }))
        .await
        .refused(409, "order_already_shipped");
    shop.patch(&shop.admin, &path(&order, "/cancel"), json!({}), None).await.refused(409, "order_already_shipped");
    shop.post(&shop.admin, &path(&order, "/deliver"), json!({})).await.refused(409, "order_not_shipped");
    let all = shop.post(&at_b, &path(&order, "/fulfill"), json!({ "location_id": b })).await.ok();
    assert_eq!((&all["status"], &all["fulfillment_status"]), (&json!("shipped"), &json!("shipped")));
    assert_eq!(all["shipments"].as_array().unwrap().len(), 2);
    assert_eq!(counters(&shop, &places, "LIP-1", "on_hand").await, [10, 2, 1]);
    assert_eq!(counters(&shop, &places, "LIP-2", "on_hand").await, [0, 0, 3]);
    shop.post(&at_b, &path(&order, "/deliver"), json!({})).await.refused(403, "forbidden");
    let parcel_of = |place: &String| {
        let parcels = all["shipments"].as_array().unwrap();
        parcels.iter().find(|parcel| parcel["location_id"] == json!(place)).unwrap()["id"].clone()
    };
    let foreign = json!({ "shipment_id": parcel_of(c) });
    shop.post(&at_b, &path(&order, "/deliver"), foreign.clone()).await.refused(404, "not_found");
    shop.post(&at_b, &path(&order, "/deliver"), json!({ "shipment_id": parcel_of(b) })).await.ok();
    let done = shop.post(&at_c, &path(&order, "/deliver"), foreign).await.ok();
    assert_eq!(done["fulfillment_status"], "delivered");
}

#[actix_web::test]
async fn a_divided_order_leaves_whole_when_no_place_is_named() {
    let shop = Shop::open().await;
    let places = three(&shop).await;
    let order = shop.post(&shop.admin, "/v1/orders", web(json!([{ "sku": "LIP-1", "quantity": 20 }]))).await.ok();
    assert_eq!(order["location_ids"], json!([places[0], places[1]]));
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    let stranger = json!({ "location_id": places[2] });
    shop.post(&shop.admin, &path(&order, "/fulfill"), stranger).await.refused(422, "not_on_document");
    let sent = shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    assert_eq!((&sent["status"], sent["shipments"].as_array().unwrap().len()), (&json!("shipped"), 2));
    assert_eq!(counters(&shop, &places, "LIP-1", "on_hand").await, [0, 5, 1]);
}

#[actix_web::test]
async fn a_divided_order_that_ends_gives_everything_back_everywhere() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let places = three(&shop).await;
    let lines = || web(json!([{ "sku": "LIP-1", "quantity": 20 }]));
    let held = shop.post(&shop.admin, "/v1/orders", lines()).await.ok();
    let at_a = shop.sign_in("store_manager", Some(&places[0])).await;
    shop.patch(&at_a, &path(&held, "/cancel"), json!({}), None).await.refused(404, "not_found");
    shop.patch(&shop.admin, &path(&held, "/cancel"), json!({}), None).await.ok();
    assert_eq!(counters(&shop, &places, "LIP-1", "quantity_available").await, [10, 15, 1]);
    let paid = shop.post(&shop.admin, "/v1/orders", lines()).await.ok();
    shop.post(&shop.admin, &path(&paid, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.patch(&shop.admin, &path(&paid, "/cancel"), json!({}), None).await.ok();
    assert_eq!(counters(&shop, &places, "LIP-1", "quantity_available").await, [10, 15, 1]);
    let late = shop.post(&shop.admin, "/v1/orders", lines()).await.ok();
    shop.after(90).await;
    let rest = json!({ "gateway": "sandbox", "method": "tok_3ds" });
    shop.post(&shop.admin, &path(&late, "/payments"), rest).await.ok();
    shop.after(90).await;
    let stands = shop.get(&shop.admin, &path(&late, "")).await.ok();
    assert_eq!(stands["status"], "pending", "whoever pays the rest is given time at both places");
    shop.patch(&shop.admin, &path(&late, "/cancel"), json!({}), None).await.ok();
    assert_eq!(counters(&shop, &places, "LIP-1", "quantity_available").await, [10, 15, 1]);
}

#[actix_web::test]
async fn the_last_units_of_several_places_are_sold_exactly_once_in_a_race() {
    let shop = Rc::new(Shop::open().await);
    shop.variant("LIP-1").await;
    let places = [shop.location("A", 10).await, shop.location("B", 20).await, shop.location("C", 30).await];
    for (place, units) in places.iter().zip([11, 11, 10]) {
        shop.stock(place, "LIP-1", units).await;
    }
    let outcomes = all_at_once(|_| {
        let shop = shop.clone();
        let body = web(json!([{ "sku": "LIP-1", "quantity": 2 }]));
        async move { shop.post(&shop.admin, "/v1/orders", body).await.status }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|status| **status == 201).count(), 16);
    assert!(outcomes.iter().all(|status| [201, 409].contains(status)), "{outcomes:?}");
    assert_eq!(counters(&shop, &places, "LIP-1", "quantity_available").await, [0, 0, 0]);
    assert_eq!(shop.database.count("orders where also_from <> '{}'"), 1);
}

#[actix_web::test]
async fn the_decision_about_an_order_tells_no_stock_of_locations_that_the_reader_may_not_read() {
    let shop = Shop::open().await;
    let places = three(&shop).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 13 }, { "sku": "LIP-2", "quantity": 2 }]);
    let order = shop.post(&shop.admin, "/v1/orders", web(lines)).await.ok();
    let at_b = shop.sign_in("cashier", Some(&places[1])).await;
    let told = shop.get(&at_b, &path(&order, "/sourcing")).await.ok();
    let text = told.to_string();
    assert!(text.contains(&places[1]) && !text.contains(&places[0]) && !text.contains(&places[2]), "{text}");
    let all = shop.get(&shop.admin, &path(&order, "/sourcing")).await.ok();
    assert_eq!(all["data"][0]["candidates"].as_array().unwrap().len(), 3);
}

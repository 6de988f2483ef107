//! Unmet demand: what was asked for and was not there.
use crate::support::{Shop, all_at_once, order_body};
use serde_json::{Value, json};
use std::rc::Rc;

async fn counters(shop: &Shop, query: &str) -> Vec<Value> {
    shop.app.jobs.inventory().flush_unmet().await.unwrap();
    let listed = shop.get(&shop.admin, &format!("/v1/unmet-demand{query}")).await.ok();
    listed["data"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn what_a_sold_out_storm_lacked_is_counted_and_each_refusal_writes_nothing() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let outbox = shop.database.count("outbox_events");
    for _ in 0..10 {
        let answers = all_at_once(|_| {
            let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 13));
            async move { shop.post(&shop.admin, "/v1/orders", body).await.status }
        })
        .await;
        assert!(answers.iter().all(|status| *status == 409), "{answers:?}");
    }
    assert_eq!((shop.database.count("unmet_demand"), shop.database.count("outbox_events")), (0, outbox));
    let counted = counters(&shop, "").await;
    let requests: i64 = counted.iter().map(|row| row["requests"].as_i64().unwrap()).sum();
    let units: i64 = counted.iter().map(|row| row["units"].as_i64().unwrap()).sum();
    assert_eq!((requests, units), (640, 1920), "3 of 13 were missing each time");
    assert_eq!((&counted[0]["sku"], &counted[0]["location_id"]), (&json!("LIP-1"), &json!(paris)));
    assert_eq!(counted[0]["channel"], "pos");
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 11)).await.refused(409, "out_of_stock");
    let counted = counters(&shop, "").await;
    let units: i64 = counted.iter().map(|row| row["units"].as_i64().unwrap()).sum();
    assert_eq!(units, 1921, "what is written later adds up");
}

#[actix_web::test]
async fn demand_without_a_location_and_of_reservations_is_counted_for_those_who_may_see_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 4).await;
    let lyon = shop.location("LYON", 50).await;
    shop.variant("LIP-2").await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-2", "quantity": 5 }]);
    let web = json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines });
    shop.post(&shop.admin, "/v1/orders", web).await.refused(409, "out_of_stock");
    let hold = json!({ "lines": [{ "sku": "LIP-1", "quantity": 6 }] });
    let reserve = format!("/v1/locations/{paris}/inventory/reserve");
    shop.post(&shop.admin, &reserve, hold).await.refused(409, "out_of_stock");
    let seen = counters(&shop, "?channel=web").await;
    let of: Vec<_> = seen.iter().map(|row| (&row["sku"], &row["units"], &row["location_id"])).collect();
    assert_eq!(of, [(&json!("LIP-2"), &json!(5), &Value::Null)], "only what was short");
    let at_paris = shop.sign_in("store_manager", Some(&paris)).await;
    let listed = shop.get(&at_paris, "/v1/unmet-demand").await.ok();
    let of: Vec<_> = listed["data"].as_array().unwrap().iter().map(|row| (&row["sku"], &row["units"])).collect();
    assert_eq!(of, [(&json!("LIP-1"), &json!(2))]);
    let elsewhere = format!("/v1/unmet-demand?location_id={lyon}");
    shop.get(&at_paris, &elsewhere).await.refused(404, "not_found");
    assert_eq!(counters(&shop, "?sku=lip-2&from=2020-01-01T00:00:00Z").await.len(), 1);
    assert_eq!(counters(&shop, "?to=2020-01-01T00:00:00Z").await.len(), 0);
    shop.get(&shop.admin, "/v1/unmet-demand?sku=NO-1").await.refused(422, "unknown_sku");
}

#[actix_web::test]
async fn lines_of_one_sku_lack_what_is_missing_once() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let mut order = order_body(&paris, "LIP-1", 2);
    order["lines"] = json!([{ "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-1", "quantity": 3 }]);
    let refused = shop.post(&shop.admin, "/v1/orders", order).await;
    refused.refused(409, "out_of_stock");
    assert!(
        refused.body["detail"].as_str().unwrap().contains("2 of LIP-1 (5 in all lines): 2 available"),
        "{}",
        refused.body
    );
    let counted = counters(&shop, "").await;
    assert_eq!((&counted[0]["requests"], &counted[0]["units"]), (&json!(1), &json!(3)));
}

#[actix_web::test]
async fn whoever_may_sell_from_one_location_alone_has_asked_for_it_there() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let mut order = order_body(&paris, "LIP-1", 3);
    order.as_object_mut().unwrap().remove("location_id");
    shop.post(&till, "/v1/orders", order).await.refused(409, "out_of_stock");
    assert_eq!(counters(&shop, "").await[0]["location_id"], json!(paris));
}

//! Lots: what expires first is picked first, what has expired or was recalled is sold nowhere.
use crate::{
    feed::whole,
    support::{
        Shop, all_at_once,
        together::{locked, until},
    },
};
use serde_json::{Value, json};
use std::rc::Rc;

async fn place(shop: &Shop) -> String {
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    paris
}

fn day(shop: &Shop, days: i64) -> String {
    (shop.clock.now().date_naive() + chrono::Duration::days(days)).to_string()
}

fn picks(answer: &Value) -> Vec<(String, i64)> {
    let lots = answer["data"][0]["lots"].as_array().unwrap().iter();
    lots.map(|lot| (lot["lot"].as_str().unwrap_or("-").to_owned(), lot["units"].as_i64().unwrap())).collect()
}

#[actix_web::test]
async fn an_order_is_picked_first_expired_first_and_another_choice_is_told() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    shop.stock(&paris, "LIP-1", 3).await;
    shop.lot(&paris, "LIP-1", ("LATE", &day(&shop, 400)), 5).await;
    shop.lot(&paris, "LIP-1", ("SOON", &day(&shop, 90)), 2).await;
    let order = shop.paid(&paris, "LIP-1", 9).await;
    let id = order["id"].as_str().unwrap();
    let proposed = shop.get(&shop.admin, &format!("/v1/orders/{id}/picks")).await.ok();
    assert_eq!(picks(&proposed), [("SOON".into(), 2), ("LATE".into(), 5), ("-".into(), 2)]);
    shop.post(&shop.admin, &format!("/v1/orders/{id}/fulfill"), json!({})).await.ok();
    assert_eq!(shop.database.count("stock_moves where reason = 'sale'"), 3);
    shop.lot(&paris, "LIP-1", ("SOON", &day(&shop, 90)), 2).await;
    shop.lot(&paris, "LIP-1", ("LATE", &day(&shop, 400)), 2).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    let path = format!("/v1/orders/{}/fulfill", order["id"].as_str().unwrap());
    let late = |units: i32| json!([{ "sku": "LIP-1", "lot": "LATE", "quantity": units }]);
    shop.post(&shop.admin, &path, json!({ "picks": late(2) })).await.refused(422, "invalid_body");
    let short = json!({ "picks": late(1), "pick_reason": "gift" });
    shop.post(&shop.admin, &path, short).await.refused(422, "invalid_body");
    shop.post(&shop.admin, &path, json!({ "picks": late(2), "pick_reason": "gift" })).await.ok();
    let told = whole(&shop, &shop.admin).await;
    let told: Vec<_> = told.iter().filter(|event| event["type"] == "inventory.fefo_overridden.v1").collect();
    assert!(told.len() == 1 && told[0].to_string().contains("gift"), "{told:?}");
}

#[actix_web::test]
async fn goods_leave_what_is_available_on_their_day_and_what_was_promised_of_them_is_uncovered() {
    let shop = Shop::open_for_long().await;
    let paris = place(&shop).await;
    shop.lot(&paris, "LIP-1", ("SOON", &day(&shop, 2)), 6).await;
    shop.lot(&paris, "LIP-1", ("LATE", &day(&shop, 400)), 3).await;
    shop.paid(&paris, "LIP-1", 5).await;
    assert_eq!(shop.after(86_400).await, 0, "it is good through its last day");
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 4);
    assert_eq!(shop.after(3 * 86_400).await, 1);
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(
        [
            &level["on_hand"],
            &level["expired"],
            &level["allocated"],
            &level["backordered"],
            &level["quantity_available"]
        ],
        [&json!(9), &json!(6), &json!(5), &json!(2), &json!(0)]
    );
    shop.post(&shop.admin, "/v1/orders", crate::support::order_body(&paris, "LIP-1", 1))
        .await
        .refused(409, "out_of_stock");
    assert_eq!(shop.database.count("outbox_events where event_type = 'inventory.goods_withdrawn.v1'"), 1);
    shop.stock(&paris, "LIP-1", 4).await;
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["uncovered"], &level["quantity_available"]), (&json!(0), &json!(2)));
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let back = |lot: Value| json!({ "delta": -6, "state": "expired", "reason": "restock", "lot": lot });
    shop.patch(&shop.admin, &path, back(Value::Null), None).await.refused(422, "lot_required");
    shop.patch(&shop.admin, &path, back(json!("SOON")), None).await.refused(409, "lot_blocked");
}

#[actix_web::test]
async fn a_recall_freezes_a_lot_everywhere_while_it_is_sold_and_moved() {
    let shop = Rc::new(Shop::open().await);
    let paris = place(&shop).await;
    let lyon = shop.location("LYON", 2).await;
    let lot = shop.lot(&paris, "LIP-1", ("BAD", "2031-01-31"), 40).await;
    shop.lot(&lyon, "LIP-1", ("BAD", "2031-01-31"), 40).await;
    let way = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 5 }])).await;
    shop.step("transfers", &way, "ready", json!({})).await.ok();
    shop.step("transfers", &way, "ship", json!({})).await.ok();
    let mut orders = vec![];
    for _ in 0..32 {
        orders.push(shop.paid(&paris, "LIP-1", 1).await["id"].as_str().unwrap().to_owned());
    }
    let orders = Rc::new(orders);
    let outcomes = all_at_once(|n| {
        let (shop, orders, lot, way) = (shop.clone(), orders.clone(), lot.clone(), way.clone());
        async move {
            match n {
                0 => (0, shop.step("lots", &lot, "recall", json!({ "reason": "allergen" })).await),
                1 => (1, shop.step("transfers", &way, "receive", json!({})).await),
                n => (2, shop.post(&shop.admin, &format!("/v1/orders/{}/fulfill", orders[n % 32]), json!({})).await),
            }
        }
    })
    .await;
    for (kind, answer) in &outcomes {
        assert!(answer.status == 200 || *kind == 2, "{} {}", answer.status, answer.body);
    }
    let view = shop.get(&shop.admin, &format!("/v1/lots/{lot}")).await.ok();
    assert_eq!(view["status"], "recalled");
    assert!(view["locations"].as_array().unwrap().iter().all(|place| place["sellable"] == 0), "{view}");
    let shipped = shop.database.count("stock_moves where reason = 'sale'");
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(level["quality_hold"].as_i64().unwrap() + shipped, 35);
    shop.step("lots", &lot, "recall", json!({})).await.refused(409, "lot_recalled");
    shop.step("lots", &lot, "release", json!({})).await.refused(409, "lot_recalled");
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let found = json!({ "delta": 1, "reason": "found", "lot": "BAD" });
    shop.patch(&shop.admin, &path, found, None).await.refused(409, "lot_blocked");
    let back = json!({ "delta": -1, "state": "quality_hold", "reason": "restock", "lot": "BAD" });
    shop.patch(&shop.admin, &path, back, None).await.refused(409, "lot_blocked");
    let scrapped = json!({ "delta": -1, "state": "quality_hold", "reason": "write_off", "lot": "BAD" });
    let before = level;
    let level = shop.patch(&shop.admin, &path, scrapped, None).await.ok();
    let less = |name: &str| before[name].as_i64().unwrap() - level[name].as_i64().unwrap();
    assert_eq!(
        (less("on_hand"), less("quality_hold"), less("quantity_available")),
        (1, 1, 0),
        "written off where it is"
    );
    let late = shop.receive(&paris, json!([{ "sku": "LIP-1", "accepted": 1, "lot": { "code": "BAD" } }])).await.ok();
    assert_eq!(late["lines"][0]["accepted"], 1);
    assert_eq!(shop.level(&paris, "LIP-1").await["quality_hold"], json!(level["quality_hold"].as_i64().unwrap() + 1));
}

#[actix_web::test]
async fn quarantine_ends_with_a_release() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    let lot = shop.lot(&paris, "LIP-1", ("Q1", "2031-01-31"), 4).await;
    shop.step("lots", &lot, "release", json!({})).await.refused(409, "lot_not_quarantined");
    shop.step("lots", &lot, "quarantine", json!({ "reason": "smell" })).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
    shop.step("lots", &lot, "quarantine", json!({})).await.refused(409, "lot_blocked");
    let released = shop.step("lots", &lot, "release", json!({})).await.ok();
    assert_eq!((&released["status"], &released["locations"][0]["sellable"]), (&json!("released"), &json!(4)));
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 4);
}

#[actix_web::test]
async fn a_trace_names_places_transfers_orders_and_to_those_who_may_know_customers() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    let lyon = shop.location("LYON", 2).await;
    let lot = shop.lot(&paris, "LIP-1", ("T1", "2031-01-31"), 9).await;
    let way = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 4 }])).await;
    shop.step("transfers", &way, "ready", json!({})).await.ok();
    shop.step("transfers", &way, "ship", json!({})).await.ok();
    let mut body = crate::support::order_body(&paris, "LIP-1", 2);
    body["customer"] = json!({ "name": "=Ada", "email": "ada@example.com" });
    let order = shop.made("/v1/orders", body).await;
    shop.step("orders", &order, "payments", json!({ "gateway": "manual" })).await.ok();
    shop.step("orders", &order, "fulfill", json!({})).await.ok();
    let path = format!("/v1/lots/{lot}/trace");
    let trace = shop.get(&shop.admin, &path).await.ok();
    assert_eq!((&trace["transfers"][0]["transfer_id"], &trace["transfers"][0]["in_transit"]), (&json!(way), &json!(4)));
    let reached = &trace["orders"][0];
    assert_eq!(
        (&reached["order_id"], &reached["units"], &reached["customer"]["email"]),
        (&json!(order), &json!(2), &json!("ada@example.com"))
    );
    assert_eq!(trace["lot"]["locations"][0]["sellable"], 3);
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    assert_eq!(shop.get(&manager, &path).await.ok()["orders"][0]["customer"], Value::Null);
    let elsewhere = shop.sign_in("store_manager", Some(&lyon)).await;
    let theirs = shop.get(&elsewhere, &path).await.ok();
    assert_eq!((&theirs["orders"], &theirs["lot"]["locations"]), (&json!([]), &json!([])));
    let csv = shop.get(&shop.admin, &format!("{path}?format=csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = csv.body.as_str().unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.contains(",'=Ada,ada@example.com,"), "no spreadsheet takes a name for a formula: {text}");
}

#[actix_web::test]
async fn a_recall_that_knew_of_no_place_freezes_what_has_just_come_in() {
    let shop = Rc::new(Shop::open().await);
    let paris = place(&shop).await;
    let lyon = shop.location("LYON", 2).await;
    let lot = shop.lot(&lyon, "LIP-1", ("BAD", "2031-01-31"), 5).await;
    let way = shop.transfer(&lyon, &paris, json!([{ "sku": "LIP-1", "quantity": 5 }])).await;
    shop.step("transfers", &way, "ready", json!({})).await.ok();
    shop.step("transfers", &way, "ship", json!({})).await.ok();
    let (other, _app) = shop.second(&[]);
    let held = locked(&shop, "lots where code = 'BAD'");
    let waiting = |n: i64| {
        move |shop: &Shop| {
            shop.database.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == n
        }
    };
    let receiving = {
        let (shop, way) = (shop.clone(), way.clone());
        actix_web::rt::spawn(async move { shop.step("transfers", &way, "receive", json!({})).await })
    };
    until(|| waiting(1)(&shop)).await;
    let recalling = {
        let request = shop.http.post(format!("{other}/v1/lots/{lot}/recall")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", "recall").json(&json!({}));
        actix_web::rt::spawn(crate::support::answer(request))
    };
    until(|| waiting(2)(&shop)).await;
    drop(held);
    receiving.await.unwrap().ok();
    let recalled = recalling.await.unwrap().ok();
    assert_eq!((&recalled["status"], &recalled["locations"][0]["sellable"]), (&json!("recalled"), &json!(0)));
    assert_eq!(shop.level(&paris, "LIP-1").await["quality_hold"], 5);
}

#[actix_web::test]
async fn picks_that_are_not_promised_are_refused_and_a_retry_is_answered_after_the_sku_is_retired() {
    let shop = Shop::open().await;
    let paris = place(&shop).await;
    let other = shop.variant("LIP-2").await;
    shop.lot(&paris, "LIP-1", ("A1", "2031-01-31"), 5).await;
    let order = shop.paid(&paris, "LIP-1", 1).await;
    let path = format!("/v1/orders/{}/fulfill", order["id"].as_str().unwrap());
    let picks = |sku: &str| json!({ "picks": [{ "sku": sku, "lot": "A1", "quantity": 1 }], "pick_reason": "gift" });
    shop.post(&shop.admin, &path, picks("LIP-2")).await.refused(422, "not_on_document");
    let mut start = picks("LIP-1");
    start["step"] = json!("start");
    shop.post(&shop.admin, &path, start).await.refused(422, "invalid_body");
    let shipped = shop.post_as(&shop.admin, &path, picks("LIP-1"), "ship").await.ok();
    let variants = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    for variant in [&variants, &other["variants"][0]] {
        let retire = format!("/v1/variants/{}/retire", variant["id"].as_str().unwrap());
        shop.post(&shop.admin, &retire, json!({})).await.ok();
    }
    assert_eq!(shop.post_as(&shop.admin, &path, picks("LIP-1"), "ship").await.ok(), shipped);
}

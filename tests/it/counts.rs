//! Counts: what is really there, compared with what the books said at that moment, booked once someone else agrees.
use crate::support::Shop;
use serde_json::{Value, json};

fn line<'a>(count: &'a Value, sku: &str) -> &'a Value {
    count["lines"].as_array().unwrap().iter().find(|line| line["sku"] == sku).unwrap()
}

async fn counted(shop: &Shop, token: &str, id: &str, lines: Value) -> crate::support::Answer {
    shop.post(token, &format!("/v1/counts/{id}/lines"), json!({ "lines": lines })).await
}

#[actix_web::test]
async fn sales_before_and_after_a_line_is_counted_are_not_subtracted_twice() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.post(&staff, &format!("/v1/locations/{paris}/counts"), json!({})).await.ok()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let sell = async |units| {
        let order = shop.paid(&paris, "LIP-1", units).await;
        shop.post(&shop.admin, &format!("/v1/orders/{}/fulfill", order["id"].as_str().unwrap()), json!({})).await.ok();
    };
    shop.clock.advance(chrono::Duration::minutes(10));
    sell(2).await;
    shop.clock.advance(chrono::Duration::minutes(10));
    let at = shop.clock.now();
    shop.clock.advance(chrono::Duration::minutes(10));
    sell(3).await;
    // On the shelf at that moment: 8 by the books, 7 found. Told later, after three more were sold.
    let lines = json!([{ "sku": "LIP-1", "quantity": 7, "counted_at": at }]);
    let blind = counted(&shop, &staff, &id, lines).await.ok();
    assert_eq!((&line(&blind, "LIP-1")["expected"], &line(&blind, "LIP-1")["at_start"]), (&Value::Null, &Value::Null));
    sell(1).await;
    let review = shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    let seen = line(&review, "LIP-1");
    assert_eq!([&seen["at_start"], &seen["expected"], &seen["variance"]], [&json!(10), &json!(8), &json!(-1)]);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 4, "nothing is booked yet");
    shop.step("counts", &id, "approve", json!({})).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 3);
    let moves = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/moves")).await.ok();
    assert_eq!((&moves["data"][0]["reason"], &moves["data"][0]["cause_id"]), (&json!("count"), &json!(id)));
    counted(&shop, &staff, &id, json!([{ "sku": "LIP-1", "quantity": 1 }])).await.refused(409, "count_not_open");
}

#[actix_web::test]
async fn a_place_is_counted_once_at_a_time_and_approved_by_another() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let path = format!("/v1/locations/{paris}/counts");
    shop.post(&staff, &path, json!({ "category": "tools" })).await.refused(422, "nothing_to_count");
    let id = shop.post(&manager, &path, json!({ "blind": false })).await.ok()["id"].as_str().unwrap().to_owned();
    shop.post(&staff, &path, json!({})).await.refused(409, "count_in_progress");
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.refused(409, "count_incomplete");
    counted(&shop, &manager, &id, json!([{ "sku": "LIP-1", "quantity": 12 }])).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    let approve = format!("/v1/counts/{id}/approve");
    shop.post(&staff, &approve, json!({})).await.refused(403, "forbidden");
    shop.post(&manager, &approve, json!({})).await.refused(409, "own_count");
    shop.step("counts", &id, "reopen", json!({})).await.ok();
    shop.post(&shop.admin, &approve, json!({})).await.refused(409, "count_not_in_review");
    counted(&shop, &staff, &id, json!([{ "sku": "LIP-1", "quantity": 11 }])).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.post(&manager, &approve, json!({})).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 11);
    shop.post(&staff, &path, json!({ "abc_class": "c" })).await.ok();
}

#[actix_web::test]
async fn what_is_not_there_is_not_sold_whatever_was_promised() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.paid(&paris, "LIP-1", 8).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    counted(&shop, &staff, &id, json!([{ "sku": "LIP-1", "quantity": 5 }])).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!([&level["on_hand"], &level["allocated"], &level["uncovered"]], [&json!(5), &json!(8), &json!(3)]);
}

#[actix_web::test]
async fn lots_are_counted_one_by_one() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    shop.lot(&paris, "LIP-1", ("A", "2031-01-31"), 5).await;
    shop.lot(&paris, "LIP-1", ("B", "2032-01-31"), 5).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    let found = json!([
        { "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-1", "lot": "A", "quantity": 3 },
        { "sku": "LIP-1", "lot": "B", "quantity": 6 },
    ]);
    counted(&shop, &staff, &id, json!([{ "sku": "LIP-1", "lot": "NO", "quantity": 1 }]))
        .await
        .refused(422, "unknown_lot");
    let count = counted(&shop, &staff, &id, found).await.ok();
    assert_eq!(count["lines"].as_array().unwrap().len(), 3);
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
    let lots = shop.get(&shop.admin, "/v1/lots?sku=LIP-1").await.ok();
    let units = |code: &str| {
        lots["data"].as_array().unwrap().iter().find(|l| l["code"] == code).unwrap()["locations"][0]["sellable"].clone()
    };
    assert_eq!((units("A"), units("B")), (json!(3), json!(6)));
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 11);
}

#[actix_web::test]
async fn settings_can_be_changed_while_promises_are_uncovered_and_a_limit_covers_them() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.paid(&paris, "LIP-1", 8).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    counted(&shop, &staff, &id, json!([{ "sku": "LIP-1", "quantity": 3 }])).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let set = async |body: Value| {
        let version = shop.level(&paris, "LIP-1").await["version"].as_i64();
        shop.patch(&shop.admin, &path, body, version).await
    };
    assert_eq!(set(json!({ "reorder_quantity": 7 })).await.ok()["uncovered"], 5);
    set(json!({ "safety_stock": 1 })).await.refused(409, "below_promised");
    assert_eq!(set(json!({ "backorder_limit": 3 })).await.ok()["uncovered"], 2);
    assert_eq!(set(json!({ "backorder_limit": 5 })).await.ok()["uncovered"], 0);
}

#[actix_web::test]
async fn another_places_count_tells_a_stranger_nothing() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 2).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    let stranger = shop.sign_in("warehouse_staff", Some(&lyon)).await;
    for lines in [
        json!([{ "sku": "LIP-1", "quantity": 1, "counted_at": "2000-01-01T00:00:00Z" }]),
        json!([{ "sku": "NO", "quantity": 1 }]),
    ] {
        let foreign = counted(&shop, &stranger, &id, lines.clone()).await;
        let missing = counted(&shop, &stranger, &uuid::Uuid::now_v7().to_string(), lines).await;
        assert_eq!((foreign.status, &foreign.body), (404, &missing.body));
    }
}

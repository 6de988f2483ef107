//! Goods that a location says are not in stock: set apart, counted, and only then off the books.
use crate::{payments::path, support::Shop};
use serde_json::{Value, json};

/// A store with ten, of which this many are promised to one order and four to another.
async fn two_orders(shop: &Shop, units: i64) -> (String, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.paid(&paris, "LIP-1", units).await;
    shop.paid(&paris, "LIP-1", 4).await;
    (paris, order)
}

fn gone(location: &str) -> Value {
    json!({ "location_id": location, "reason": "not_in_stock" })
}

async fn stands(shop: &Shop, location: &str) -> [i64; 5] {
    let level = shop.level(location, "LIP-1").await;
    let of = |name: &str| level[name].as_i64().unwrap_or(0);
    [of("on_hand"), of("quality_hold"), of("allocated"), of("uncovered"), of("quantity_available")]
}

/// Counts this many, approved by someone else.
async fn count(shop: &Shop, location: &str, units: i64) {
    let staff = shop.sign_in("warehouse_staff", Some(location)).await;
    let id = shop.count_of(location, &["LIP-1"]).await;
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": units }] });
    shop.post(&staff, &format!("/v1/counts/{id}/lines"), lines).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
}

#[actix_web::test]
async fn two_units_that_cannot_be_found_leave_the_promises_of_others_alone() {
    let shop = Shop::open().await;
    let (paris, order) = two_orders(&shop, 2).await;
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    assert_eq!(stands(&shop, &paris).await, [10, 2, 4, 0, 4], "set apart, not off the books");
    let route = format!("/v1/locations/{paris}/missing");
    let listed = shop.get(&shop.admin, &route).await.ok();
    let row = &listed["data"][0];
    assert_eq!((&row["sku"], &row["units"], &row["lot"]), (&json!("LIP-1"), &json!(2), &Value::Null));
    count(&shop, &paris, 8).await;
    assert_eq!(stands(&shop, &paris).await, [8, 0, 4, 0, 4], "the approval has corrected the books");
    assert_eq!(shop.get(&shop.admin, &route).await.ok()["data"], json!([]));
}

#[actix_web::test]
async fn units_that_a_count_finds_after_all_are_sold_again() {
    let shop = Shop::open().await;
    let (paris, order) = two_orders(&shop, 3).await;
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    count(&shop, &paris, 9).await;
    assert_eq!(stands(&shop, &paris).await, [9, 0, 4, 0, 5], "one of three is gone");
}

#[actix_web::test]
async fn units_that_are_missed_after_the_shelf_was_counted_stay_set_apart() {
    let shop = Shop::open_for_long().await;
    let (paris, order) = two_orders(&shop, 2).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": 10 }] });
    shop.post(&staff, &format!("/v1/counts/{id}/lines"), lines).await.ok();
    shop.clock.advance(chrono::Duration::minutes(10));
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
    assert_eq!(stands(&shop, &paris).await, [10, 2, 4, 0, 4]);
}

#[actix_web::test]
async fn who_may_adjust_the_books_takes_missing_units_off_at_once() {
    let shop = Shop::open().await;
    let (paris, order) = two_orders(&shop, 2).await;
    let mut body = gone(&paris);
    body["write_off"] = json!(true);
    let staff = shop.sign_in("cashier", Some(&paris)).await;
    shop.post(&staff, &path(&order, "/reject"), body.clone()).await.refused(403, "forbidden");
    let mut other = body.clone();
    other["reason"] = json!("no_capacity");
    shop.post(&shop.admin, &path(&order, "/reject"), other).await.refused(422, "invalid_body");
    shop.post(&shop.admin, &path(&order, "/reject"), body).await.ok();
    assert_eq!(stands(&shop, &paris).await, [8, 0, 4, 0, 4], "two units are gone, no more");
}

#[actix_web::test]
async fn a_missing_unit_of_a_lot_is_set_apart_as_that_lot() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    shop.lot(&paris, "LIP-1", ("L1", "2031-01-31"), 5).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    let listed = shop.get(&shop.admin, &format!("/v1/locations/{paris}/missing")).await.ok();
    assert_eq!((&listed["data"][0]["lot"], &listed["data"][0]["units"]), (&json!("L1"), &json!(2)));
    assert_eq!(stands(&shop, &paris).await, [5, 2, 0, 0, 3]);
}

#[actix_web::test]
async fn units_that_are_missed_later_wait_for_a_later_count_though_others_were_missed_before() {
    let shop = Shop::open_for_long().await;
    let (paris, first) = two_orders(&shop, 1).await;
    let second = shop.paid(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&first, "/reject"), gone(&paris)).await.ok();
    shop.clock.advance(chrono::Duration::minutes(10));
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let id = shop.count_of(&paris, &["LIP-1"]).await;
    let lines = json!({ "lines": [{ "sku": "LIP-1", "quantity": 10 }] });
    shop.post(&staff, &format!("/v1/counts/{id}/lines"), lines).await.ok();
    shop.clock.advance(chrono::Duration::minutes(10));
    shop.post(&shop.admin, &path(&second, "/reject"), gone(&paris)).await.ok();
    shop.post(&staff, &format!("/v1/counts/{id}/submit"), json!({})).await.ok();
    shop.step("counts", &id, "approve", json!({})).await.ok();
    assert_eq!(stands(&shop, &paris).await, [10, 3, 4, 0, 3], "nothing is put on sale that was missed after the count");
    count(&shop, &paris, 8).await;
    assert_eq!(stands(&shop, &paris).await, [8, 0, 4, 0, 4]);
}

#[actix_web::test]
async fn missing_units_that_leave_what_is_held_back_by_hand_are_put_on_sale_by_no_count() {
    let shop = Shop::open().await;
    let (paris, order) = two_orders(&shop, 3).await;
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    let route = format!("/v1/locations/{paris}/inventory/LIP-1");
    let scrap = json!({ "delta": -2, "state": "quality_hold", "reason": "write_off" });
    shop.patch(&shop.admin, &route, scrap, None).await.ok();
    let missing = format!("/v1/locations/{paris}/missing");
    assert_eq!(shop.get(&shop.admin, &missing).await.ok()["data"][0]["units"], 1);
    let hold = json!({ "delta": 2, "state": "quality_hold", "reason": "quality" });
    shop.patch(&shop.admin, &route, hold, None).await.ok();
    assert_eq!(stands(&shop, &paris).await, [8, 3, 4, 0, 1]);
    // What is written off is missing first of all, though others are held as well.
    let scrap = json!({ "delta": -1, "state": "quality_hold", "reason": "write_off" });
    shop.patch(&shop.admin, &route, scrap, None).await.ok();
    assert_eq!(shop.get(&shop.admin, &missing).await.ok()["data"], json!([]));
    count(&shop, &paris, 7).await;
    assert_eq!(stands(&shop, &paris).await, [7, 2, 4, 0, 1], "what is held for another reason stays held");
}

#[actix_web::test]
async fn the_release_of_a_lot_sells_no_unit_that_could_not_be_found() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    let lot = shop.lot(&paris, "LIP-1", ("L1", "2031-01-31"), 5).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    shop.post(&shop.admin, &path(&order, "/reject"), gone(&paris)).await.ok();
    shop.step("lots", &lot, "quarantine", json!({})).await.ok();
    assert_eq!(stands(&shop, &paris).await, [5, 5, 0, 0, 0]);
    shop.step("lots", &lot, "release", json!({})).await.ok();
    assert_eq!(stands(&shop, &paris).await, [5, 2, 0, 0, 3], "what is missing waits for a count");
}

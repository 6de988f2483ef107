//! Parcels that do not arrive: lost on the way, or coming back from the door.
use crate::{
    payments::{card, path, read, sandbox},
    returns::{found, step},
    support::{Shop, all_at_once},
};
use serde_json::{Value, json};
use std::rc::Rc;

/// An order of so many, of which the first parcel holds so many.
pub async fn sent(shop: &Shop, quantity: i64, first: i64) -> (String, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", quantity).await;
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let lines = json!([{ "line_no": 1, "quantity": first }]);
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "lines": lines })).await.ok();
    if quantity > first {
        shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    }
    shop.after(1).await;
    (paris, read(shop, &order).await)
}

/// A paid order of so many sets of LIP-1, which is in Paris, and LIP-2, of which other places have so many each: Paris,
/// the others, the order.
pub async fn sets(shop: &Shop, quantity: i64, others: &[i32]) -> (String, Vec<String>, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    let mut places = vec![];
    for (n, units) in (1..).zip(others) {
        let place = shop.location(&format!("OTHER-{n}"), 50 + n).await;
        shop.stock(&place, "LIP-2", *units).await;
        places.push(place);
    }
    shop.set(("web", 1500), &[("LIP-1", 1), ("LIP-2", 1)]).await;
    let lines = json!([{ "sku": "SET-1", "quantity": quantity }]);
    let body = json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines });
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    (paris, places, order)
}

pub fn problem_of(order: &Value, parcel: usize) -> String {
    path(order, &format!("/shipments/{}/problem", order["shipments"][parcel]["id"].as_str().unwrap()))
}

pub fn parcel_of(order: &Value, units: i64) -> usize {
    let parcels = order["shipments"].as_array().unwrap();
    parcels.iter().position(|parcel| parcel["units"][0]["quantity"] == units).unwrap()
}

async fn moves(shop: &Shop, location: &str) -> Vec<Value> {
    let route = format!("/v1/locations/{location}/inventory/LIP-1/moves");
    let listed = shop.get(&shop.admin, &route).await.ok();
    listed["data"].as_array().unwrap().iter().map(|of| of["reason"].clone()).collect()
}

#[actix_web::test]
async fn a_lost_parcel_is_written_off_and_its_price_goes_back() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 3, 2).await;
    let lost = parcel_of(&order, 2);
    let told = json!({ "problem": "lost", "note": "carrier case 4711" });
    let after = shop.post(&shop.admin, &problem_of(&order, lost), told.clone()).await.ok();
    let parcel = &after["shipments"][lost];
    assert_eq!((&parcel["status"], &after["lines"][0]["returned"]), (&json!("lost"), &json!(2)));
    let back = format!("/v1/returns/{}", parcel["return_id"].as_str().unwrap());
    let back = shop.get(&shop.admin, &back).await.ok();
    assert_eq!((&back["status"], &back["lines"][0]["reason"]), (&json!("closed"), &json!("lost")));
    assert_eq!((&back["refund"]["amount_minor"], &back["note"]), (&json!(2000), &json!("carrier case 4711")));
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 3000, 2000]);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 7, "what was lost does not come to the shelf");
    assert!(moves(&shop, &paris).await.contains(&json!("lost_in_transit")), "but the ledger knows where it went");

    shop.post(&shop.admin, &problem_of(&order, lost), told).await.refused(409, "shipment_closed");
    let arrived = json!({ "shipment_id": order["shipments"][lost]["id"] });
    shop.post(&shop.admin, &path(&order, "/deliver"), arrived).await.refused(409, "shipment_closed");
    let done = shop.post(&shop.admin, &path(&order, "/deliver"), json!({})).await.ok();
    assert_eq!((&done["status"], &done["fulfillment_status"]), (&json!("delivered"), &json!("partially_returned")));
    let events = shop.get(&shop.admin, &path(&order, "/events")).await.ok();
    let told = events["data"].as_array().unwrap().iter().find(|e| e["event"] == "parcel_lost").unwrap().clone();
    assert_eq!(told["reason"], "carrier case 4711");
}

#[actix_web::test]
async fn an_order_whose_only_parcel_is_lost_is_over_and_paid_back() {
    let shop = Shop::open().await;
    let (_, order) = sent(&shop, 2, 2).await;
    let after = shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await.ok();
    assert_eq!(after["status"], "returned");
    shop.after(1).await;
    assert_eq!(
        (sandbox(&shop), &read(&shop, &order).await["payment_status"]),
        ([2000, 2000, 2000], &json!("refunded"))
    );
}

#[actix_web::test]
async fn a_parcel_refused_at_the_door_waits_in_a_return_that_the_store_receives() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 2, 2).await;
    let told = json!({ "problem": "returned_to_sender" });
    let after = shop.post(&shop.admin, &problem_of(&order, 0), told).await.ok();
    assert_eq!((&after["status"], &after["shipments"][0]["status"]), (&json!("shipped"), &json!("returned_to_sender")));
    shop.post(&shop.admin, &path(&order, "/deliver"), json!({})).await.refused(409, "shipment_closed");
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2000, 2000, 0], "nothing is given back before it is here");
    let back = format!("/v1/returns/{}", after["shipments"][0]["return_id"].as_str().unwrap());
    let back = shop.get(&shop.admin, &back).await.ok();
    assert_eq!((&back["status"], &back["lines"][0]["reason"]), (&json!("approved"), &json!("undeliverable")));
    let came = step(&shop, &shop.admin, &back, "receive", json!({ "location_id": paris })).await.ok();
    step(&shop, &shop.admin, &came, "inspect", found(&came, "sealed", "restock")).await.ok();
    shop.after(1).await;
    assert_eq!((sandbox(&shop), shop.level(&paris, "LIP-1").await["on_hand"].clone()), ([2000, 2000, 2000], json!(10)));
    assert_eq!(read(&shop, &order).await["status"], "returned");
}

#[actix_web::test]
async fn a_parcel_with_a_part_of_a_set_gives_back_the_share_of_that_part() {
    let shop = Shop::open().await;
    let (paris, others, order) = sets(&shop, 1, &[10]).await;
    let lyon = &others[0];
    let order = shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    let from_lyon =
        order["shipments"].as_array().unwrap().iter().position(|p| p["location_id"] == lyon.as_str()).unwrap();
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let told = json!({ "problem": "lost" });
    shop.post(&manager, &problem_of(&order, from_lyon), told.clone()).await.refused(404, "not_found");
    shop.post(&shop.admin, &problem_of(&order, from_lyon), told).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [1500, 1500, 750]);
}

#[actix_web::test]
async fn a_lost_parcel_is_credited_at_the_price_of_the_line_it_was_sent_for() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 10).await;
    shop.set(("web", 1500), &[("LIP-1", 1), ("LIP-2", 1)]).await;
    let lines = json!([{ "sku": "SET-1", "quantity": 1 }, { "sku": "LIP-1", "quantity": 1 }]);
    let body = json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines });
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let alone = json!({ "lines": [{ "line_no": 2, "quantity": 1 }] });
    let first = shop.post(&shop.admin, &path(&order, "/fulfill"), alone.clone()).await.ok();
    let held = &first["shipments"][0]["lines"];
    assert_eq!((&held[0]["line_no"], &held[0]["quantity"], held.as_array().unwrap().len()), (&json!(2), &json!(1), 1));
    shop.post(&shop.admin, &path(&order, "/fulfill"), alone.clone()).await.refused(409, "more_than_ordered");
    shop.patch(&shop.admin, &path(&order, "/cancel"), alone, None).await.refused(409, "more_than_ordered");
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    let query = "query($id: ID!) { order(id: $id) { shipments { lines { lineNo quantity variant { sku } } } } }";
    let seen = shop.graphql(&shop.admin, query, json!({ "id": order["id"] })).await;
    let parcels = seen["data"]["order"]["shipments"].as_array().unwrap().clone();
    let of_set = parcels.iter().find(|parcel| parcel["lines"].as_array().unwrap().len() == 2).unwrap();
    assert!(of_set["lines"].as_array().unwrap().iter().all(|line| line["lineNo"] == 1), "{seen}");
    let problem = path(&order, &format!("/shipments/{}/problem", first["shipments"][0]["id"].as_str().unwrap()));
    let after = shop.post(&shop.admin, &problem, json!({ "problem": "lost" })).await.ok();
    assert_eq!((&after["lines"][0]["returned"], &after["lines"][1]["returned"]), (&json!(0), &json!(1)));
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2500, 2500, 1000]);
}

/// An order of two lines of one SKU, the first sold for 10.00 and sent, the second for 20.00 and waiting.
async fn two_prices(shop: &Shop) -> (String, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let price = format!("/v1/variants/{}/prices/pos/EUR", variant["id"].as_str().unwrap());
    shop.put(&shop.admin, &price, json!({ "amount_minor": 2000 })).await.ok();
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    let order = shop.patch(&shop.admin, &path(&order, ""), more, Some(1)).await.ok();
    assert_eq!(order["lines"].as_array().unwrap().len(), 2, "{order}");
    shop.post(&shop.admin, &path(&order, "/payments"), card("tok_approve")).await.ok();
    let first = json!({ "lines": [{ "line_no": 1, "quantity": 1 }] });
    let order = shop.post(&shop.admin, &path(&order, "/fulfill"), first).await.ok();
    (paris, order)
}

#[actix_web::test]
async fn a_place_that_cannot_fill_the_rest_gives_up_the_line_that_waits_not_the_one_that_left() {
    let shop = Shop::open().await;
    let (paris, order) = two_prices(&shop).await;
    let no = json!({ "location_id": paris, "reason": "no_capacity" });
    let left = shop.post(&shop.admin, &path(&order, "/reject"), no).await.ok();
    assert_eq!((&left["lines"][0]["quantity"], &left["lines"][1]["quantity"]), (&json!(1), &json!(0)));
    assert_eq!(left["total"]["amount_minor"], 1000);
    shop.after(1).await;
    shop.post(&shop.admin, &problem_of(&left, 0), json!({ "problem": "lost" })).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop)[1] - sandbox(&shop)[2], 0, "all that was taken went back");
}

#[actix_web::test]
async fn a_lost_parcel_is_paid_back_though_its_line_came_back_with_a_unit_of_another() {
    let shop = Shop::open().await;
    let (paris, order) = two_prices(&shop).await;
    let sent = shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    let parcels = sent["shipments"].as_array().unwrap();
    let of_line = |no: i64| parcels.iter().position(|parcel| parcel["lines"][0]["line_no"] == no).unwrap();
    let arrived = json!({ "shipment_id": parcels[of_line(1)]["id"] });
    shop.post(&shop.admin, &path(&order, "/deliver"), arrived).await.ok();
    let lines = json!([{ "line_no": 2, "quantity": 1, "reason": "unwanted" }]);
    let back = json!({ "order_id": order["id"], "location_id": paris, "lines": lines });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    step(&shop, &shop.admin, &back, "inspect", found(&back, "sealed", "restock")).await.ok();
    let after = shop.post(&shop.admin, &problem_of(&sent, of_line(2)), json!({ "problem": "lost" })).await.ok();
    assert_eq!(after["status"], "returned");
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [3000, 3000, 3000]);
}

#[actix_web::test]
async fn an_order_whose_rest_is_given_up_after_its_parcel_was_lost_is_over() {
    let shop = Shop::open().await;
    let (paris, order) = two_prices(&shop).await;
    shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await.ok();
    let no = json!({ "location_id": paris, "reason": "no_capacity" });
    assert_eq!(shop.post(&shop.admin, &path(&order, "/reject"), no).await.ok()["status"], "returned");
    shop.after(1).await;
    assert_eq!(sandbox(&shop)[1], sandbox(&shop)[2], "nothing is kept");
}

#[actix_web::test]
async fn what_has_arrived_of_one_line_comes_back_while_another_line_of_the_same_goods_waits() {
    let shop = Shop::open().await;
    let (paris, order) = two_prices(&shop).await;
    let lines = |no: i64| json!([{ "line_no": no, "quantity": 1, "reason": "unwanted" }]);
    let asked = |no: i64| json!({ "order_id": order["id"], "location_id": paris, "lines": lines(no) });
    shop.post(&shop.admin, "/v1/returns", asked(2)).await.refused(409, "nothing_to_return");
    shop.post(&shop.admin, "/v1/returns", asked(1)).await.ok();
}

#[actix_web::test]
async fn a_parcel_of_a_location_that_has_closed_meanwhile_is_written_off_as_lost() {
    let shop = Shop::open().await;
    let (paris, order) = sent(&shop, 10, 10).await;
    let at = format!("/v1/locations/{paris}");
    let version = shop.get(&shop.admin, &at).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &at, json!({ "closed": true }), version).await.ok();
    shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await.ok();
    shop.after(1).await;
    assert_eq!(
        (sandbox(&shop), read(&shop, &order).await["status"].clone()),
        ([10000, 10000, 10000], json!("returned"))
    );
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 0);
}

#[actix_web::test]
async fn of_64_who_report_a_parcel_as_lost_returned_or_delivered_one_is_believed() {
    let shop = Rc::new(Shop::open().await);
    let (_, order) = sent(&shop, 2, 2).await;
    let answers = all_at_once(|n| {
        let (shop, order) = (shop.clone(), order.clone());
        async move {
            match n % 3 {
                0 => shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await,
                1 => shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "returned_to_sender" })).await,
                _ => shop.post(&shop.admin, &path(&order, "/deliver"), json!({})).await,
            }
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| [200, 409].contains(&answer.status)), "{answers:?}");
}

#[actix_web::test]
async fn a_parcel_is_not_lost_while_a_return_of_its_goods_is_open() {
    let shop = Shop::open().await;
    let (_, order) = sent(&shop, 2, 2).await;
    let lines = json!([{ "line_no": 1, "quantity": 2, "reason": "unwanted" }]);
    let back = shop.post(&shop.admin, "/v1/returns", json!({ "order_id": order["id"], "lines": lines })).await.ok();
    let told = json!({ "problem": "lost" });
    let refused = shop.post(&shop.admin, &problem_of(&order, 0), told.clone()).await;
    refused.refused(409, "return_in_progress");
    assert!(refused.body["detail"].as_str().unwrap().contains(back["number"].as_str().unwrap()), "{}", refused.body);
    step(&shop, &shop.admin, &back, "reject", json!({})).await.ok();
    shop.post(&shop.admin, &problem_of(&order, 0), told).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2000, 2000, 2000]);
}

#[actix_web::test]
async fn a_parcel_that_is_lost_on_its_way_back_is_paid_back() {
    let shop = Shop::open().await;
    let (_, order) = sent(&shop, 2, 2).await;
    let told = json!({ "problem": "returned_to_sender" });
    let after = shop.post(&shop.admin, &problem_of(&order, 0), told).await.ok();
    let first = format!("/v1/returns/{}", after["shipments"][0]["return_id"].as_str().unwrap());
    let after = shop.post(&shop.admin, &problem_of(&order, 0), json!({ "problem": "lost" })).await.ok();
    assert_eq!((&after["status"], &after["shipments"][0]["status"]), (&json!("returned"), &json!("lost")));
    assert_eq!(shop.get(&shop.admin, &first).await.ok()["status"], "rejected");
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [2000, 2000, 2000]);
}

//! Orders that leave in parcels, are given up in part, or cannot be filled where they were to be.
use crate::{
    payments::{card, path, read, sandbox},
    support::{Shop, all_at_once, order_body},
};
use serde_json::{Value, json};
use std::rc::Rc;

fn two_lines(location: &str) -> Value {
    let mut body = order_body(location, "LIP-1", 3);
    body["lines"] = json!([{ "sku": "LIP-1", "quantity": 3 }, { "sku": "LIP-2", "quantity": 2 }]);
    body
}

/// A store with ten of two variants, and an order of 3 and 2 that was paid like this.
async fn paid(shop: &Shop, how: Value) -> (String, Value) {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 10).await;
    let order = shop.post(&shop.admin, "/v1/orders", two_lines(&paris)).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), how).await.ok();
    (paris, order)
}

fn cash() -> Value {
    json!({ "gateway": "manual" })
}

async fn counters(shop: &Shop, location: &str, sku: &str) -> [i64; 3] {
    let level = shop.level(location, sku).await;
    ["on_hand", "allocated", "reserved"].map(|counter| level[counter].as_i64().unwrap())
}

#[actix_web::test]
async fn an_order_leaves_in_parcels_and_is_delivered_parcel_by_parcel() {
    let shop = Shop::open().await;
    let (paris, order) = paid(&shop, card("tok_approve")).await;
    let ship =
        |lines: Value, number: &str| json!({ "lines": lines, "carrier": "Colissimo", "tracking_number": number });
    let first = ship(json!([{ "line_no": 1, "quantity": 2 }]), "X-1");
    let part = shop.post(&shop.admin, &path(&order, "/fulfill"), first).await.ok();
    assert_eq!((&part["status"], &part["fulfillment_status"]), (&json!("processing"), &json!("partially_shipped")));
    assert_eq!(part["shipments"][0]["units"][0]["quantity"], 2);
    assert_eq!(
        (counters(&shop, &paris, "LIP-1").await, counters(&shop, &paris, "LIP-2").await),
        ([8, 1, 0], [10, 2, 0])
    );
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 2000, 0]);
    let too_many = ship(json!([{ "line_no": 1, "quantity": 2 }]), "X-2");
    shop.post(&shop.admin, &path(&order, "/fulfill"), too_many).await.refused(409, "more_than_ordered");
    let unknown = ship(json!([{ "line_no": 3, "quantity": 1 }]), "X-2");
    shop.post(&shop.admin, &path(&order, "/fulfill"), unknown).await.refused(422, "not_on_document");
    assert_eq!(counters(&shop, &paris, "LIP-1").await, [8, 1, 0], "what is refused has changed nothing");

    let parcel = json!({ "shipment_id": part["shipments"][0]["id"] });
    let arrived = shop.post(&shop.admin, &path(&order, "/deliver"), parcel.clone()).await.ok();
    assert_eq!(arrived["status"], "processing");
    shop.post(&shop.admin, &path(&order, "/deliver"), parcel).await.refused(409, "order_already_delivered");
    let rest = shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    assert_eq!((&rest["status"], rest["shipments"].as_array().unwrap().len()), (&json!("shipped"), 2));
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 5000, 0]);
    let last = rest["shipments"].as_array().unwrap().iter().find(|s| s["delivered_at"].is_null()).unwrap();
    let done = shop.post(&shop.admin, &path(&order, "/deliver"), json!({ "shipment_id": last["id"] })).await.ok();
    assert_eq!(done["status"], "delivered");
    assert_eq!(
        (counters(&shop, &paris, "LIP-1").await, counters(&shop, &paris, "LIP-2").await),
        ([7, 0, 0], [8, 0, 0])
    );
}

#[actix_web::test]
async fn units_that_have_not_left_are_given_up_with_their_price() {
    let shop = Shop::open().await;
    let (paris, order) = paid(&shop, cash()).await;
    let cancel = |lines: Value| json!({ "reason": "changed their mind", "lines": lines });
    let part = cancel(json!([{ "line_no": 1, "quantity": 1 }, { "line_no": 2, "quantity": 2 }]));
    let left = shop.patch(&shop.admin, &path(&order, "/cancel"), part, None).await.ok();
    assert_eq!((&left["status"], &left["total"]["amount_minor"]), (&json!("confirmed"), &json!(2000)));
    assert_eq!((&left["paid"]["amount_minor"], &left["payment_status"]), (&json!(2000), &json!("paid")));
    let lines: Vec<_> = left["lines"].as_array().unwrap().iter().map(|l| (&l["quantity"], &l["canceled"])).collect();
    assert_eq!(lines, [(&json!(2), &json!(1)), (&json!(0), &json!(2))]);
    assert_eq!(
        (counters(&shop, &paris, "LIP-1").await, counters(&shop, &paris, "LIP-2").await),
        ([10, 2, 0], [10, 0, 0])
    );
    let again = cancel(json!([{ "line_no": 2, "quantity": 1 }]));
    shop.patch(&shop.admin, &path(&order, "/cancel"), again, None).await.refused(409, "more_than_ordered");
    let twice = cancel(json!([{ "line_no": 1, "quantity": 1 }, { "line_no": 1, "quantity": 1 }]));
    shop.patch(&shop.admin, &path(&order, "/cancel"), twice, None).await.refused(422, "invalid_body");

    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "lines": [{ "line_no": 1, "quantity": 1 }] })).await.ok();
    shop.patch(&shop.admin, &path(&order, "/cancel"), json!({}), None).await.refused(409, "order_already_shipped");
    let rest = cancel(json!([{ "line_no": 1, "quantity": 1 }]));
    let shipped = shop.patch(&shop.admin, &path(&order, "/cancel"), rest, None).await.ok();
    assert_eq!((&shipped["status"], &shipped["total"]["amount_minor"]), (&json!("shipped"), &json!(1000)));
    assert_eq!(shipped["paid"]["amount_minor"], 1000);
    assert_eq!(counters(&shop, &paris, "LIP-1").await, [9, 0, 0]);
}

#[actix_web::test]
async fn giving_up_all_units_is_giving_up_the_order() {
    let shop = Shop::open().await;
    let (paris, order) = paid(&shop, card("tok_approve")).await;
    let all = json!({ "lines": [{ "line_no": 1, "quantity": 3 }, { "line_no": 2, "quantity": 2 }] });
    let over = shop.patch(&shop.admin, &path(&order, "/cancel"), all, None).await.ok();
    assert_eq!(over["status"], "canceled");
    shop.after(1).await;
    assert_eq!((sandbox(&shop), counters(&shop, &paris, "LIP-1").await), ([0, 0, 0], [10, 0, 0]));
}

#[actix_web::test]
async fn of_a_card_only_what_was_sent_is_taken() {
    let shop = Shop::open().await;
    let (_, order) = paid(&shop, card("tok_approve")).await;
    let part = json!({ "lines": [{ "line_no": 1, "quantity": 3 }] });
    let left = shop.patch(&shop.admin, &path(&order, "/cancel"), part, None).await.ok();
    assert_eq!((&left["status"], &left["payment_status"]), (&json!("confirmed"), &json!("authorized")));
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    shop.after(1).await;
    assert_eq!(sandbox(&shop), [5000, 2000, 0]);
    let order = read(&shop, &order).await;
    assert_eq!((&order["payment_status"], &order["authorized"]["amount_minor"]), (&json!("paid"), &json!(0)));
}

#[actix_web::test]
async fn a_part_of_a_pending_order_is_given_up_with_its_hold() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 5).await;
    let pay = path(&order, "/payments");
    shop.post(&shop.admin, &pay, json!({ "gateway": "manual", "amount_minor": 3000 })).await.ok();
    let some = |quantity: i32| json!({ "lines": [{ "line_no": 1, "quantity": quantity }] });
    let waits = shop.patch(&shop.admin, &path(&order, "/cancel"), some(1), None).await.ok();
    assert_eq!((&waits["status"], counters(&shop, &paris, "LIP-1").await), (&json!("pending"), [10, 0, 4]));
    let covered = shop.patch(&shop.admin, &path(&order, "/cancel"), some(2), None).await.ok();
    assert_eq!((&covered["status"], &covered["paid"]["amount_minor"]), (&json!("confirmed"), &json!(2000)));
    assert_eq!(counters(&shop, &paris, "LIP-1").await, [10, 2, 0]);
}

/// Three places: the first by priority has 5, the second 3, the third 10.
async fn three(shop: &Shop) -> [String; 3] {
    shop.variant("LIP-1").await;
    let places = [shop.location("A", 10).await, shop.location("B", 20).await, shop.location("C", 30).await];
    for (place, units) in places.iter().zip([5, 3, 10]) {
        shop.stock(place, "LIP-1", units).await;
    }
    places
}

async fn web_order(shop: &Shop, quantity: i32) -> Value {
    let body = json!({
        "channel": "web", "currency": "EUR", "customer": crate::support::home(),
        "lines": [{ "sku": "LIP-1", "quantity": quantity }],
    });
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), cash()).await.ok();
    order
}

fn no(location: &str, reason: &str) -> Value {
    json!({ "location_id": location, "reason": reason })
}

#[actix_web::test]
async fn what_a_place_cannot_fill_comes_from_another() {
    let shop = Shop::open().await;
    let [a, b, c] = three(&shop).await;
    let order = web_order(&shop, 4).await;
    assert_eq!(order["location_ids"], json!([a]));
    let moved = shop.post(&shop.admin, &path(&order, "/reject"), no(&a, "not_in_stock")).await.ok();
    assert_eq!((&moved["location_ids"], &moved["status"]), (&json!([c]), &json!("confirmed")));
    assert_eq!(counters(&shop, &a, "LIP-1").await, [5, 0, 0], "the books are corrected by a count");
    let level = shop.level(&a, "LIP-1").await;
    assert_eq!((&level["quality_hold"], &level["quantity_available"]), (&json!(4), &json!(1)), "four are set apart");
    assert_eq!(counters(&shop, &c, "LIP-1").await, [10, 4, 0]);
    assert_eq!(shop.database.count("outbox_events where event_type = 'inventory.count_wanted.v1'"), 1);
    let told = shop.get(&shop.admin, &path(&order, "/sourcing")).await.ok();
    assert_eq!(told["data"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!((&told["data"][1]["attempt"], &told["data"][1]["parts"][0]["location_id"]), (&json!(2), &json!(c)));
    shop.post(&shop.admin, &path(&order, "/reject"), no(&b, "other")).await.refused(422, "not_on_document");

    let gone = shop.post(&shop.admin, &path(&order, "/reject"), no(&c, "damaged")).await.ok();
    assert_eq!((&gone["status"], &gone["paid"]["amount_minor"]), (&json!("canceled"), &json!(0)));
    let level = shop.level(&c, "LIP-1").await;
    assert_eq!((&level["on_hand"], &level["damaged"], &level["allocated"]), (&json!(10), &json!(4), &json!(0)));
    shop.post(&shop.admin, &path(&order, "/reject"), no(&c, "other")).await.refused(409, "order_canceled");
}

#[actix_web::test]
async fn a_place_rejects_its_part_and_the_rest_of_the_order_stays() {
    let shop = Shop::open().await;
    let [a, b, c] = three(&shop).await;
    let order = web_order(&shop, 13).await;
    assert_eq!(order["location_ids"], json!([a, c]));
    let at_c = shop.sign_in("store_manager", Some(&c)).await;
    shop.post(&at_c, &path(&order, "/reject"), no(&a, "other")).await.refused(404, "not_found");
    let left = shop.post(&at_c, &path(&order, "/reject"), no(&c, "no_capacity")).await.ok();
    assert_eq!((&left["status"], &left["location_ids"]), (&json!("confirmed"), &json!([a])));
    assert_eq!((&left["total"]["amount_minor"], &left["paid"]["amount_minor"]), (&json!(5000), &json!(5000)));
    assert_eq!(left["lines"][0]["canceled"], 8);
    assert_eq!((counters(&shop, &a, "LIP-1").await, counters(&shop, &b, "LIP-1").await), ([5, 5, 0], [3, 0, 0]));
    assert_eq!(counters(&shop, &c, "LIP-1").await, [10, 0, 0]);
}

#[actix_web::test]
async fn a_bundle_that_lacks_a_part_is_given_up_as_a_whole() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("LIP-2").await;
    let lyon = shop.location("LYON", 50).await;
    shop.stock(&lyon, "LIP-2", 10).await;
    shop.set(("web", 2500), &[("LIP-1", 2), ("LIP-2", 1)]).await;
    let lines = json!([{ "sku": "SET-1", "quantity": 2 }, { "sku": "LIP-1", "quantity": 1 }]);
    let body = json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines });
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), cash()).await.ok();
    assert_eq!(counters(&shop, &paris, "LIP-1").await, [10, 5, 0]);
    let left = shop.post(&shop.admin, &path(&order, "/reject"), no(&lyon, "not_in_stock")).await.ok();
    assert_eq!((&left["total"]["amount_minor"], &left["paid"]["amount_minor"]), (&json!(1000), &json!(1000)));
    assert_eq!(
        (counters(&shop, &paris, "LIP-1").await, counters(&shop, &lyon, "LIP-2").await),
        ([10, 1, 0], [10, 0, 0])
    );
}

#[actix_web::test]
async fn of_64_who_ship_cancel_or_reject_the_same_unit_one_does() {
    let shop = Rc::new(Shop::open().await);
    let [a, ..] = three(&shop).await;
    let order = web_order(&shop, 1).await;
    let answers = all_at_once(|n| {
        let (shop, order, a) = (shop.clone(), order.clone(), a.clone());
        async move {
            let line = json!([{ "line_no": 1, "quantity": 1 }]);
            match n % 3 {
                0 => shop.post(&shop.admin, &path(&order, "/fulfill"), json!({ "lines": line })).await,
                1 => shop.patch(&shop.admin, &path(&order, "/cancel"), json!({ "lines": line }), None).await,
                _ => shop.post(&shop.admin, &path(&order, "/reject"), no(&a, "no_capacity")).await,
            }
        }
    })
    .await;
    let done: Vec<_> = answers.iter().filter(|answer| answer.status < 300).collect();
    let rejected = shop.database.count("rejections");
    assert!(rejected <= 1, "one place has said no once");
    assert_eq!(i64::try_from(done.len()).unwrap(), 1 + rejected, "{answers:?}");
    assert!(answers.iter().all(|answer| [200, 409, 422].contains(&answer.status)), "{answers:?}");
}

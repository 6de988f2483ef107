//! Transfers: goods leave one place, are on their way, and arrive at another; every unit is accounted for.
use crate::support::{Shop, all_at_once};
use serde_json::{Value, json};
use std::rc::Rc;

async fn two_places(shop: &Shop, units: i32) -> (String, String) {
    let paris = shop.stocked("PARIS", "LIP-1", units).await;
    (paris, shop.location("LYON", 200).await)
}

fn counters(line: &Value) -> [i64; 5] {
    ["shipped", "received", "damaged", "lost", "in_transit"].map(|name| line[name].as_i64().unwrap())
}

#[actix_web::test]
async fn goods_leave_are_on_their_way_and_arrive_whole_damaged_or_not_at_all() {
    let shop = Shop::open().await;
    let (paris, lyon) = two_places(&shop, 20).await;
    let id = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 12 }])).await;
    shop.step("transfers", &id, "ship", json!({})).await.refused(409, "transfer_not_ready");
    shop.step("transfers", &id, "ready", json!({})).await.ok();
    let some = json!({ "lines": [{ "sku": "LIP-1", "quantity": 7 }], "more_follows": true });
    assert_eq!(shop.step("transfers", &id, "ship", some).await.ok()["status"], "in_transit");
    let rest = shop.step("transfers", &id, "ship", json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }] })).await.ok();
    assert_eq!((counters(&rest["lines"][0]), &rest["is_shipped_whole"]), ([10, 0, 0, 0, 10], &json!(true)));
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 10);
    let on_its_way = shop.level(&lyon, "LIP-1").await;
    assert_eq!(
        (&on_its_way["on_hand"], &on_its_way["in_transit"], &on_its_way["quantity_available"]),
        (&json!(0), &json!(10), &json!(0))
    );
    let first = json!({ "lines": [{ "sku": "LIP-1", "received": 5, "damaged": 1 }] });
    assert_eq!(shop.step("transfers", &id, "receive", first).await.ok()["status"], "partially_received");
    let too_much = json!({ "lines": [{ "sku": "LIP-1", "received": 4, "lost": 1 }] });
    shop.step("transfers", &id, "receive", too_much).await.refused(409, "more_than_shipped");
    let last = json!({ "lines": [{ "sku": "LIP-1", "received": 2, "lost": 2 }] });
    let received = shop.step("transfers", &id, "receive", last).await.ok();
    assert_eq!((counters(&received["lines"][0]), &received["status"]), ([10, 7, 1, 2, 0], &json!("received")));
    let level = shop.level(&lyon, "LIP-1").await;
    assert_eq!(
        [&level["on_hand"], &level["damaged"], &level["in_transit"], &level["quantity_available"]],
        [&json!(8), &json!(1), &json!(0), &json!(7)]
    );
    shop.step("transfers", &id, "receive", json!({})).await.refused(409, "transfer_closed");
    shop.step("transfers", &id, "cancel", json!({})).await.refused(409, "transfer_already_shipped");
}

#[actix_web::test]
async fn what_is_promised_does_not_leave() {
    let shop = Shop::open().await;
    let (paris, lyon) = two_places(&shop, 10).await;
    shop.placed(&paris, "LIP-1", 6).await;
    let id = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 5 }])).await;
    shop.step("transfers", &id, "ready", json!({})).await.ok();
    let refusal = shop.step("transfers", &id, "ship", json!({})).await;
    refusal.refused(409, "below_promised");
    assert!(refusal.body["detail"].as_str().unwrap().starts_with("LIP-1: 5 cannot be taken"), "{}", refusal.body);
    let four = json!({ "lines": [{ "sku": "LIP-1", "quantity": 4 }] });
    shop.step("transfers", &id, "ship", four).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn a_draft_is_rewritten_and_nothing_later_is() {
    let shop = Shop::open().await;
    let (paris, lyon) = two_places(&shop, 10).await;
    let line = |units: i32| json!([{ "sku": "LIP-1", "quantity": units }]);
    let body = json!({ "from_location_id": paris, "to_location_id": paris, "lines": line(1) });
    shop.post(&shop.admin, "/v1/transfers", body).await.refused(422, "transfer_to_itself");
    let unknown =
        json!({ "from_location_id": paris, "to_location_id": lyon, "lines": [{ "sku": "NO", "quantity": 1 }] });
    shop.post(&shop.admin, "/v1/transfers", unknown).await.refused(422, "unknown_sku");
    let id = shop.transfer(&paris, &lyon, line(1)).await;
    let path = format!("/v1/transfers/{id}");
    shop.patch(&shop.admin, &path, json!({ "lines": line(2) }), None).await.refused(428, "precondition_required");
    let changed = shop.patch(&shop.admin, &path, json!({ "lines": line(2), "reference": "A-7" }), Some(1)).await.ok();
    assert_eq!((&changed["lines"][0]["requested"], &changed["reference"]), (&json!(2), &json!("A-7")));
    shop.patch(&shop.admin, &path, json!({ "lines": line(3) }), Some(1)).await.refused(412, "stale_version");
    shop.step("transfers", &id, "ready", json!({})).await.ok();
    shop.patch(&shop.admin, &path, json!({ "lines": line(3) }), Some(3)).await.refused(409, "transfer_not_draft");
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }] });
    shop.step("transfers", &id, "ship", more).await.refused(409, "more_than_requested");
    shop.variant("LIP-2").await;
    let other = json!({ "lines": [{ "sku": "LIP-2", "quantity": 1 }] });
    shop.step("transfers", &id, "ship", other).await.refused(422, "not_on_document");
    assert_eq!(shop.step("transfers", &id, "cancel", json!({})).await.ok()["status"], "canceled");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 10);
}

#[actix_web::test]
async fn each_end_does_its_own_part() {
    let shop = Shop::open().await;
    let (paris, lyon) = two_places(&shop, 10).await;
    let nice = shop.location("NICE", 300).await;
    let (from, to) =
        (shop.sign_in("store_manager", Some(&paris)).await, shop.sign_in("store_manager", Some(&lyon)).await);
    let stranger = shop.sign_in("store_manager", Some(&nice)).await;
    let body =
        json!({ "from_location_id": paris, "to_location_id": lyon, "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    let id = shop.post(&to, "/v1/transfers", body.clone()).await.ok()["id"].as_str().unwrap().to_owned();
    shop.post(&stranger, "/v1/transfers", body).await.refused(404, "not_found");
    let path = |step: &str| format!("/v1/transfers/{id}/{step}");
    shop.post(&from, &path("ready"), json!({})).await.ok();
    shop.post(&to, &path("ship"), json!({})).await.refused(403, "forbidden");
    shop.post(&stranger, &path("ship"), json!({})).await.refused(404, "not_found");
    shop.post(&from, &path("ship"), json!({})).await.ok();
    shop.post(&from, &path("receive"), json!({})).await.refused(403, "forbidden");
    shop.post(&to, &path("receive"), json!({})).await.ok();
    shop.get(&stranger, &format!("/v1/transfers/{id}")).await.refused(404, "not_found");
    for (token, seen) in [(&from, 1), (&to, 1), (&stranger, 0)] {
        assert_eq!(shop.get(token, "/v1/transfers").await.ok()["data"].as_array().unwrap().len(), seen);
    }
    let told = "outbox_events where event_type = 'inventory.transfer_changed.v1'";
    assert_eq!(shop.database.count(told), 8, "each of four steps is told at both ends");
}

#[actix_web::test]
async fn a_retried_shipment_ships_once_and_sixty_four_at_once_ship_what_there_is() {
    let shop = Rc::new(Shop::open().await);
    let (paris, lyon) = two_places(&shop, 10).await;
    let id = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 10 }])).await;
    shop.step("transfers", &id, "ready", json!({})).await.ok();
    let one = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }], "more_follows": true });
    let path = format!("/v1/transfers/{id}/ship");
    let first = shop.post_as(&shop.admin, &path, one.clone(), "once").await;
    let again = shop.post_as(&shop.admin, &path, one.clone(), "once").await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(first.ok(), again.body);
    let outcomes = all_at_once(|_| {
        let (shop, path, one) = (shop.clone(), path.clone(), one.clone());
        async move { shop.post(&shop.admin, &path, one).await.status }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|status| **status == 200).count(), 9);
    assert!(outcomes.iter().all(|status| [200, 409].contains(status)), "{outcomes:?}");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 0);
    assert_eq!(shop.level(&lyon, "LIP-1").await["in_transit"], 10);
}

#[actix_web::test]
async fn a_lot_keeps_its_name_on_the_way_and_what_expires_first_leaves_first() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.location("PARIS", 1).await, shop.location("LYON", 2).await);
    shop.variant("LIP-1").await;
    shop.lot(&paris, "LIP-1", ("LATE", "2031-12-31"), 5).await;
    shop.lot(&paris, "LIP-1", ("SOON", "2030-06-30"), 5).await;
    let id = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 7 }])).await;
    shop.step("transfers", &id, "ready", json!({})).await.ok();
    let shipped = shop.step("transfers", &id, "ship", json!({})).await.ok();
    let mut lots: Vec<_> = shipped["lines"][0]["lots"]
        .as_array()
        .unwrap()
        .iter()
        .map(|l| (l["code"].as_str().unwrap(), l["shipped"].as_i64().unwrap()))
        .collect();
    lots.sort_unstable();
    assert_eq!(lots, [("LATE", 2), ("SOON", 5)]);
    let came = json!({ "lines": [
        { "sku": "LIP-1", "lot": "SOON", "received": 4, "damaged": 1 },
        { "sku": "LIP-1", "lot": "LATE", "received": 1, "lost": 1 },
    ] });
    assert_eq!(shop.step("transfers", &id, "receive", came).await.ok()["status"], "received");
    let lots = shop.get(&shop.admin, "/v1/lots?sku=LIP-1").await.ok();
    let at_lyon = |code: &str| {
        let lot = lots["data"].as_array().unwrap().iter().find(|lot| lot["code"] == code).unwrap();
        let place =
            lot["locations"].as_array().unwrap().iter().find(|place| place["location_id"] == lyon.as_str()).unwrap();
        (place["sellable"].as_i64().unwrap(), place["damaged"].as_i64().unwrap())
    };
    assert_eq!((at_lyon("SOON"), at_lyon("LATE")), ((4, 1), (1, 0)));
}

//! Orders, from basket to door.
use crate::support::{Shop, order_body};
use serde_json::{Value, json};

fn path(order: &Value, rest: &str) -> String {
    format!("/v1/orders/{}{rest}", order["id"].as_str().unwrap())
}

#[actix_web::test]
async fn an_order_is_placed_paid_picked_shipped_and_delivered() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let order = shop.post(&till, "/v1/orders", order_body(&paris, "LIP-1", 3)).await.ok();
    assert_eq!(
        (&order["status"], &order["total"]),
        (&json!("pending"), &json!({ "amount_minor": 3000, "currency": "EUR" }))
    );
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 3);
    let paid = shop
        .post(
            &till,
            &path(&order, "/payments"),
            json!({ "gateway": "manual", "amount_minor": 3000, "currency": "EUR" }),
        )
        .await
        .ok();
    assert_eq!(
        (&paid["status"], &paid["order"]["status"], &paid["order"]["payment_status"]),
        (&json!("captured"), &json!("confirmed"), &json!("paid"))
    );
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["reserved"], &level["allocated"], &level["on_hand"]), (&json!(0), &json!(3), &json!(10)));
    let picked = shop.post(&till, &path(&order, "/fulfill"), json!({ "step": "start" })).await.ok();
    assert_eq!(picked["status"], "processing");
    let shipped = shop
        .post(&till, &path(&order, "/fulfill"), json!({ "carrier": "Colissimo", "tracking_number": "X1" }))
        .await
        .ok();
    assert_eq!((&shipped["status"], &shipped["shipments"][0]["tracking_number"]), (&json!("shipped"), &json!("X1")));
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(
        (&level["allocated"], &level["on_hand"], &level["quantity_available"]),
        (&json!(0), &json!(7), &json!(7))
    );
    let delivered = shop.post(&till, &path(&order, "/deliver"), json!({})).await.ok();
    assert_eq!(delivered["status"], "delivered");
    let read = shop.get(&till, &path(&order, "")).await;
    assert!(read.header("etag").starts_with(&format!("\"{}-", delivered["version"])));
    assert_eq!(read.ok(), delivered);
    assert_eq!(shop.database.count("stock_moves where reason = 'sale'"), 1);
}

#[actix_web::test]
async fn an_order_beyond_stock_changes_nothing() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 6)).await.refused(409, "out_of_stock");
    let mut twice = order_body(&paris, "LIP-1", 3);
    twice["lines"] = json!([{ "sku": "LIP-1", "quantity": 3 }, { "sku": "LIP-1", "quantity": 3 }]);
    shop.post(&shop.admin, "/v1/orders", twice).await.refused(409, "out_of_stock");
    for table in ["orders", "order_lines", "reservations", "idempotency_keys where permission = 'orders:place'"] {
        assert_eq!(shop.database.count(table), 0, "{table}");
    }
    let mut fits = order_body(&paris, "LIP-1", 3);
    fits["lines"] = json!([{ "sku": "LIP-1", "quantity": 3 }, { "sku": "LIP-1", "quantity": 2 }]);
    assert_eq!(shop.post(&shop.admin, "/v1/orders", fits).await.ok()["lines"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn a_bundle_takes_its_parts_and_shares_them_with_other_lines() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 5).await;
    let prices = json!([{ "channel": "pos", "currency": "EUR", "amount_minor": 2500 }]);
    let set = json!({ "name": "Set", "category": "bundle", "variants": [{ "sku": "SET-1", "prices": prices }] });
    let set = shop.post(&shop.admin, "/v1/products", set).await.ok();
    let parts = json!({ "components": [{ "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-2", "quantity": 1 }] });
    shop.put(&shop.admin, &format!("/v1/variants/{}/components", set["variants"][0]["id"].as_str().unwrap()), parts)
        .await
        .ok();
    let mut body = order_body(&paris, "SET-1", 2);
    body["lines"] = json!([{ "sku": "SET-1", "quantity": 2 }, { "sku": "LIP-1", "quantity": 2 }]);
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(409, "out_of_stock");
    body["lines"] = json!([{ "sku": "SET-1", "quantity": 2 }, { "sku": "LIP-1", "quantity": 1 }]);
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    assert_eq!(order["total"]["amount_minor"], 6000);
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
    assert_eq!(shop.level(&paris, "LIP-2").await["quantity_available"], 3);
}

#[actix_web::test]
async fn without_a_location_the_first_by_priority_that_has_everything_is_taken() {
    let shop = Shop::open().await;
    let far = shop.location("FAR", 50).await;
    let near = shop.location("NEAR", 10).await;
    for sku in ["LIP-1", "LIP-2"] {
        shop.variant(sku).await;
    }
    shop.stock(&near, "LIP-1", 5).await;
    shop.stock(&far, "LIP-1", 5).await;
    shop.stock(&far, "LIP-2", 5).await;
    let body = |lines: Value| {
        json!({
            "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines,
        })
    };
    let one = shop.post(&shop.admin, "/v1/orders", body(json!([{ "sku": "LIP-1", "quantity": 1 }]))).await.ok();
    assert_eq!(one["location_id"], near.as_str());
    let both = shop
        .post(
            &shop.admin,
            "/v1/orders",
            body(json!([{ "sku": "LIP-1", "quantity": 1 }, { "sku": "LIP-2", "quantity": 1 }])),
        )
        .await
        .ok();
    assert_eq!(both["location_id"], far.as_str());
    shop.post(&shop.admin, "/v1/orders", body(json!([{ "sku": "LIP-2", "quantity": 5 }])))
        .await
        .refused(409, "out_of_stock");
    let elsewhere = shop.sign_in("cashier", Some(&far)).await;
    let own = shop.post(&elsewhere, "/v1/orders", body(json!([{ "sku": "LIP-1", "quantity": 1 }]))).await.ok();
    assert_eq!(own["location_id"], far.as_str());
}

#[actix_web::test]
async fn each_illegal_move_is_refused_with_its_code_and_changes_nothing() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let pending = shop.placed(&paris, "LIP-1", 1).await;
    shop.post(&shop.admin, &path(&pending, "/fulfill"), json!({})).await.refused(409, "order_not_paid");
    shop.post(&shop.admin, &path(&pending, "/deliver"), json!({})).await.refused(409, "order_not_shipped");
    let too_much = json!({ "gateway": "manual", "amount_minor": 1001 });
    shop.post(&shop.admin, &path(&pending, "/payments"), too_much).await.refused(409, "payment_exceeds_total");
    let wrong = json!({ "gateway": "manual", "currency": "USD" });
    shop.post(&shop.admin, &path(&pending, "/payments"), wrong).await.refused(422, "currency_mismatch");
    let paid = shop.paid(&paris, "LIP-1", 1).await;
    shop.post(&shop.admin, &path(&paid, "/payments"), json!({ "gateway": "manual" }))
        .await
        .refused(409, "order_not_pending");
    shop.post(&shop.admin, &path(&paid, "/fulfill"), json!({ "step": "start" })).await.ok();
    shop.post(&shop.admin, &path(&paid, "/fulfill"), json!({ "step": "start" }))
        .await
        .refused(409, "order_already_processing");
    shop.post(&shop.admin, &path(&paid, "/fulfill"), json!({})).await.ok();
    shop.post(&shop.admin, &path(&paid, "/fulfill"), json!({})).await.refused(409, "order_already_shipped");
    shop.patch(&shop.admin, &path(&paid, "/cancel"), json!({}), None).await.refused(409, "order_already_shipped");
    shop.post(&shop.admin, &path(&paid, "/deliver"), json!({})).await.ok();
    shop.patch(&shop.admin, &path(&paid, "/cancel"), json!({}), None).await.refused(409, "order_already_delivered");
    let nothing = shop.post(&shop.admin, &path(&pending, "/cancel"), json!({ "lines": [] })).await;
    nothing.refused(422, "invalid_body");
    assert_eq!(nothing.body["errors"][0]["pointer"], "#/lines", "an empty choice is not the whole order");
    shop.patch(&shop.admin, &path(&pending, "/cancel"), json!({}), Some(99)).await.refused(412, "stale_version");
    shop.patch(&shop.admin, &path(&pending, "/cancel"), json!({}), Some(1)).await.ok();
    shop.post(&shop.admin, &path(&pending, "/payments"), json!({ "gateway": "manual" }))
        .await
        .refused(409, "order_canceled");
}

#[actix_web::test]
async fn canceling_frees_the_stock_and_gives_the_money_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let pending = shop.placed(&paris, "LIP-1", 4).await;
    let part = json!({ "gateway": "manual", "amount_minor": 1500 });
    let partly = shop.post(&shop.admin, &path(&pending, "/payments"), part).await.ok();
    assert_eq!(
        (&partly["order"]["status"], &partly["order"]["payment_status"]),
        (&json!("pending"), &json!("partially_paid"))
    );
    let canceled =
        shop.patch(&shop.admin, &path(&pending, "/cancel"), json!({ "reason": "changed my mind" }), None).await.ok();
    assert_eq!(
        (&canceled["status"], &canceled["payment_status"], &canceled["cancel_reason"]),
        (&json!("canceled"), &json!("refunded"), &json!("changed my mind"))
    );
    let paid = shop.paid(&paris, "LIP-1", 4).await;
    let first = shop.post_as(&shop.admin, &path(&paid, "/cancel"), json!({}), "cancel").await.ok();
    let again = shop.post_as(&shop.admin, &path(&paid, "/cancel"), json!({}), "cancel").await.ok();
    assert_eq!((&first["status"], &again), (&json!("canceled"), &first), "a retry changes nothing");
    shop.post(&shop.admin, &path(&paid, "/cancel"), json!({})).await.refused(409, "order_canceled");
    let payments = shop.get(&shop.admin, &path(&paid, "/payments")).await.ok();
    assert_eq!(
        (&payments["data"][0]["status"], &payments["data"][0]["refunded"]["amount_minor"]),
        (&json!("refunded"), &json!(4000))
    );
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(
        (&level["quantity_available"], &level["reserved"], &level["allocated"]),
        (&json!(10), &json!(0), &json!(0))
    );
}

#[actix_web::test]
async fn an_order_that_is_not_paid_in_time_is_canceled_and_its_money_refunded() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 4).await;
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual", "amount_minor": 1 })).await.ok();
    assert_eq!(shop.after(1799).await, 0);
    assert_eq!(shop.after(2).await, 2, "the hold expires and the order lapses");
    let admin = shop.sign_in("admin", None).await;
    let lapsed = shop.get(&admin, &path(&order, "")).await.ok();
    assert_eq!(
        (&lapsed["status"], &lapsed["payment_status"], &lapsed["cancel_reason"]),
        (&json!("canceled"), &json!("refunded"), &json!("not paid in time"))
    );
}

#[actix_web::test]
async fn a_reservation_of_an_order_cannot_be_released_behind_its_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    let body = json!({ "reservation_id": order["reservation_id"] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/inventory/release"), body)
        .await
        .refused(409, "reservation_belongs_to_order");
}

#[actix_web::test]
async fn orders_are_listed_by_filter_in_pages_newest_or_oldest_first() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    for _ in 0..5 {
        shop.placed(&paris, "LIP-1", 1).await;
    }
    shop.paid(&paris, "LIP-1", 1).await;
    let numbers = |page: &Value| {
        page["data"].as_array().unwrap().iter().map(|o| o["number"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let newest = shop.get(&shop.admin, "/v1/orders?limit=4").await.ok();
    let rest = shop
        .get(&shop.admin, &format!("/v1/orders?limit=4&cursor={}", newest["page"]["next_cursor"].as_str().unwrap()))
        .await
        .ok();
    assert_eq!([numbers(&newest), numbers(&rest)].concat(), [6, 5, 4, 3, 2, 1]);
    let oldest = shop.get(&shop.admin, "/v1/orders?sort=created_at&status=pending,canceled&channel=pos").await.ok();
    assert_eq!(numbers(&oldest), [1, 2, 3, 4, 5]);
    assert_eq!(
        numbers(&shop.get(&shop.admin, &format!("/v1/orders?location_id={paris}&status=confirmed")).await.ok()),
        [6]
    );
    assert_eq!(numbers(&shop.get(&shop.admin, "/v1/orders?to=2020-01-01T00:00:00Z").await.ok()), Vec::<i64>::new());
    shop.get(&shop.admin, "/v1/orders?status=lost").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/orders?limit=201").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/orders?sort=total").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/orders?colour=red").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/orders?cursor=abc").await.refused(400, "invalid_cursor");
}

#[actix_web::test]
async fn the_timeline_tells_what_happened_by_whom_and_why() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let order = shop.post(&till, "/v1/orders", order_body(&paris, "LIP-1", 3)).await.ok();
    let pay = |amount: i64| json!({ "gateway": "manual", "amount_minor": amount });
    shop.post(&till, &path(&order, "/payments"), pay(1000)).await.ok();
    shop.post(&till, &path(&order, "/payments"), pay(2000)).await.ok();
    shop.post(&till, &path(&order, "/payments"), pay(1)).await.refused(409, "order_not_pending");
    let canceled =
        shop.patch(&shop.admin, &path(&order, "/cancel"), json!({ "reason": "changed her mind" }), None).await.ok();
    let told = shop.get(&till, &path(&order, "/events")).await.ok()["data"].as_array().unwrap().clone();
    let events: Vec<_> = told.iter().map(|entry| (&entry["version"], &entry["event"], &entry["reason"])).collect();
    let entry = |version: i64, event: &str, reason: Value| (json!(version), json!(event), reason);
    let wanted = [
        entry(1, "placed", Value::Null),
        entry(2, "part_paid", Value::Null),
        entry(3, "confirmed", Value::Null),
        entry(4, "canceled", json!("changed her mind")),
    ];
    assert_eq!(events, wanted.iter().map(|(a, b, c)| (a, b, c)).collect::<Vec<_>>());
    assert_eq!(canceled["version"], 4);
    assert!(told[0]["actor_id"].is_string() && told[0]["actor_id"] == told[2]["actor_id"]);
    assert_ne!(told[0]["actor_id"], told[3]["actor_id"]);

    let query = "{ orders(first: 1) { nodes { timeline { event reason } } } }";
    let read = shop.post(&shop.admin, "/graphql", json!({ "query": query })).await.ok();
    let last = json!({ "event": "CANCELED", "reason": "changed her mind" });
    assert_eq!(read["data"]["orders"]["nodes"][0]["timeline"][3], last);
}

#[actix_web::test]
async fn what_happens_to_an_order_by_itself_is_no_ones_and_cannot_be_rewritten() {
    let shop = Shop::open_with(&[("COFFRET_ORDERS__HOLD_SECONDS", "100")]).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.placed(&paris, "LIP-1", 1).await;
    shop.after(200).await;
    let told = shop.get(&shop.admin, &path(&order, "/events")).await.ok()["data"][1].clone();
    assert_eq!(
        (&told["event"], &told["reason"], &told["actor_id"]),
        (&json!("canceled"), &json!("not paid in time"), &Value::Null)
    );
    for change in ["update order_events set reason = null", "delete from order_events", "truncate order_events"] {
        let refusal = shop.database.attempt(change).unwrap_err().to_string();
        assert!(refusal.contains("append-only"), "{refusal}");
    }
}

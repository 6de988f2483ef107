//! Stock: holding it, giving it back, adjusting it.
use crate::support::{Shop, order_body};
use serde_json::json;

#[actix_web::test]
async fn a_reservation_holds_all_its_lines_and_tells_each_rows_version() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 3).await;
    let body = json!({
        "lines": [{ "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-2", "quantity": 3 }], "expires_in_seconds": 60,
        "reference": "basket 7",
    });
    let made = shop.post(&shop.admin, &format!("/v1/locations/{paris}/inventory/reserve"), body).await;
    assert_eq!(made.status, 201);
    assert!(made.header("location").starts_with("/v1/reservations/"));
    let made = made.ok();
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!(
        (&level["quantity_available"], &level["quantity_reserved"], &level["on_hand"]),
        (&json!(3), &json!(2), &json!(5))
    );
    let line = made["lines"].as_array().unwrap().iter().find(|l| l["sku"] == "LIP-1").unwrap().clone();
    assert_eq!(line["version"], level["version"]);
    assert_eq!(shop.level(&paris, "LIP-2").await["quantity_available"], 0);
}

#[actix_web::test]
async fn a_reservation_beyond_stock_holds_nothing_at_all() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 1).await;
    let path = format!("/v1/locations/{paris}/inventory/reserve");
    let body = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }, { "sku": "LIP-2", "quantity": 2 }] });
    let refusal = shop.post(&shop.admin, &path, body).await;
    refusal.refused(409, "out_of_stock");
    assert!(refusal.body["detail"].as_str().unwrap().contains("2 of LIP-2: 1 available"), "{}", refusal.body);
    let twice = json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }, { "sku": "LIP-1", "quantity": 3 }] });
    shop.post(&shop.admin, &path, twice).await.refused(409, "out_of_stock");
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 5);
    assert_eq!(shop.database.count("reservations"), 0);
    assert_eq!(shop.database.count("outbox_events where aggregate_type = 'reservation'"), 0);
}

#[actix_web::test]
async fn a_hold_ends_once_by_release_or_by_expiry() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let reserve = format!("/v1/locations/{paris}/inventory/reserve");
    let release = format!("/v1/locations/{paris}/inventory/release");
    let lines = json!([{ "sku": "LIP-1", "quantity": 2 }]);
    let first = shop.post(&shop.admin, &reserve, json!({ "lines": lines, "expires_in_seconds": 60 })).await.ok();
    let second = shop.post(&shop.admin, &reserve, json!({ "lines": lines, "expires_in_seconds": 60 })).await.ok();
    let released = shop.post(&shop.admin, &release, json!({ "reservation_id": first["id"] })).await.ok();
    assert_eq!(released["status"], "released");
    shop.post(&shop.admin, &release, json!({ "reservation_id": first["id"] }))
        .await
        .refused(409, "reservation_not_active");
    assert_eq!(shop.after(59).await, 0);
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 2);
    assert_eq!(shop.after(2).await, 1);
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 0);
    shop.post(&shop.admin, &release, json!({ "reservation_id": second["id"] }))
        .await
        .refused(409, "reservation_not_active");
    let path = format!("/v1/reservations/{}", second["id"].as_str().unwrap());
    assert_eq!(shop.get(&shop.admin, &path).await.ok()["status"], "expired");
}

#[actix_web::test]
async fn adjustments_move_states_and_never_go_below_what_is_promised() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let damaged =
        shop.patch(&shop.admin, &path, json!({ "delta": 3, "state": "damaged", "reason": "damage" }), None).await.ok();
    assert_eq!(
        (&damaged["on_hand"], &damaged["damaged"], &damaged["quantity_available"]),
        (&json!(10), &json!(3), &json!(7))
    );
    let reserve = json!({ "lines": [{ "sku": "LIP-1", "quantity": 6 }] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/inventory/reserve"), reserve).await.ok();
    let refusal = shop.patch(&shop.admin, &path, json!({ "delta": -2, "reason": "count" }), None).await;
    refusal.refused(409, "below_promised");
    assert!(refusal.body["detail"].as_str().unwrap().contains("6 are reserved"), "{}", refusal.body);
    shop.patch(&shop.admin, &path, json!({ "delta": -4, "state": "damaged", "reason": "restock" }), None)
        .await
        .refused(409, "negative_stock");
    shop.patch(&shop.admin, &path, json!({ "delta": -1, "reason": "sample" }), None).await.ok();
    assert_eq!(shop.level(&paris, "LIP-1").await["quantity_available"], 0);
}

#[actix_web::test]
async fn a_backorder_is_promised_but_shipped_only_when_it_is_here() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    shop.patch(&shop.admin, &path, json!({ "backorder_limit": 5 }), Some(0)).await.ok();
    shop.patch(&shop.admin, &path, json!({ "delta": 2, "state": "damaged", "reason": "damage" }), None)
        .await
        .refused(409, "negative_stock");
    let order = shop.paid(&paris, "LIP-1", 3).await;
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!((&level["quantity_available"], &level["backordered"]), (&json!(0), &json!(3)));
    let fulfill = format!("/v1/orders/{}/fulfill", order["id"].as_str().unwrap());
    shop.post(&shop.admin, &fulfill, json!({})).await.refused(409, "not_on_hand");
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 3)).await.refused(409, "out_of_stock");
    shop.stock(&paris, "LIP-1", 3).await;
    assert_eq!(shop.post(&shop.admin, &fulfill, json!({})).await.ok()["status"], "shipped");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 0);
}

#[actix_web::test]
async fn an_absolute_count_or_threshold_needs_the_version_that_was_read() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let count = json!({ "set": 8, "reason": "count" });
    shop.patch(&shop.admin, &path, count.clone(), None).await.refused(428, "precondition_required");
    let version = shop.level(&paris, "LIP-1").await["version"].as_i64().unwrap();
    let stale = shop.patch(&shop.admin, &path, count.clone(), Some(version - 1)).await;
    stale.refused(412, "stale_version");
    assert_eq!(stale.body["current_version"], version);
    assert_eq!(stale.header("etag"), format!("\"{version}\""));
    let counted = shop.patch(&shop.admin, &path, count, Some(version)).await.ok();
    assert_eq!((&counted["on_hand"], counted["version"].as_i64()), (&json!(8), Some(version + 1)));
    let limits = json!({ "safety_stock": 2, "reorder_threshold": 4, "reorder_quantity": 20 });
    shop.patch(&shop.admin, &path, limits.clone(), None).await.refused(428, "precondition_required");
    let kept = shop.patch(&shop.admin, &path, limits, Some(version + 1)).await.ok();
    assert_eq!((&kept["quantity_available"], &kept["reorder_quantity"]), (&json!(6), &json!(20)));
    let too_much = shop.patch(&shop.admin, &path, json!({ "safety_stock": 9 }), Some(version + 2)).await;
    too_much.refused(409, "below_promised");
}

#[actix_web::test]
async fn a_variant_never_stocked_here_can_be_found_or_counted() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    let product = shop.variant("LIP-1").await;
    let id = product["variants"][0]["id"].as_str().unwrap();
    let counted = shop
        .patch(
            &shop.admin,
            &format!("/v1/locations/{paris}/inventory/{id}"),
            json!({ "set": 4, "reason": "count" }),
            Some(0),
        )
        .await;
    assert_eq!(counted.ok()["on_hand"], 4);
    shop.patch(
        &shop.admin,
        &format!("/v1/locations/{paris}/inventory/NO-SUCH"),
        json!({ "delta": 1, "reason": "found" }),
        None,
    )
    .await
    .refused(404, "not_found");
}

#[actix_web::test]
async fn lists_are_paged_without_gaps_or_repeats() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    for n in 0..7 {
        shop.variant(&format!("LIP-{n}")).await;
        shop.stock(&paris, &format!("LIP-{n}"), 1).await;
    }
    let (mut seen, mut cursor) = (vec![], String::new());
    loop {
        let page = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?limit=3{cursor}")).await.ok();
        seen.extend(page["data"].as_array().unwrap().iter().map(|level| level["sku"].as_str().unwrap().to_owned()));
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    seen.sort();
    assert_eq!(seen, (0..7).map(|n| format!("LIP-{n}")).collect::<Vec<_>>());
    let foreign = format!("/v1/locations?limit=3{cursor}");
    shop.get(&shop.admin, &foreign).await.refused(400, "invalid_cursor");
}

#[actix_web::test]
async fn the_ledger_cannot_be_changed_even_by_hand() {
    let shop = Shop::open().await;
    shop.stocked("PARIS", "LIP-1", 10).await;
    let tampered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        shop.database.run("update stock_moves set quantity = 11");
    }));
    assert!(tampered.is_err());
    let emptied = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| shop.database.run("truncate stock_moves")));
    assert!(emptied.is_err());
}

#[actix_web::test]
async fn the_audit_names_the_row_that_differs() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.database.run("update stock_levels set on_hand = on_hand + 1, reserved = 1");
    let found = coffret::app::audit(&shop.app.db).await.unwrap();
    let names: Vec<_> = found.iter().map(|v| v.invariant.as_str()).collect();
    assert_eq!(names, ["levels_equal_ledger", "reserved_equals_active_holds"]);
    assert!(found[0].subject.starts_with(&paris));
    shop.database.run("update stock_levels set on_hand = on_hand - 1, reserved = 0");
}

#[actix_web::test]
async fn an_adjustment_below_what_is_promised_names_those_to_whom_it_is() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let at = format!("/v1/locations/{paris}/inventory");
    let paid = shop.paid(&paris, "LIP-1", 4).await["id"].as_str().unwrap().to_owned();
    let placed = shop.placed(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    let hold = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
    let held = shop.post(&shop.admin, &format!("{at}/reserve"), hold).await.ok()["id"].as_str().unwrap().to_owned();
    let refused =
        shop.patch(&shop.admin, &format!("{at}/LIP-1"), json!({ "delta": -4, "reason": "theft" }), None).await;
    refused.refused(409, "below_promised");
    let told: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap()).collect();
    let expected = [
        format!("4 allocated for order {paid}"),
        format!("2 reserved for order {placed}"),
        format!("1 reserved for reservation {held}"),
    ];
    assert_eq!(told, expected);
    shop.patch(&shop.admin, &format!("{at}/LIP-1"), json!({ "delta": -3, "reason": "theft" }), None).await.ok();
}

#[actix_web::test]
async fn the_audit_sees_a_key_too_many_an_answer_without_its_order_and_money_not_given_back() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = shop.paid(&paris, "LIP-1", 1).await["id"].as_str().unwrap().to_owned();
    let found = async || {
        let found = coffret::app::audit(&shop.app.db).await.unwrap();
        found.into_iter().map(|found| found.invariant).collect::<Vec<_>>()
    };
    let key = |key: &str, id: &str| {
        format!(
            "insert into idempotency_keys (principal_id, key, fingerprint, permission, status, body, created_id, \
             created_at) \
             select principal_id, '{key}', fingerprint, permission, status, body, {id}, created_at \
             from idempotency_keys \
             where permission = 'orders:place' limit 1"
        )
    };
    shop.database.run(&key("again", "created_id"));
    assert_eq!(found().await, ["one_order_per_key"]);
    shop.database.run("delete from idempotency_keys where key = 'again'");
    shop.database.run(&key("gone", "gen_random_uuid()"));
    assert_eq!(found().await, ["answered_orders_exist"]);
    shop.database.run("delete from idempotency_keys where key = 'gone'");
    shop.patch(&shop.admin, &format!("/v1/orders/{order}/cancel"), json!({}), None).await.ok();
    let refunded = |minor: i32| {
        format!("update orders set refunded_minor = {minor}; update payments set refunded_minor = {minor}")
    };
    shop.database.run(&refunded(0));
    assert_eq!(found().await, ["operations_add_up_to_what_was_asked"]);
    shop.database.run(&refunded(1000));
}

#[actix_web::test]
async fn a_retried_adjustment_is_answered_after_its_reason_is_put_out_of_use() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let path = format!("/v1/locations/{paris}/inventory/LIP-1");
    let reason = json!({ "code": "window", "name": "Window display", "direction": "out", "node": "scrap" });
    shop.post(&shop.admin, "/v1/reasons", reason.clone()).await.ok();
    shop.post(&shop.admin, "/v1/reasons", reason).await.refused(409, "reason_code_taken");
    let body = json!({ "delta": -1, "reason": "window" });
    let book = || {
        let request = shop.request(&shop.admin, reqwest::Method::PATCH, &path).header("Idempotency-Key", "once");
        crate::support::answer(request.json(&body))
    };
    let first = book().await.ok();
    shop.patch(&shop.admin, "/v1/reasons/window", json!({ "is_active": false }), Some(1)).await.ok();
    assert_eq!(book().await.ok(), first);
    shop.patch(&shop.admin, &path, body.clone(), None).await.refused(409, "reason_inactive");
    shop.patch(&shop.admin, &path, json!({ "delta": -1, "reason": "nonsense" }), None)
        .await
        .refused(422, "unknown_reason");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 9);
}

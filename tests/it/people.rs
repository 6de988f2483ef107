//! Lookups by what people hold in their hands: numbers, codes and names in place of ids, days in place of moments, all
//! faults at once.
use crate::support::{Shop, all_at_once};
use serde_json::{Value, json};
use std::rc::Rc;

fn pointers(body: &Value) -> Vec<&str> {
    let mut found: Vec<_> =
        body["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    found.sort_unstable();
    found
}

#[actix_web::test]
async fn all_faults_of_a_body_are_told_at_once_each_with_its_pointer() {
    let shop = Shop::open().await;
    let body = json!({
        "channel": "shop", "currency": 7, "lines": [{ "sku": "LIP-1" }, { "quantity": "two", "sku": "X", "gift": 1 }],
    });
    let refused = shop.post(&shop.admin, "/v1/orders", body).await;
    refused.refused(422, "invalid_body");
    let expected = ["#/channel", "#/currency", "#/lines/0/quantity", "#/lines/1/gift", "#/lines/1/quantity"];
    assert_eq!(pointers(&refused.body), expected, "{}", refused.body);
    for wrong in [json!(7), json!(["web"]), json!(null)] {
        let body = json!({ "channel": wrong, "currency": "EUR", "lines": [{ "sku": "LIP-1", "quantity": 0 }] });
        let refused = shop.post(&shop.admin, "/v1/orders", body).await;
        refused.refused(422, "invalid_body");
        assert_eq!(pointers(&refused.body), ["#/channel", "#/lines/0/quantity"], "{}", refused.body);
    }
    let body = json!({ "name": "", "kind": "kiosk", "country": "XX", "time_zone": "Europe/Pariss" });
    let refused = shop.post(&shop.admin, "/v1/locations", body).await;
    let expected = ["#/code", "#/country", "#/kind", "#/name", "#/time_zone"];
    assert_eq!(pointers(&refused.body), expected, "{}", refused.body);
}

#[actix_web::test]
async fn a_transfer_a_purchase_order_a_count_and_a_return_are_found_by_their_numbers() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 50).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 2 }]);
    let transfer = json!({ "from_location_id": paris, "to_location_id": lyon, "lines": lines });
    let transfer = shop.post(&shop.admin, "/v1/transfers", transfer).await.ok();
    let other = json!({ "from_location_id": paris, "to_location_id": lyon, "lines": lines });
    shop.post(&shop.admin, "/v1/transfers", other).await.ok();
    let supplier = json!({ "code": "LAB", "name": "Lab", "lead_days": 3 });
    let supplier = shop.post(&shop.admin, "/v1/suppliers", supplier).await.ok();
    let bought = json!({ "supplier_id": supplier["id"], "location_id": paris, "lines": lines });
    let bought = shop.post(&shop.admin, "/v1/purchase-orders", bought).await.ok();
    let count = shop.post(&shop.admin, &format!("/v1/locations/{paris}/counts"), json!({})).await.ok();
    for (list, made) in [
        ("/v1/transfers?", &transfer),
        ("/v1/purchase-orders?", &bought),
        (&*format!("/v1/locations/{paris}/counts?"), &count),
        ("/v1/counts?", &count),
    ] {
        let found = shop.get(&shop.admin, &format!("{list}number={}", made["number"])).await.ok();
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{list}: {found}");
        assert_eq!(found["data"][0]["id"], made["id"], "{list}");
    }
    for (status, some) in [("counting", 1), ("review", 0)] {
        for route in ["/v1/counts".to_owned(), format!("/v1/locations/{paris}/counts")] {
            let found = shop.get(&shop.admin, &format!("{route}?status={status}")).await.ok();
            assert_eq!(found["data"].as_array().unwrap().len(), some, "{route} {status}");
        }
    }
    let elsewhere = shop.sign_in("warehouse_staff", Some(&lyon)).await;
    let found = shop.get(&elsewhere, &format!("/v1/counts?number={}", count["number"])).await.ok();
    assert_eq!(found["data"], json!([]), "a count of another location is not found");
    let query = format!("{{ counts(number: {}) {{ nodes {{ number }} }} }}", count["number"]);
    let told = shop.graphql(&shop.admin, &query, json!({})).await;
    assert_eq!(told["data"]["counts"]["nodes"][0]["number"], count["number"], "{told}");
    let query = format!("{{ transfers(number: {}) {{ nodes {{ number transferId }} }} }}", transfer["number"]);
    let told = shop.graphql(&shop.admin, &query, json!({})).await;
    assert_eq!(told["data"]["transfers"]["nodes"][0]["transferId"], transfer["id"], "{told}");
    let order = crate::returns::shipped(&shop, &paris, 1, json!({ "gateway": "manual" })).await;
    let back = shop.post(&shop.admin, "/v1/returns", crate::returns::at(&order, 1, &paris)).await.ok();
    let route = format!("/v1/returns?number={}", back["number"].as_str().unwrap().to_lowercase());
    assert_eq!(shop.get(&shop.admin, &route).await.ok()["data"][0]["id"], back["id"]);
    let refused = shop
        .post(
            &shop.admin,
            &format!("/v1/transfers/{}/receive", transfer["id"].as_str().unwrap()),
            json!({ "lines": [] }),
        )
        .await;
    assert!(
        refused.body["detail"].as_str().unwrap_or_default().contains(&transfer["number"].to_string())
            || refused.status == 422,
        "{}",
        refused.body
    );
}

#[actix_web::test]
async fn sentences_name_skus_and_codes_in_place_of_ids() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let lyon = shop.location("LYON", 50).await;
    let order = shop.paid(&paris, "LIP-1", 2).await;
    let ship = json!({ "location_id": lyon });
    let refused = shop.post(&shop.admin, &format!("/v1/orders/{}/fulfill", order["id"].as_str().unwrap()), ship).await;
    let said = refused.body["detail"].as_str().unwrap();
    assert!(said.contains("LYON") && !said.contains(&lyon), "{said}");
    let lines = json!([{ "sku": "LIP-1", "quantity": 2 }]);
    let transfer = json!({ "from_location_id": paris, "to_location_id": lyon, "lines": lines });
    let transfer = shop.post(&shop.admin, "/v1/transfers", transfer).await.ok();
    let id = transfer["id"].as_str().unwrap();
    shop.step("transfers", id, "ready", json!({})).await.ok();
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 5 }] });
    let refused = shop.post(&shop.admin, &format!("/v1/transfers/{id}/ship"), more).await;
    let said = refused.body["detail"].as_str().unwrap();
    assert!(said.contains("LIP-1") && said.contains(&transfer["number"].to_string()), "{said}");
    let reject = json!({ "location_id": paris, "reason": "no_capacity" });
    shop.post(&shop.admin, &format!("/v1/orders/{}/reject", order["id"].as_str().unwrap()), reject).await.ok();
    let events = shop.get(&shop.admin, &format!("/v1/orders/{}/events", order["id"].as_str().unwrap())).await.ok();
    assert!(!events.to_string().contains(&format!("{paris} ")), "the timeline names the store by its code: {events}");
}

#[actix_web::test]
async fn stock_is_told_as_of_the_end_of_a_business_day() {
    let shop = Shop::open_for_long().await;
    shop.noon();
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let day = shop.clock.now().date_naive();
    shop.clock.advance(chrono::Duration::days(2));
    shop.stock(&paris, "LIP-1", 5).await;
    let ask = |query: String| format!("/v1/locations/{paris}/inventory?sku=LIP-1&{query}");
    let then = shop.get(&shop.admin, &ask(format!("as_of={day}"))).await.ok();
    assert_eq!(then["data"][0]["on_hand"], 10, "{then}");
    let today = shop.clock.now().date_naive();
    let now = shop.get(&shop.admin, &ask(format!("as_of={today}"))).await.ok();
    assert_eq!(now["data"][0]["on_hand"], 15, "the end of a day that is not over is now");
    let wrong = shop.get(&shop.admin, &ask("as_of=yesterday".into())).await;
    wrong.refused(400, "invalid_query");
    assert!(wrong.body["detail"].as_str().unwrap().contains("2026-11-28"), "{}", wrong.body);
}

#[actix_web::test]
async fn the_moves_behind_a_level_show_note_lot_and_who_did_it() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    shop.lot(&paris, "LIP-1", ("L1", "2031-01-31"), 5).await;
    let body = json!({ "delta": -1, "reason": "sample", "lot": "L1", "note": "for the window" });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1"), body, None).await.ok();
    let moves = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/moves")).await.ok();
    let last = &moves["data"][0];
    assert_eq!((&last["lot"], &last["note"]), (&json!("L1"), &json!("for the window")), "{last}");
    assert!(last["actor_name"].as_str().is_some_and(|name| !name.is_empty()), "{last}");
}

#[actix_web::test]
async fn a_location_is_closed_once_it_is_empty_and_keeps_its_history() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 3).await;
    let at = format!("/v1/locations/{paris}");
    let close = async |closed: bool| {
        let version = shop.get(&shop.admin, &at).await.ok()["version"].as_i64();
        shop.patch(&shop.admin, &at, json!({ "closed": closed }), version).await
    };
    let refused = close(true).await;
    refused.refused(409, "location_not_empty");
    assert!(
        refused.body["detail"].as_str().unwrap().contains("PARIS is not empty: 3 units on hand"),
        "{}",
        refused.body
    );
    let adjust = format!("{at}/inventory/LIP-1");
    shop.patch(&shop.admin, &adjust, json!({ "delta": -3, "reason": "write_off" }), None).await.ok();
    assert!(close(true).await.ok()["closed_at"].is_string());
    let refused = shop.patch(&shop.admin, &adjust, json!({ "delta": 1, "reason": "found" }), None).await;
    refused.refused(409, "location_closed");
    assert!(refused.body["detail"].as_str().unwrap().contains("PARIS"), "{}", refused.body);
    let order = crate::support::order_body(&paris, "LIP-1", 1);
    shop.post(&shop.admin, "/v1/orders", order).await.refused(409, "location_closed");
    shop.post(&shop.admin, &format!("{at}/counts"), json!({})).await.refused(409, "location_closed");
    let moves = shop.get(&shop.admin, &format!("{adjust}/moves")).await.ok();
    assert_eq!(moves["data"].as_array().unwrap().len(), 2, "its history stays");
    close(false).await.ok();
    shop.stock(&paris, "LIP-1", 1).await;
}

#[actix_web::test]
async fn of_64_who_close_a_location_or_bring_goods_to_it_no_two_are_right() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.location("PARIS", 100).await;
    shop.variant("LIP-1").await;
    let at = format!("/v1/locations/{paris}");
    let answers = all_at_once(|n| {
        let (shop, at) = (shop.clone(), at.clone());
        async move {
            let lines = json!({ "lines": [{ "sku": "LIP-1", "accepted": 1 }] });
            match n % 2 {
                0 => shop.patch(&shop.admin, &at, json!({ "closed": true }), Some(1)).await,
                _ => shop.post(&shop.admin, &format!("{at}/receipts"), lines).await,
            }
        }
    })
    .await;
    assert!(answers.iter().all(|answer| [200, 201, 409, 412].contains(&answer.status)), "{answers:?}");
    let is_closed = shop.get(&shop.admin, &at).await.ok()["closed_at"].is_string();
    let here = shop.get(&shop.admin, &format!("{at}/inventory?sku=LIP-1")).await.ok();
    assert_eq!(is_closed, here["data"][0]["on_hand"].as_i64().unwrap_or(0) == 0, "{here}");
}

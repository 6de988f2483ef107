//! Records are kept for the days of a setting, and deleted afterwards.
use crate::{
    feed::settled,
    support::{Shop, home, order_body},
};
use serde_json::json;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn sourced(units: i64) -> serde_json::Value {
    json!({ "channel": "web", "currency": "EUR", "customer": home(), "lines": [{ "sku": "LIP-1", "quantity": units }] })
}

#[actix_web::test]
async fn what_is_older_than_its_setting_is_deleted_and_what_is_younger_stays() {
    let days = [
        ("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "990000000"),
        ("COFFRET_ACCESS__REFRESH_TOKEN_SECONDS", "990000000"),
        ("COFFRET_RETENTION__ANSWERS_DAYS", "1"),
        ("COFFRET_RETENTION__EVENTS_DAYS", "3"),
        ("COFFRET_RETENTION__DECISIONS_DAYS", "3"),
        ("COFFRET_RETENTION__REFRESH_TOKENS_DAYS", "2"),
        ("COFFRET_RETENTION__UNMET_DEMAND_DAYS", "3"),
    ];
    let shop = Shop::open_with(&days).await;
    shop.stocked("PARIS", "LIP-1", 5).await;
    crate::support::people::invite(&shop, "ada@coffret.example", json!([])).await;
    // They expire in a day; the access token that is sent below outlives its session.
    let soon = "expires_at = now() + interval '1 day'";
    for table in ["refresh_tokens", "sessions", "user_links"] {
        shop.database.run(&format!("update {table} set {soon}"));
    }
    let rows = || {
        let tables = ["idempotency_keys", "outbox_events", "sourcing_decisions", "unmet_demand"];
        let of_access = ["refresh_tokens", "sessions", "user_links"];
        (tables.map(|table| shop.database.count(table)), of_access.map(|table| shop.database.count(table)))
    };
    let order = async |key: &str| {
        shop.post_as(&shop.admin, "/v1/orders", sourced(1), key).await.ok();
        shop.post(&shop.admin, "/v1/orders", sourced(9)).await.refused(409, "out_of_stock");
        settled(&shop).await;
        shop.after(0).await;
    };
    order("first").await;
    let (before, of_access) = rows();
    assert!(before.iter().chain(&of_access).all(|count| *count > 0), "{before:?} {of_access:?}");
    shop.after(3 * DAY - 2 * HOUR).await;
    let ([answers, events, rest @ ..], still) = rows();
    assert_eq!((answers, &rest[..], still), (0, &before[2..], of_access), "only answers are older than their setting");
    assert!(events >= before[1], "{events}");
    settled(&shop).await;
    order("second").await;
    shop.after(3 * HOUR).await;
    settled(&shop).await;
    let ([answers, events, decisions, unmet], of_access) = rows();
    assert_eq!((answers, decisions, unmet), (1, 1, 1), "those of the second order stay");
    assert_eq!(of_access, [0, 0, 0]);
    let feed = shop.get(&shop.admin, "/v1/events?limit=500").await.ok();
    let told = feed["data"].as_array().unwrap();
    assert_eq!(i64::try_from(told.len()).unwrap(), events);
    let placed = |event: &&serde_json::Value| event["type"] == "orders.order_placed.v1";
    assert_eq!(told.iter().filter(placed).count(), 1, "that of the second order");
    let first = told[0]["position"].as_i64().unwrap();
    assert_eq!(told.last().unwrap()["position"].as_i64().unwrap(), first + events - 1, "without gaps");
    let too_old = shop.get(&shop.admin, &format!("/v1/events?after={}", first - 2)).await;
    too_old.refused(410, "position_gone");
    assert!(too_old.body["detail"].as_str().unwrap().contains("deleted for their age"), "{}", too_old.body);
    assert_eq!(shop.get(&shop.admin, &format!("/v1/events?after={}", first - 1)).await.ok()["data"][0], told[0]);
}

#[actix_web::test]
async fn a_feed_whose_events_are_all_deleted_goes_on_where_it_ended() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    settled(&shop).await;
    let last = shop.get(&shop.admin, "/v1/events?limit=500").await.ok()["position"].as_i64().unwrap();
    shop.after(91 * DAY).await;
    assert_eq!(shop.database.count("outbox_events"), 0);
    let empty = shop.get(&shop.admin, "/v1/events").await.ok();
    assert_eq!((&empty["data"], &empty["position"], &empty["has_more"]), (&json!([]), &json!(last), &json!(false)));
    shop.placed(&paris, "LIP-1", 1).await;
    settled(&shop).await;
    let next = shop.get(&shop.admin, &format!("/v1/events?after={last}")).await.ok();
    assert_eq!(next["data"][0]["position"], last + 1);
}

#[actix_web::test]
async fn a_server_that_missed_deleted_events_reads_all_levels_and_prices_anew() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    settled(&shop).await;
    let (_, other) = shop.second(&[("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "990000000")]);
    other.jobs.keep_index().await.unwrap();
    shop.placed(&paris, "LIP-1", 2).await;
    settled(&shop).await;
    shop.after(91 * DAY).await;
    settled(&shop).await;
    assert!(other.jobs.keep_index().await.unwrap() > 0, "what the deleted events told of is read");
    assert_eq!(other.jobs.inventory().index_differences().await.unwrap(), Vec::<String>::new());
}

#[actix_web::test]
async fn nothing_is_deleted_with_zero_days() {
    let forever = [
        ("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "990000000"),
        ("COFFRET_ACCESS__REFRESH_TOKEN_SECONDS", "990000000"),
        ("COFFRET_RETENTION__ANSWERS_DAYS", "0"),
        ("COFFRET_RETENTION__EVENTS_DAYS", "0"),
    ];
    let shop = Shop::open_with(&forever).await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let first = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok();
    settled(&shop).await;
    let events = shop.database.count("outbox_events");
    shop.after(4_000 * DAY).await;
    assert!(shop.database.count("outbox_events") >= events);
    assert_eq!(shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "k").await.ok(), first);
}

#[actix_web::test]
async fn an_order_whose_decisions_are_deleted_can_still_be_rejected_by_one_place_after_the_other() {
    let shop = Shop::open_for_long().await;
    shop.variant("LIP-1").await;
    let mut places = vec![];
    for (at, code) in ["PARIS", "LYON", "NICE"].into_iter().enumerate() {
        let place = shop.location(code, 10 * (1 + i32::try_from(at).unwrap())).await;
        shop.stock(&place, "LIP-1", 5).await;
        places.push(place);
    }
    let order = shop.post(&shop.admin, "/v1/orders", sourced(2)).await.ok();
    let path = |rest: &str| format!("/v1/orders/{}/{rest}", order["id"].as_str().unwrap());
    shop.post(&shop.admin, &path("payments"), json!({ "gateway": "manual" })).await.ok();
    for (place, next) in [(0, 1), (1, 2)] {
        let no = json!({ "location_id": places[place], "reason": "no_capacity" });
        let moved = shop.post(&shop.admin, &path("reject"), no).await.ok();
        assert_eq!(moved["location_ids"], json!([places[next]]));
        shop.after(401 * DAY).await;
        assert_eq!(shop.database.count("sourcing_decisions"), 0);
    }
}

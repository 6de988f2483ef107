//! Stock in time: what was there at any moment, and why it is what it is.
use crate::support::Shop;
use chrono::{DateTime, Duration, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Units by SKU and state, at the moments at which they changed.
type History = Vec<(DateTime<Utc>, HashMap<(String, &'static str), i64>)>;

/// Tokens that outlive the days that pass here.
const LASTING: &[(&str, &str)] = &[("COFFRET_ACCESS__ACCESS_TOKEN_SECONDS", "8640000")];

const STATES: [&str; 5] = ["on_hand", "damaged", "quality_hold", "returned", "expired"];

/// Adjusts stock at random over two weeks, closing days on the way; what was there after each change.
async fn lived(shop: &Shop, paris: &str, skus: &[String], dice: &mut StdRng) -> History {
    let mut now: HashMap<(String, &'static str), i64> = HashMap::new();
    let mut history = vec![];
    for step in 0..150 {
        shop.clock.advance(Duration::minutes(dice.random_range(1..270)));
        if step % 10 == 0 {
            shop.app.jobs.run().await.unwrap();
        }
        let state = if dice.random_bool(0.5) { "on_hand" } else { STATES[dice.random_range(0..STATES.len())] };
        let sku = &skus[dice.random_range(0..skus.len())];
        let delta = dice.random_range(-8..30);
        let body = json!({ "delta": delta, "state": state, "reason": "correction" });
        let answer = shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/{sku}"), body, None).await;
        if answer.status == 200 {
            *now.entry((sku.clone(), state)).or_default() += delta;
            let recorded = shop
                .database
                .number("select (extract(epoch from max(recorded_at)) * 1000000)::bigint as n from stock_moves");
            history.push((DateTime::from_timestamp_micros(recorded).unwrap(), now.clone()));
        }
    }
    history
}

#[actix_web::test]
async fn stock_at_a_thousand_moments_is_what_the_ledger_tells_replayed() {
    let shop = Shop::open_with(LASTING).await;
    let paris = shop.location("PARIS", 1).await;
    let skus: Vec<_> = (0..4).map(|n| format!("LIP-{n}")).collect();
    for sku in &skus {
        shop.variant(sku).await;
    }
    let mut dice = StdRng::seed_from_u64(4);
    let history = lived(&shop, &paris, &skus, &mut dice).await;
    let (first, last) = (history[0].0, history[history.len() - 1].0);
    assert!(last - first > Duration::days(10) && history.len() > 80, "{} changes", history.len());
    assert!(shop.database.count("stock_days") >= 10 && shop.database.count("stock_closings") >= 20);
    let span = (last - first).num_microseconds().unwrap();
    for n in 0..1000 {
        let at = match n % 4 {
            // The very moment of a change, and the one before it.
            0 => history[dice.random_range(0..history.len())].0,
            1 => history[dice.random_range(0..history.len())].0 - Duration::microseconds(1),
            _ => first + Duration::microseconds(dice.random_range(-1_000_000..span)),
        };
        let expected = history.iter().rev().find(|(moment, _)| *moment <= at).map(|(_, then)| then);
        let moment = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let page = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?as_of={moment}")).await.ok();
        for row in page["data"].as_array().unwrap() {
            for state in STATES {
                let key = (row["sku"].as_str().unwrap().to_owned(), state);
                let then = expected.and_then(|then| then.get(&key)).copied().unwrap_or(0);
                assert_eq!(row[state], then, "{state} of {} at {at}", key.0);
            }
        }
    }
}

#[actix_web::test]
async fn the_moves_behind_a_level_add_up_to_it_newest_first_with_cause_and_actor() {
    let shop = Shop::open_with(LASTING).await;
    let paris = shop.stocked("PARIS", "LIP-1", 50).await;
    let at = format!("/v1/locations/{paris}/inventory/LIP-1");
    let order = shop.paid(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, &format!("/v1/orders/{order}/fulfill"), json!({})).await.ok();
    shop.patch(&shop.admin, &at, json!({ "delta": 3, "state": "damaged", "reason": "damage" }), None).await.ok();
    shop.patch(&shop.admin, &at, json!({ "delta": -1, "reason": "tester" }), None).await.ok();
    let mut moves: Vec<Value> = vec![];
    let mut cursor = String::new();
    loop {
        let page = shop.get(&shop.admin, &format!("{at}/moves?limit=3{cursor}")).await.ok();
        moves.extend(page["data"].as_array().unwrap().clone());
        match page["page"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let told: Vec<_> =
        moves.iter().map(|m| (m["reason"].as_str().unwrap(), m["on_hand_change"].as_i64().unwrap())).collect();
    assert_eq!(told, [("tester", -1), ("damage", 0), ("sale", -2), ("found", 50)]);
    assert_eq!((&moves[2]["cause_type"], &moves[2]["cause_id"]), (&json!("order"), &json!(order)));
    assert_eq!((&moves[1]["from"]["condition"], &moves[1]["to"]["condition"]), (&json!("sellable"), &json!("damaged")));
    assert!(moves.iter().all(|m| m["actor_id"].is_string()));
    assert_eq!(told.iter().map(|m| m.1).sum::<i64>(), shop.level(&paris, "LIP-1").await["on_hand"].as_i64().unwrap());
    let elsewhere = shop.location("LYON", 2).await;
    let there = shop.sign_in("store_manager", Some(&elsewhere)).await;
    shop.get(&there, &format!("{at}/moves")).await.refused(404, "not_found");
    shop.get(&there, &format!("/v1/locations/{paris}/inventory?as_of=2026-01-01T00:00:00Z"))
        .await
        .refused(404, "not_found");
    shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?as_of=2999-01-01T00:00:00Z"))
        .await
        .refused(400, "invalid_query");
    shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory?as_of=yesterday"))
        .await
        .refused(400, "invalid_query");
}

#[actix_web::test]
async fn a_closed_day_takes_no_more_moves_and_its_closing_is_audited() {
    let shop = Shop::open_with(LASTING).await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    shop.clock.advance(Duration::days(3));
    shop.app.jobs.run().await.unwrap();
    assert!(shop.database.count("stock_closings where on_hand = 5") == 1);
    let late = "insert into stock_moves select gen_random_uuid(), variant_id, 1, 'supplier', null, 'sellable', \
        'location', \
        to_location_id, 'sellable', 'receipt', 'test', gen_random_uuid(), actor_id, occurred_at, recorded_at \
        from stock_moves";
    for sql in [late, "update stock_closings set on_hand = 6", "delete from stock_days"] {
        let refused = shop.database.attempt(sql).unwrap_err().to_string();
        assert!(refused.contains("closed") || refused.contains("append-only"), "{refused}");
    }
    shop.database.run("alter table stock_closings disable trigger all; update stock_closings set on_hand = 6");
    let found = coffret::app::audit(&shop.app.db).await.unwrap();
    assert_eq!(found.iter().map(|found| found.invariant.as_str()).collect::<Vec<_>>(), ["closings_equal_ledger"]);
    shop.database.run("update stock_closings set on_hand = 5");
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 5);
}

//! The feed: gapless, in order, nothing skipped, each caller seeing its own places only.
use crate::support::{Shop, examples, home, order_body};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The whole feed as a caller sees it, read page by page.
/// All events that somebody may see.
pub async fn whole(shop: &Shop, token: &str) -> Vec<Value> {
    settled(shop).await;
    let (mut after, mut all) = (0, vec![]);
    loop {
        let page = shop.get(token, &format!("/v1/events?after={after}&limit=3")).await.ok();
        all.extend(page["data"].as_array().unwrap().clone());
        after = page["position"].as_i64().unwrap();
        if page["has_more"] == false {
            return all;
        }
    }
}

/// Waits until the sequencer has caught up with what is committed.
pub async fn settled(shop: &Shop) {
    for _ in 0..1000 {
        if shop.database.count("event_pending") == 0 {
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the sequencer does not catch up");
}

#[actix_web::test]
async fn every_committed_event_has_one_position_in_the_order_of_its_record() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let order = shop.paid(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 9)).await.refused(409, "out_of_stock");
    settled(&shop).await;
    let all = whole(&shop, &shop.admin).await;
    let positions: Vec<_> = all.iter().map(|event| event["position"].as_i64().unwrap()).collect();
    assert_eq!(positions, (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>());
    assert_eq!(shop.database.count("outbox_events"), i64::try_from(all.len()).unwrap());
    let of_order: Vec<_> = all.iter().filter(|event| event["subject"] == order.as_str()).collect();
    assert_eq!(of_order.iter().map(|event| event["version"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(of_order[0]["type"], "orders.order_placed.v1");
    assert_eq!(of_order[0]["data"]["lines"][0]["quantity"], 2);
    assert_eq!(of_order[1]["type"], "orders.order_confirmed.v1");
}

/// The types that the source tells of.
fn types() -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap_or_default();
            let words = text
                .split('"')
                .filter(|word| word.strip_suffix(".v1").is_some() && !word.contains(char::is_whitespace));
            types.extend(words.map(str::to_owned));
        }
    }
    types
}

#[actix_web::test]
async fn every_type_of_event_has_an_example_as_the_feed_serves_it() {
    let shop = Shop::open().await;
    shop.stocked("PARIS", "LIP-1", 5).await;
    settled(&shop).await;
    let mut served = whole(&shop, &shop.admin).await.into_iter().find(|event| !event["location"].is_null()).unwrap();
    served["data"] = Value::Null;
    let files = std::fs::read_dir(examples::folder()).unwrap().map(|file| file.unwrap().file_name());
    let names: BTreeSet<_> = files.map(|name| name.to_string_lossy().trim_end_matches(".json").to_owned()).collect();
    assert_eq!(names, types());
    for name in names {
        let mut example = examples::example(&name).unwrap();
        example["data"] = Value::Null;
        if example["location"].is_null() {
            example["location"] = served["location"].clone();
        }
        assert_eq!((examples::differences(&example, &served, "event"), &example["type"]), (vec![], &json!(name)));
    }
}

#[actix_web::test]
async fn a_caller_follows_its_own_places_only() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let lyon = shop.location("LYON", 5).await;
    shop.placed(&paris, "LIP-1", 1).await;
    settled(&shop).await;
    let there = shop.sign_in("store_manager", Some(&lyon)).await;
    let seen = whole(&shop, &there).await;
    assert!(!seen.is_empty());
    let is_foreign = |event: &&Value| !event["location"].is_null() && event["location"] != lyon.as_str();
    assert_eq!(seen.iter().find(is_foreign), None);
    let here = shop.sign_in("store_manager", Some(&paris)).await;
    assert!(whole(&shop, &here).await.iter().any(|event| event["type"] == "orders.order_placed.v1"));
    let till = shop.sign_in("cashier", Some(&paris)).await;
    shop.get(&till, "/v1/events").await.refused(403, "forbidden");
    shop.get(&shop.admin, "/v1/events?after=-1").await.refused(400, "invalid_query");
    shop.get(&shop.admin, "/v1/events?limit=501").await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn a_price_that_another_server_has_changed_is_the_price_here_once_the_feed_tells_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let (second, other) = shop.second(&[]);
    let total = async |key: &str| {
        let request = shop.http.post(format!("{second}/v1/orders")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 1));
        crate::support::answer(request).await.ok()["total"]["amount_minor"].as_i64().unwrap()
    };
    other.jobs.follow().await.unwrap();
    assert_eq!(total("before").await, 1000);
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    let price = serde_json::json!({ "amount_minor": 1250 });
    shop.put(&shop.admin, &format!("/v1/variants/{variant}/prices/pos/EUR"), price).await.ok();
    settled(&shop).await;
    other.jobs.follow().await.unwrap();
    assert_eq!(total("after").await, 1250);
}

#[actix_web::test]
async fn a_position_of_another_history_is_told_as_gone() {
    let shop = Shop::open().await;
    shop.stocked("PARIS", "LIP-1", 5).await;
    settled(&shop).await;
    let page = shop.get(&shop.admin, "/v1/events?limit=1").await.ok();
    let event = &page["data"][0];
    assert_eq!((&event["specversion"], &event["source"]), (&json!("1.0"), &json!("/v1/events")));
    let end = shop.database.number("select max(last) as n from event_ranges");
    assert_eq!(page["last_position"], json!(end), "where one begins who has just read the records");
    let epoch = page["epoch"].as_str().unwrap();
    shop.get(&shop.admin, &format!("/v1/events?after=1&epoch={epoch}")).await.ok();
    shop.get(&shop.admin, "/v1/events?after=1&epoch=another").await.refused(410, "position_gone");
    let beyond = shop.get(&shop.admin, "/v1/events?after=1000000").await;
    beyond.refused(410, "position_gone");
    assert!(beyond.body["detail"].as_str().unwrap().contains("ends at"), "{}", beyond.body);
}

#[actix_web::test]
async fn an_order_from_two_locations_is_told_to_both_and_each_step_has_its_own_type() {
    let shop = Shop::open().await;
    shop.variant("LIP-1").await;
    let (paris, lyon) = (shop.location("PARIS", 10).await, shop.location("LYON", 20).await);
    shop.stock(&paris, "LIP-1", 4).await;
    shop.stock(&lyon, "LIP-1", 3).await;
    let mut body = order_body(&paris, "LIP-1", 6);
    body["channel"] = json!("web");
    body["customer"] = home();
    body.as_object_mut().unwrap().remove("location_id");
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    let path = |rest: &str| format!("/v1/orders/{}/{rest}", order["id"].as_str().unwrap());
    shop.post(&shop.admin, &path("payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path("fulfill"), json!({ "location_id": lyon, "tracking_number": "1Z9" })).await.ok();
    shop.post(&shop.admin, &path("fulfill"), json!({ "location_id": paris })).await.ok();
    shop.post(&shop.admin, &path("deliver"), json!({})).await.ok();
    settled(&shop).await;
    let types = ["placed", "confirmed", "processing", "part_shipped", "shipped", "delivered"];
    for place in [&paris, &lyon] {
        let token = shop.sign_in("store_manager", Some(place)).await;
        let all = whole(&shop, &token).await;
        let of_order: Vec<_> = all.iter().filter(|event| event["aggregate"] == "order").collect();
        let told: Vec<_> = of_order.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
        assert_eq!(told, types.map(|name| format!("orders.order_{name}.v1")));
        assert!(of_order.iter().all(|event| event["location"] == **place), "{of_order:?}");
        assert_eq!(of_order[3]["data"]["parcels"][0]["tracking_number"], "1Z9");
    }
}

#[actix_web::test]
async fn what_an_order_takes_of_a_level_is_told_with_the_new_available() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 20).await;
    shop.placed(&paris, "LIP-1", 4).await;
    settled(&shop).await;
    let all = whole(&shop, &shop.admin).await;
    let level: Vec<_> = all.iter().filter(|event| event["type"] == "inventory.levels_changed.v1").collect();
    let last = &level.last().unwrap()["data"]["levels"][0];
    assert_eq!((&last["available"], &last["reserved"]), (&json!(16), &json!(4)));
    assert_eq!(last["version"], shop.level(&paris, "LIP-1").await["version"]);
}

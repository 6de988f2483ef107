//! Prices over time: they take effect on the second, the past stays as it was, and the search follows.
use crate::{
    price_lists::{explained, in_seconds, list, set},
    support::{Shop, answer, order_body},
    tills::sale,
};
use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

#[actix_web::test]
async fn a_price_takes_effect_on_the_second_on_every_server() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    let (second, other) = shop.second(&[]);
    let total = async |url: &str| {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.request(Method::POST, format!("{url}/v1/orders")).bearer_auth(&shop.admin);
        let made = answer(request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 1))).await.ok();
        made["total"]["amount_minor"].as_i64().unwrap()
    };
    let sale = list(&shop, "sale", json!({})).await;
    let (from, to) = (in_seconds(&shop, 60), in_seconds(&shop, 120));
    set(&shop, &sale, json!([{ "sku": "LIP-1", "amount_minor": 700, "starts_at": from, "ends_at": to }])).await;
    for (seconds, price) in [(0, 1_000), (58, 1_000), (2, 700), (58, 700), (2, 1_000)] {
        shop.clock.advance(Duration::seconds(seconds));
        for url in [shop.url.as_str(), second.as_str()] {
            let before = shop.clock.now();
            assert_eq!(total(url).await, price, "{before} of {from} to {to}");
            let is_of_one_price =
                (before < from) == (shop.clock.now() < from) && (before < to) == (shop.clock.now() < to);
            assert!(is_of_one_price, "the machine was too slow to tell");
        }
    }
    drop(other);
}

#[actix_web::test]
async fn no_order_is_charged_a_price_of_another_moment_while_prices_turn() {
    let shop = Rc::new(Shop::open_for_long().await);
    let paris = shop.stocked("PARIS", "LIP-1", 5_000).await;
    let steps = list(&shop, "steps", json!({})).await;
    let start = in_seconds(&shop, 1);
    let edge = |n: i64| start + Duration::seconds(n);
    let prices: Vec<_> = (0..40)
        .map(|n| json!({ "sku": "LIP-1", "amount_minor": 100 + n, "starts_at": edge(n), "ends_at": edge(n + 1) }))
        .collect();
    set(&shop, &steps, json!(prices)).await;
    let orders: Vec<_> = (0..64)
        .map(|_| {
            let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
            actix_web::rt::spawn(async move {
                let mut made = vec![];
                for _ in 0..10 {
                    made.push(shop.post(&shop.admin, "/v1/orders", body.clone()).await.ok());
                }
                made
            })
        })
        .collect();
    let is_over = Rc::new(std::cell::Cell::new(false));
    let clock = {
        let (shop, is_over) = (shop.clone(), is_over.clone());
        actix_web::rt::spawn(async move {
            while !is_over.get() {
                shop.clock.advance(Duration::milliseconds(300));
                shop.get(&shop.admin, "/health/live").await;
            }
        })
    };
    let mut turned = std::collections::BTreeSet::new();
    for one in orders {
        for order in one.await.unwrap() {
            let at: DateTime<Utc> = order["created_at"].as_str().unwrap().parse().unwrap();
            let n = (at - start).num_milliseconds().div_euclid(1_000);
            let wanted = if (0..40).contains(&n) { 100 + n } else { 1_000 };
            assert_eq!(order["total"]["amount_minor"], wanted, "{order}");
            turned.insert(wanted);
        }
    }
    is_over.set(true);
    clock.await.unwrap();
    assert!(turned.len() > 5, "prices turned while orders came: {turned:?}");
}

#[actix_web::test]
async fn the_lowest_prior_price_counts_what_lists_charged() {
    let shop = Shop::open_for_long().await;
    shop.stocked("PARIS", "LIP-1", 9).await;
    let id = list(&shop, "season", json!({})).await;
    let day = |days: i64| in_seconds(&shop, days * 86_400);
    let prices = json!([
        { "sku": "LIP-1", "amount_minor": 600, "starts_at": day(10), "ends_at": day(20) },
        { "sku": "LIP-1", "amount_minor": 800, "starts_at": day(40), "ends_at": day(50) },
        { "sku": "LIP-1", "amount_minor": 700, "starts_at": day(55), "ends_at": day(60) },
    ]);
    set(&shop, &id, prices).await;
    let lowest = async |days: i64| {
        let at = day(days).to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        let told = explained(&shop, &format!("channel=web&at={at}")).await;
        (told["unit_minor"].as_i64(), told["lowest_prior_minor"].as_i64())
    };
    assert_eq!(lowest(5).await, (Some(1_000), None));
    assert_eq!(lowest(15).await, (Some(600), Some(1_000)));
    assert_eq!(lowest(45).await, (Some(800), Some(600)), "the price of day 20 is within the 30 days before day 40");
    assert_eq!(lowest(56).await, (Some(700), Some(800)), "that of day 20 is not within those before day 55");
}

#[actix_web::test]
async fn a_sale_that_a_till_tells_late_has_the_price_of_its_time() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    let id = list(&shop, "happy-hour", json!({})).await;
    set(&shop, &id, json!([{ "sku": "LIP-1", "amount_minor": 500, "ends_at": in_seconds(&shop, 3_600) }])).await;
    shop.clock.advance(Duration::hours(2));
    let early = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 5_400)).await.ok();
    let late = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 60)).await.ok();
    let total = |order: &Value| order["total"]["amount_minor"].as_i64();
    assert_eq!((total(&early), total(&late)), (Some(500), Some(1_000)));
}

#[actix_web::test]
async fn the_search_sorts_and_counts_by_the_price_that_holds() {
    let shop = Shop::open_for_long().await;
    shop.stocked("PARIS", "LIP-1", 9).await;
    shop.variant("LIP-2").await;
    let id = list(&shop, "sale", json!({ "applies_to": { "channels": ["web"] } })).await;
    let from = in_seconds(&shop, 3_600);
    set(&shop, &id, json!([{ "sku": "LIP-2", "amount_minor": 400, "starts_at": from }])).await;
    let vip = list(&shop, "vip", json!({ "applies_to": { "customer_groups": ["vip"] } })).await;
    set(&shop, &vip, json!([{ "sku": "LIP-1", "amount_minor": 1 }])).await;
    shop.after(0).await;
    let cheap = "/v1/search/products?currency=EUR&sort=price&price_max_minor=999";
    let found = async |path: &str| shop.get(&shop.admin, path).await.ok()["total"].as_i64();
    assert_eq!(found(cheap).await, Some(0));
    shop.clock.advance(Duration::hours(1));
    assert_eq!(found(&format!("{cheap}&limit=10&channel=web")).await, Some(1), "no job has run since it took effect");
    assert_eq!(found(&format!("{cheap}&limit=10&channel=pos")).await, Some(0));
    let path = format!("/v1/price-lists/{id}");
    let version = shop.get(&shop.admin, &path).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &path, json!({ "ends_at": in_seconds(&shop, 1) }), version).await.ok();
    shop.after(60).await;
    assert_eq!(found(&format!("{cheap}&limit=11&channel=web")).await, Some(0));
}

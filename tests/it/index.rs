//! The availability index: where orders without a location are filled, whatever it remembers.
use crate::support::{Shop, all_at_once, answer, order_body, together::until};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

fn web(sku: &str, quantity: i64) -> Value {
    let lines = json!([{ "sku": sku, "quantity": quantity }]);
    json!({ "channel": "web", "currency": "EUR", "customer": crate::support::home(), "lines": lines })
}

/// Places by priority with so many units of a SKU each.
async fn places(shop: &Shop, units: &[i32]) -> Vec<String> {
    shop.variant("LIP-1").await;
    let mut places = vec![];
    for (n, units) in (1..).zip(units) {
        let place = shop.location(&format!("P{n}"), n * 10).await;
        if *units > 0 {
            shop.stock(&place, "LIP-1", *units).await;
        }
        places.push(place);
    }
    places
}

async fn sent(shop: &Shop, url: &str, body: &Value) -> crate::support::Answer {
    let request = shop.http.request(Method::POST, format!("{url}/v1/orders")).bearer_auth(&shop.admin);
    answer(request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(body)).await
}

/// Waits for the first reading of the index, which begins with the server.
async fn read_index(app: &coffret::app::App) {
    app.jobs.keep_index().await.unwrap();
}

async fn settled(shop: &Shop) {
    until(|| shop.database.count("event_pending") == 0).await;
}

#[actix_web::test]
async fn an_index_that_is_wrong_sells_nothing_twice_and_refuses_nothing_that_is_there() {
    let shop = Rc::new(Shop::open().await);
    places(&shop, &[9, 11, 7, 13, 0, 4]).await;
    read_index(&shop.app).await;
    let answers = all_at_once(|n| {
        let shop = shop.clone();
        async move {
            shop.app.jobs.inventory().index().scramble(n as u64 * 7919 + 1);
            sent(&shop, &shop.url, &web("LIP-1", 1)).await.status
        }
    })
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 44, "{answers:?}");
    assert!(answers.iter().all(|status| [201, 409].contains(status)), "{answers:?}");
    assert_eq!(shop.database.count("stock_levels where on_hand = allocated + reserved"), 5);
}

#[actix_web::test]
async fn of_64_orders_at_two_servers_the_last_units_of_many_places_are_sold_exactly_once() {
    let shop = Rc::new(Shop::open().await);
    places(&shop, &[1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 1, 3, 1, 1, 2, 1]).await;
    let (second, other) = shop.second(&[]);
    read_index(&other).await;
    let answers = all_at_once(|n| {
        let (shop, second) = (shop.clone(), second.clone());
        async move { sent(&shop, if n % 2 == 0 { &shop.url } else { &second }, &web("LIP-1", 1)).await.status }
    })
    .await;
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 24, "{answers:?}");
    assert!(answers.iter().all(|status| [201, 409].contains(status)), "{answers:?}");
    other.handle().stop(false).await;
}

#[actix_web::test]
async fn where_there_are_more_levels_than_may_be_held_the_tables_are_asked() {
    let shop = Shop::open_with(&[("COFFRET_INVENTORY__INDEX_LEVELS", "1")]).await;
    let at = places(&shop, &[0, 3, 5]).await;
    read_index(&shop.app).await;
    let order = shop.post(&shop.admin, "/v1/orders", web("LIP-1", 4)).await.ok();
    assert_eq!(order["location_id"], at[2].as_str());
    shop.post(&shop.admin, "/v1/orders", web("LIP-1", 5)).await.refused(409, "out_of_stock");
}

#[actix_web::test]
async fn goods_that_come_in_at_another_server_are_found_and_those_that_left_are_not_promised() {
    let shop = Shop::open().await;
    let at = places(&shop, &[0, 5]).await;
    let (second, other) = shop.second(&[]);
    read_index(&other).await;
    shop.stock(&at[0], "LIP-1", 5).await;
    let order = sent(&shop, &second, &web("LIP-1", 5)).await.ok();
    assert_eq!(order["location_id"], at[1].as_str(), "what it does not know of yet is not preferred");
    let order = sent(&shop, &second, &web("LIP-1", 5)).await.ok();
    assert_eq!(order["location_id"], at[0].as_str(), "but found before anyone is refused");
    shop.stock(&at[0], "LIP-1", 5).await;
    settled(&shop).await;
    assert!(other.jobs.keep_index().await.unwrap() > 0);
    shop.stock(&at[1], "LIP-1", 5).await;
    let order = sent(&shop, &second, &web("LIP-1", 5)).await.ok();
    assert_eq!(order["location_id"], at[0].as_str(), "the feed has told of it");
    other.handle().stop(false).await;
}

#[actix_web::test]
async fn after_whatever_is_done_at_two_servers_both_indexes_equal_the_tables() {
    let shop = Rc::new(Shop::open().await);
    let at = places(&shop, &[20, 30, 10]).await;
    shop.variant("LIP-2").await;
    for place in &at {
        shop.stock(place, "LIP-2", 15).await;
    }
    let lots =
        format!("location,sku,lot,expires_on,accepted\n{0},LIP-1,A1,2031-01-31,7\n{0},LIP-1,A2,2030-05-31,3\n", "P1");
    shop.import(&shop.admin, "receipts", "text/csv", &lots).await.ok();
    shop.app.jobs.import().await.unwrap();
    let (second, other) = shop.second(&[]);
    read_index(&other).await;
    for round in 0..3 {
        let answers = all_at_once(|n| {
            let (shop, second, at) = (shop.clone(), second.clone(), at.clone());
            let mut random = StdRng::seed_from_u64(round * 64 + n as u64);
            let (place, units) = (at[random.random_range(0..3)].clone(), random.random_range(1..4));
            let sku = ["LIP-1", "LIP-2"][random.random_range(0..2)];
            let way = random.random_range(0..5);
            async move {
                let url = if n % 2 == 0 { shop.url.clone() } else { second };
                match way {
                    0 => sent(&shop, &url, &web(sku, units)).await,
                    1 => sent(&shop, &url, &order_body(&place, sku, units)).await,
                    2 => {
                        let order = sent(&shop, &url, &web(sku, units)).await;
                        let route = format!("{url}/v1/orders/{}/cancel", order.body["id"].as_str().unwrap_or("none"));
                        answer(shop.http.request(Method::PATCH, route).bearer_auth(&shop.admin).json(&json!({}))).await
                    }
                    way => {
                        let route = format!("{url}/v1/locations/{place}/inventory/{sku}");
                        let change = if way == 3 {
                            json!({ "delta": units, "reason": "found" })
                        } else {
                            json!({ "safety_stock": units })
                        };
                        let request = shop.http.request(Method::PATCH, route).bearer_auth(&shop.admin);
                        answer(request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(&change)).await
                    }
                }
            }
        })
        .await;
        assert!(answers.iter().any(|answer| answer.status == 201), "{answers:?}");
        assert!(answers.iter().all(|answer| answer.status < 500), "{answers:?}");
        settled(&shop).await;
        for app in [&shop.app, &other] {
            app.jobs.keep_index().await.unwrap();
            assert_eq!(app.jobs.inventory().index_differences().await.unwrap(), Vec::<String>::new());
        }
    }
    other.handle().stop(false).await;
}

/// A common SKU at eleven places, and a rare one at a twelfth.
async fn common_and_rare(shop: &Shop) -> Vec<String> {
    let mut at = places(shop, &[5; 11]).await;
    shop.variant("LIP-2").await;
    let rare = shop.location("P12", 120).await;
    shop.stock(&rare, "LIP-2", 3).await;
    at.push(rare);
    at
}

#[actix_web::test]
async fn the_one_place_that_has_a_rare_sku_is_found_beside_many_that_have_a_common_one() {
    let shop = Shop::open().await;
    let at = common_and_rare(&shop).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 1 }, { "sku": "LIP-2", "quantity": 1 }]);
    let mut both = web("LIP-1", 1);
    both["lines"] = lines;
    // First by the tables, then by the index.
    for _ in 0..2 {
        let order = shop.post(&shop.admin, "/v1/orders", both.clone()).await.ok();
        let sourced =
            shop.get(&shop.admin, &format!("/v1/orders/{}/sourcing", order["id"].as_str().unwrap())).await.ok();
        let chosen = |candidate: &&Value| candidate["chosen"] == true;
        let chosen = sourced["data"][0]["candidates"].as_array().unwrap().iter().filter(chosen);
        let chosen: Vec<_> = chosen.map(|candidate| candidate["location_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(chosen, [at[0].clone(), at[11].clone()]);
        read_index(&shop.app).await;
    }
    let mut rare = both;
    rare["lines"][1]["quantity"] = json!(2);
    let refused = shop.post(&shop.admin, "/v1/orders", rare).await;
    refused.refused(409, "out_of_stock");
    assert_eq!(refused.body["errors"][0]["available"], 1, "{}", refused.body);
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 1, "the other is there: {}", refused.body);
}

#[actix_web::test]
async fn an_order_that_twelve_places_fill_together_is_taken_and_one_for_more_is_told_how_many_there_are() {
    let shop = Shop::open().await;
    places(&shop, &[1; 12]).await;
    for is_read in [false, true] {
        if is_read {
            read_index(&shop.app).await;
        }
        let refused = shop.post(&shop.admin, "/v1/orders", web("LIP-1", 13)).await;
        refused.refused(409, "out_of_stock");
        assert_eq!(refused.body["errors"][0]["available"], 12, "{}", refused.body);
    }
    let order = shop.post(&shop.admin, "/v1/orders", web("LIP-1", 12)).await.ok();
    assert_eq!(order["status"], "pending");
    assert_eq!(shop.database.count("stock_levels where reserved = 1"), 12);
}

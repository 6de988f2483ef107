//! An order costs what its goods cost when it is committed, whatever a server remembers.
use crate::{
    feed::settled,
    support::{Shop, answer, order_body, together::all_at_once},
};
use diesel::{Connection, connection::SimpleConnection};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

async fn price_path(shop: &Shop) -> String {
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok()["id"].as_str().unwrap().to_owned();
    format!("/v1/variants/{variant}/prices/pos/EUR")
}

#[actix_web::test]
async fn a_server_that_has_not_heard_of_a_new_price_charges_it_all_the_same() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    let (second, other) = shop.second(&[]);
    let sent = async |method: Method, path: &str, body: Value| {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.request(method, format!("{second}{path}")).bearer_auth(&shop.admin);
        answer(request.header("Idempotency-Key", key).json(&body)).await
    };
    let first = sent(Method::POST, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.ok();
    assert_eq!(first["total"]["amount_minor"], 1000);
    shop.put(&shop.admin, &price_path(&shop).await, json!({ "amount_minor": 1250 })).await.ok();
    let next = sent(Method::POST, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.ok();
    assert_eq!(next["total"]["amount_minor"], 1250, "the other server does not follow the feed here");
    shop.put(&shop.admin, &price_path(&shop).await, json!({ "amount_minor": 1300 })).await.ok();
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    let path = format!("/v1/orders/{}", first["id"].as_str().unwrap());
    let request = shop.http.patch(format!("{second}{path}")).bearer_auth(&shop.admin).header("If-Match", "\"1\"");
    let changed = answer(request.json(&more)).await.ok();
    assert_eq!(changed["total"]["amount_minor"], 1000 + 1300, "what is added costs what it costs now");
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let retire = format!("/v1/variants/{}/retire", variant["id"].as_str().unwrap());
    shop.post(&shop.admin, &retire, json!({})).await.ok();
    sent(Method::POST, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.refused(409, "variant_retired");
    drop(other);
}

#[actix_web::test]
async fn the_first_change_that_there_ever_was_counts() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    assert_eq!(shop.database.number("select last_value as n from remembered_changes"), 1, "what is added is no change");
    let (second, other) = shop.second(&[]);
    let total = async || {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.post(format!("{second}/v1/orders")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 1));
        answer(request).await.ok()["total"]["amount_minor"].as_i64()
    };
    assert_eq!(total().await, Some(1000));
    shop.put(&shop.admin, &price_path(&shop).await, json!({ "amount_minor": 1250 })).await.ok();
    assert_eq!(total().await, Some(1250));
    drop(other);
}

#[actix_web::test]
async fn while_someone_changes_the_catalog_for_long_only_orders_are_held_up() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "300")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    let paid = shop.paid(&paris, "LIP-1", 1).await;
    let mut changing = diesel::PgConnection::establish(&shop.database.url).unwrap();
    changing.batch_execute("begin; select lock_remembered()").unwrap();
    let order = {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await })
    };
    let ship = format!("/v1/orders/{}/fulfill", paid["id"].as_str().unwrap());
    shop.post(&shop.admin, &ship, json!({})).await.ok();
    order.await.unwrap().refused(503, "busy");
    changing.batch_execute("rollback").unwrap();
    shop.placed(&paris, "LIP-1", 1).await;
}

#[actix_web::test]
async fn without_the_check_a_server_charges_the_price_that_it_remembers() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    let (second, other) = shop.second(&[("COFFRET_GROUP_COMMIT__MUTANT", "remembered_price")]);
    let total = async || {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.post(format!("{second}/v1/orders")).bearer_auth(&shop.admin);
        let request = request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 1));
        answer(request).await.ok()["total"]["amount_minor"].as_i64()
    };
    assert_eq!(total().await, Some(1000));
    shop.put(&shop.admin, &price_path(&shop).await, json!({ "amount_minor": 1250 })).await.ok();
    assert_eq!(total().await, Some(1000), "so the check is what the test above tells of");
    drop(other);
}

#[actix_web::test]
async fn of_64_orders_and_changes_of_the_price_no_order_costs_an_older_price() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 200).await;
    let (second, other) = shop.second(&[]);
    let path = price_path(&shop).await;
    let answers = all_at_once(|n| {
        let (shop, second, path, paris) = (shop.clone(), second.clone(), path.clone(), paris.clone());
        async move {
            if n % 4 == 0 {
                return shop.put(&shop.admin, &path, json!({ "amount_minor": 2000 + n })).await;
            }
            let url = if n % 2 == 0 { &shop.url } else { &second };
            let request = shop.http.post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
            let key = uuid::Uuid::now_v7().to_string();
            answer(request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 1))).await
        }
    })
    .await;
    assert!(answers.iter().all(|answer| answer.status < 300 || answer.code() == "conflict"), "{answers:?}");
    settled(&shop).await;
    let feed = shop.get(&shop.admin, "/v1/events?limit=500").await.ok();
    let (mut price, mut orders) = (1000, 0);
    for event in feed["data"].as_array().unwrap() {
        match event["type"].as_str().unwrap() {
            "catalog.price_set.v1" if event["data"]["channel"] == "pos" => {
                price = event["data"]["amount_minor"].as_i64().unwrap();
            }
            "orders.order_placed.v1" => {
                assert_eq!(event["data"]["total_minor"], price, "order {}", event["data"]["number"]);
                orders += 1;
            }
            _ => {}
        }
    }
    assert!(orders > 30, "{orders} orders");
    drop(other);
}

#[actix_web::test]
async fn the_history_of_a_price_tells_who_set_it_and_the_lowest_of_the_thirty_days_before() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let price = format!("/v1/variants/{}/prices/pos/EUR", variant["id"].as_str().unwrap());
    let history = async || shop.get(&shop.admin, &format!("{price}/history")).await.ok();
    let first = history().await;
    assert_eq!((&first["price"]["amount_minor"], &first["lowest_prior"]), (&json!(1000), &json!(null)));
    for (days, minor) in [(60, 800), (5, 1000), (10, 600)] {
        shop.clock.advance(chrono::Duration::days(days));
        shop.put(&shop.admin, &price, json!({ "amount_minor": minor })).await.ok();
    }
    shop.put(&shop.admin, &price, json!({ "amount_minor": 600 })).await.ok();
    let told = history().await;
    assert_eq!((&told["price"]["amount_minor"], &told["lowest_prior"]["amount_minor"]), (&json!(600), &json!(800)));
    let query = "{ variant(sku: \"LIP-1\") { prices(currency: \"EUR\") { channel amount { amountMinor }
        lowestPrior { amountMinor } } } }";
    let read = shop.graphql(&shop.admin, query, json!({})).await;
    let prices = read["data"]["variant"]["prices"].as_array().unwrap();
    let of = |channel: &str| &prices.iter().find(|price| price["channel"] == channel).unwrap()["lowestPrior"];
    assert_eq!((&of("POS")["amountMinor"], of("WEB")), (&json!(800), &json!(null)), "{read}");
    let changes = told["changes"].as_array().unwrap();
    let seen: Vec<_> = changes.iter().map(|c| (&c["before"]["amount_minor"], &c["after"]["amount_minor"])).collect();
    let wanted = [(1000, 600), (800, 1000), (1000, 800)].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(seen[..3], wanted.each_ref().map(|(a, b)| (a, b)), "setting the same price again changes nothing");
    assert_eq!(seen.len(), 4);
    assert!(changes.iter().all(|change| change["changed_by"].is_string()), "{told}");
    let gone = shop.request(&shop.admin, Method::DELETE, &price);
    answer(gone).await.ok();
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.refused(422, "no_price");
    let told = history().await;
    assert_eq!((&told["price"], &told["changes"][0]["after"]), (&json!(null), &json!(null)));
    let again = shop.request(&shop.admin, Method::DELETE, &price);
    answer(again).await.refused(404, "not_found");
    let unknown = format!("/v1/variants/{}/prices/pos/EUR/history", uuid::Uuid::now_v7());
    shop.get(&shop.admin, &unknown).await.refused(404, "not_found");
}

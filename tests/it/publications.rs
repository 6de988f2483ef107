//! Publication: a product is shown and sold in a channel from its launch until its end, and not otherwise.
use crate::{
    support::{Shop, home, order_body},
    tills::sale,
};
use serde_json::{Value, json};

/// A store with a product, and the path under which it is published.
async fn counter(shop: &Shop) -> (String, String) {
    let paris = shop.location("PARIS", 100).await;
    let made = shop.variant("LIP-1").await;
    shop.stock(&paris, "LIP-1", 20).await;
    (paris, format!("/v1/products/{}/publications", made["id"].as_str().unwrap()))
}

async fn publish(shop: &Shop, path: &str, publications: Value) -> Value {
    shop.put(&shop.admin, path, json!({ "publications": publications })).await.ok()
}

fn web_order(location: &str) -> Value {
    let mut order = order_body(location, "LIP-1", 1);
    (order["channel"], order["customer"]) = (json!("web"), home());
    order
}

async fn found(shop: &Shop, query: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/search/products?{query}")).await.ok()["total"].clone()
}

#[actix_web::test]
async fn a_product_is_sold_and_found_in_a_channel_from_its_launch_until_its_end() {
    let shop = Shop::open_for_long().await;
    let (paris, path) = counter(&shop).await;
    let launch = shop.clock.now() + chrono::Duration::seconds(600);
    let end = launch + chrono::Duration::seconds(600);
    let product = publish(&shop, &path, json!([{ "channel": "web", "starts_at": launch, "ends_at": end }])).await;
    assert_eq!(product["publications"][0]["channel"], "web");
    shop.after(0).await;
    let early = shop.post(&shop.admin, "/v1/orders", web_order(&paris)).await;
    early.refused(409, "not_published");
    assert_eq!(early.body["errors"][0]["pointer"], "#/lines/0/sku");
    shop.post(&shop.admin, "/v1/carts/price", web_order(&paris)).await.refused(409, "not_published");
    let at_till = shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await;
    at_till.refused(409, "not_published");
    assert_eq!((found(&shop, "q=lip").await, found(&shop, "").await), (json!(0), json!(0)));
    let suggested = shop.get(&shop.admin, "/v1/search/suggestions?q=lip").await.ok();
    assert_eq!(suggested["products"], json!([]));

    shop.after(600).await;
    let order = shop.post(&shop.admin, "/v1/orders", web_order(&paris)).await.ok();
    assert_eq!((found(&shop, "q=lip").await, found(&shop, "q=lip&channel=mobile").await), (json!(1), json!(0)));
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 2 }] });
    let edit = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let edited = shop.patch(&shop.admin, &edit, more.clone(), order["version"].as_i64()).await.ok();

    shop.after(600).await;
    shop.post(&shop.admin, "/v1/orders", web_order(&paris)).await.refused(409, "not_published");
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }] });
    shop.patch(&shop.admin, &edit, more, edited["version"].as_i64()).await.refused(409, "not_published");
    let fewer = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
    shop.patch(&shop.admin, &edit, fewer, edited["version"].as_i64()).await.ok();
    publish(&shop, &path, Value::Null).await;
    shop.post(&shop.admin, "/v1/orders", web_order(&paris)).await.ok();
}

#[actix_web::test]
async fn a_quote_ends_with_the_publication_of_its_goods() {
    let shop = Shop::open().await;
    let (paris, path) = counter(&shop).await;
    let mut cart = web_order(&paris);
    cart["quote"] = json!(true);
    let quote = shop.post(&shop.admin, "/v1/carts/price", cart).await.ok()["quote"]["id"].clone();
    publish(&shop, &path, json!([])).await;
    let mut order = web_order(&paris);
    order["quote_id"] = quote;
    shop.post(&shop.admin, "/v1/orders", order).await.refused(409, "not_published");
}

#[actix_web::test]
async fn what_was_sold_elsewhere_is_recorded_whatever_is_published() {
    let shop = Shop::open().await;
    let (paris, path) = counter(&shop).await;
    publish(&shop, &path, json!([])).await;
    shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    let mut order = web_order(&paris);
    order["channel"] = json!("marketplace");
    order["external_ref"] = json!("AMZ-1");
    order["lines"][0]["unit_price_minor"] = json!(900);
    order["settled_outside"] = json!(true);
    shop.post(&shop.admin, "/v1/orders", order).await.ok();
}

#[actix_web::test]
async fn a_list_shows_what_a_channel_publishes_now_and_graphql_tells_why() {
    let shop = Shop::open().await;
    let (_, path) = counter(&shop).await;
    shop.variant("LIP-2").await;
    let launch = shop.clock.now() + chrono::Duration::seconds(60);
    publish(&shop, &path, json!([{ "channel": "mobile", "starts_at": launch }, { "channel": "pos" }])).await;
    let listed = async |channel: &str| {
        let page = shop.get(&shop.admin, &format!("/v1/products?published_in={channel}")).await.ok();
        page["data"].as_array().unwrap().iter().map(|of| of["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(listed("mobile").await, ["LIP-2"]);
    assert_eq!(listed("pos").await, ["LIP-1", "LIP-2"]);
    shop.after(60).await;
    assert_eq!(listed("mobile").await, ["LIP-1", "LIP-2"]);
    let query = "{ products(filter: { publishedIn: MOBILE, name: \"LIP-1\" }) { edges { node { \
                 isPublished(channel: WEB) publications { channel startsAt endsAt } } } } }";
    let told = shop.graphql(&shop.admin, query, json!({})).await;
    let node = &told["data"]["products"]["edges"][0]["node"];
    assert_eq!((&node["isPublished"], &node["publications"][1]["channel"]), (&json!(false), &json!("POS")), "{told}");
}

#[actix_web::test]
async fn publications_that_make_no_sense_are_refused_all_at_once() {
    let shop = Shop::open().await;
    let (_, path) = counter(&shop).await;
    let (now, before) = (shop.clock.now(), shop.clock.now() - chrono::Duration::seconds(1));
    let wrong =
        json!({ "publications": [{ "channel": "web", "starts_at": now, "ends_at": before }, { "channel": "web" }] });
    let refused = shop.put(&shop.admin, &path, wrong).await;
    refused.refused(422, "invalid_body");
    let pointers: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(|of| of["pointer"].clone()).collect();
    assert_eq!(pointers, ["#/publications/0/ends_at", "#/publications/1/channel"]);
    let long_ago = json!({ "publications": [{ "channel": "web", "starts_at": "-0044-03-15T00:00:00Z" }] });
    shop.put(&shop.admin, &path, long_ago).await.refused(422, "invalid_body");
    shop.get(&shop.admin, "/v1/products?published_in=web").await.ok();
    shop.put(&shop.admin, &path, json!({})).await.refused(422, "invalid_body");
    shop.put(&shop.admin, &path, json!({ "publications": [{ "channel": "kiosk" }] }))
        .await
        .refused(422, "invalid_body");
    let body = json!({ "name": "Secret", "category": "cosmetics", "publications": [] });
    let made = shop.post(&shop.admin, "/v1/products", body).await.ok();
    assert_eq!(made["publications"], json!([]), "it is made without being shown");
}

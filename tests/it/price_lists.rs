//! Price lists: who gets which price and why, and which lists are refused.
use crate::support::{Shop, answer, home, order_body};
use chrono::{DateTime, Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};

/// A price list for some circumstances; its id.
pub async fn list(shop: &Shop, code: &str, more: Value) -> String {
    let mut body = json!({ "code": code, "name": code, "currency": "EUR" });
    more.as_object().unwrap().iter().for_each(|(field, value)| body[field] = value.clone());
    let made = shop.post(&shop.admin, "/v1/price-lists", body).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

pub async fn set(shop: &Shop, list: &str, prices: Value) -> Value {
    let path = format!("/v1/price-lists/{list}/prices");
    shop.post(&shop.admin, &path, json!({ "prices": prices })).await.ok()
}

pub fn in_seconds(shop: &Shop, seconds: i64) -> DateTime<Utc> {
    shop.clock.now() + Duration::seconds(seconds)
}

/// The price of one unit as an order is charged it.
async fn charged(shop: &Shop, body: Value) -> i64 {
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    order["lines"][0]["unit_price"]["amount_minor"].as_i64().unwrap()
}

pub async fn explained(shop: &Shop, query: &str) -> Value {
    shop.get(&shop.admin, &format!("/v1/prices/explain?sku=LIP-1&currency=EUR&{query}")).await.ok()
}

fn web(quantity: i32, country: &str, groups: &[&str]) -> Value {
    let mut customer = home();
    customer["address"]["country"] = json!(country);
    customer["groups"] = json!(groups);
    json!({ "channel": "web", "currency": "EUR", "customer": customer,
            "lines": [{ "sku": "LIP-1", "quantity": quantity }] })
}

#[actix_web::test]
async fn orders_are_charged_by_the_list_that_explain_names() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 500).await;
    let elsewhere = shop.location("LYON", 90).await;
    shop.stock(&elsewhere, "LIP-1", 50).await;
    let channel = list(&shop, "web", json!({ "applies_to": { "channels": ["web"] } })).await;
    set(
        &shop,
        &channel,
        json!([{ "sku": "LIP-1", "amount_minor": 950 }, { "sku": "lip-1", "min_quantity": 10, "amount_minor": 900 }]),
    )
    .await;
    let germany = list(&shop, "germany", json!({ "applies_to": { "countries": ["DE"] } })).await;
    set(&shop, &germany, json!([{ "sku": "LIP-1", "amount_minor": 1_100 }])).await;
    let vip = list(&shop, "vip", json!({ "applies_to": { "customer_groups": ["vip"] } })).await;
    set(&shop, &vip, json!([{ "sku": "LIP-1", "amount_minor": 800, "compare_at_minor": 1_000 }])).await;
    let store = list(&shop, "paris", json!({ "applies_to": { "location_ids": [paris] } })).await;
    set(&shop, &store, json!([{ "sku": "LIP-1", "amount_minor": 990 }])).await;
    let cases = [
        (web(1, "FR", &[]), "channel=web&country=FR".to_owned(), 950, Some(&channel)),
        (web(10, "FR", &[]), "channel=web&country=FR&quantity=10".into(), 900, Some(&channel)),
        (web(10, "DE", &[]), "channel=web&country=DE&quantity=10".into(), 1_100, Some(&germany)),
        (web(1, "DE", &["other", "vip"]), "channel=web&country=DE&customer_groups=other,vip".into(), 800, Some(&vip)),
        (order_body(&paris, "LIP-1", 1), format!("channel=pos&location_id={paris}"), 990, Some(&store)),
        (order_body(&elsewhere, "LIP-1", 1), format!("channel=pos&location_id={elsewhere}"), 1_000, None),
    ];
    for (body, query, price, list) in cases {
        assert_eq!(charged(&shop, body).await, price, "{query}");
        let told = explained(&shop, &query).await;
        assert_eq!((&told["unit_minor"], &told["price_list_id"]), (&json!(price), &json!(list)), "{query}");
        let chosen: Vec<_> =
            told["candidates"].as_array().unwrap().iter().filter(|one| one["verdict"] == "chosen").collect();
        assert_eq!(chosen.len(), 1, "{told}");
        assert_eq!(chosen[0]["unit_minor"], price);
        let asked = "query($for: PriceFor!) { variant(sku: \"LIP-1\") { effectivePrice(for: $for) {
            amount { amountMinor } compareAt { amountMinor } } } }";
        let part =
            |name: &str| query.split('&').find_map(|one| one.strip_prefix(&format!("{name}="))).map(str::to_owned);
        let groups = part("customer_groups").map(|groups| groups.split(',').map(str::to_owned).collect::<Vec<_>>());
        let told = json!({ "for": {
            "channel": part("channel").unwrap().to_uppercase(), "currency": "EUR", "country": part("country"),
            "quantity": part("quantity").map(|units| units.parse::<i32>().unwrap()),
            "locationId": part("location_id"), "customerGroups": groups,
        } });
        let shown = shop.graphql(&shop.admin, asked, told).await;
        let effective = &shown["data"]["variant"]["effectivePrice"];
        assert_eq!(effective["amount"]["amountMinor"], price, "{shown}");
        assert_eq!(effective["compareAt"]["amountMinor"], if price == 800 { json!(1_000) } else { Value::Null });
    }
    let france =
        list(&shop, "france-pos", json!({ "priority": 9, "applies_to": { "countries": ["FR"], "channels": ["pos"] } }));
    set(&shop, &france.await, json!([{ "sku": "LIP-1", "amount_minor": 777 }])).await;
    let till = explained(&shop, &format!("channel=pos&location_id={paris}")).await;
    assert_eq!(till["unit_minor"], 777, "the country of the location decides where none is named");
    assert_eq!(charged(&shop, order_body(&paris, "LIP-1", 1)).await, 777);
    let told = explained(&shop, "channel=web&country=FR").await;
    let verdicts: Vec<_> =
        told["candidates"].as_array().unwrap().iter().map(|one| one["verdict"].as_str().unwrap()).collect();
    let wanted = [
        "other_channel",
        "other_customer_group",
        "other_location",
        "other_country",
        "too_few_units",
        "chosen",
        "outranked",
    ];
    assert_eq!(verdicts, wanted);
    let pickup = json!({ "channel": "web", "currency": "EUR", "location_id": paris, "pickup": true,
                         "lines": [{ "sku": "LIP-1", "quantity": 1 }] });
    assert_eq!(charged(&shop, pickup).await, 990, "what is fetched has the price of the place");
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let base = format!("/v1/variants/{}/prices/mobile/EUR", variant["id"].as_str().unwrap());
    let before = shop.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    shop.clock.advance(Duration::days(50));
    shop.put(&shop.admin, &base, json!({ "amount_minor": 1_234 })).await.ok();
    assert_eq!(explained(&shop, "channel=mobile&country=IT").await["unit_minor"], 1_234);
    let then = explained(&shop, &format!("channel=mobile&country=IT&at={before}")).await;
    assert_eq!(then["unit_minor"], 1_000, "the price of then");
}

#[actix_web::test]
async fn a_new_price_is_refused_or_put_in_the_place_of_those_in_its_way() {
    let shop = Shop::open_for_long().await;
    shop.stocked("PARIS", "LIP-1", 90).await;
    let id = list(&shop, "base", json!({})).await;
    let path = format!("/v1/price-lists/{id}/prices");
    set(&shop, &id, json!([{ "sku": "LIP-1", "amount_minor": 900 }])).await;
    let (from, to) = (in_seconds(&shop, 3_600), in_seconds(&shop, 7_200));
    let sale = json!([{ "sku": "LIP-1", "amount_minor": 600, "starts_at": from, "ends_at": to }]);
    let refused = shop.post(&shop.admin, &path, json!({ "prices": sale })).await;
    refused.refused(409, "price_overlap");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/prices/0/starts_at");
    let replaced = shop.post(&shop.admin, &path, json!({ "prices": sale, "replace": true })).await.ok();
    assert_eq!(replaced["prices"][0]["amount_minor"], 600);
    let at = async |at: DateTime<Utc>| {
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
        explained(&shop, &format!("channel=web&at={at}")).await["unit_minor"].as_i64()
    };
    let second = Duration::seconds(1);
    let told = [at(from - second).await, at(from).await, at(to - second).await, at(to).await];
    assert_eq!(told, [Some(900), Some(600), Some(600), Some(900)], "the price goes on after the sale");
    let standing = shop.get(&shop.admin, &path).await.ok();
    assert_eq!(standing["data"].as_array().unwrap().len(), 3);
    let withdraw = format!("{path}/{}", replaced["prices"][0]["id"].as_str().unwrap());
    shop.request(&shop.admin, Method::DELETE, &withdraw).send().await.unwrap().error_for_status().unwrap();
    answer(shop.request(&shop.admin, Method::DELETE, &withdraw)).await.refused(409, "price_ended");
    assert_eq!(at(from).await, Some(1_000), "without the sale nothing of the list holds then");
    let history = shop.get(&shop.admin, &format!("{path}?history=true&sku=LIP-1")).await.ok();
    let rows = history["data"].as_array().unwrap();
    let withdrawn: Vec<_> = rows.iter().filter(|row| !row["withdrawn_at"].is_null()).collect();
    assert_eq!((rows.len(), withdrawn.len()), (3, 1), "{history}");
    let me = shop.get(&shop.admin, "/v1/me").await.body["id"].clone();
    if !me.is_null() {
        assert!(rows.iter().all(|row| row["created_by"] == me), "{history}");
    }
    assert_eq!(withdrawn[0]["ended_by"], rows[0]["created_by"]);
}

#[actix_web::test]
async fn wrong_price_lists_are_refused_with_every_fault() {
    let shop = Shop::open_for_long().await;
    shop.stocked("PARIS", "LIP-1", 9).await;
    let past = in_seconds(&shop, -60);
    let nowhere = uuid::Uuid::now_v7();
    let body = json!({ "code": "x", "name": "X", "currency": "EUR", "starts_at": past,
                       "applies_to": { "location_ids": [nowhere] } });
    let refused = shop.post(&shop.admin, "/v1/price-lists", body).await;
    refused.refused(422, "unknown_location");
    let pointers = |body: &Value| -> Vec<String> {
        body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["pointer"].as_str().unwrap().trim_start_matches('#').to_owned())
            .collect()
    };
    assert_eq!(pointers(&refused.body), ["/applies_to/location_ids/0", "/starts_at"]);
    for wrong in [
        json!({ "code": "X y", "name": "X", "currency": "EUR" }),
        json!({ "code": "x", "name": "X", "currency": "XXX" }),
        json!({ "code": "x", "name": "X", "currency": "EUR", "priority": 1_001 }),
        json!({ "code": "x", "name": "X", "currency": "EUR", "applies_to": { "countries": ["FRANCE"] } }),
        json!({ "code": "x", "name": "X", "currency": "EUR", "applies_to": { "stores": [] } }),
        json!({ "code": "x", "name": "X", "currency": "EUR", "applies_to": [] }),
        json!({ "code": "x", "name": "X", "currency": "EUR", "applies_to": { "customer_groups": [] } }),
    ] {
        let refused = shop.post(&shop.admin, "/v1/price-lists", wrong.clone()).await;
        assert!([400, 422].contains(&refused.status), "{wrong}: {}", refused.body);
    }
    let id = list(&shop, "sale", json!({})).await;
    let again = json!({ "code": "sale", "name": "S", "currency": "EUR" });
    shop.post(&shop.admin, "/v1/price-lists", again).await.refused(409, "price_list_code_taken");
    let path = format!("/v1/price-lists/{id}/prices");
    let prices = json!([
        { "sku": "NONE-1", "amount_minor": 100 },
        { "sku": "LIP-1", "amount_minor": 100, "compare_at_minor": 100 },
        { "sku": "LIP-1", "min_quantity": 2, "amount_minor": 100, "starts_at": past },
        { "sku": "LIP-1", "min_quantity": 3, "amount_minor": 100, "ends_at": past },
        { "sku": "lip-1", "amount_minor": 90 },
    ]);
    let refused = shop.post(&shop.admin, &path, json!({ "prices": prices })).await;
    refused.refused(422, "unknown_sku");
    let wanted = [
        "/prices/0/sku",
        "/prices/1/compare_at_minor",
        "/prices/2/starts_at",
        "/prices/3/ends_at",
        "/prices/4/starts_at",
    ];
    assert_eq!(pointers(&refused.body), wanted);
    for wrong in [
        json!([{ "sku": "LIP-1", "amount_minor": -1 }]),
        json!([{ "sku": "LIP-1", "amount_minor": 1.5 }]),
        json!([{ "sku": "LIP-1", "amount_minor": 5, "min_quantity": 0 }]),
        json!([]),
    ] {
        let refused = shop.post(&shop.admin, &path, json!({ "prices": wrong })).await;
        assert!([400, 422].contains(&refused.status), "{wrong}: {}", refused.body);
    }
    assert_eq!(shop.database.count("list_prices"), 0, "nothing was written");
    set(&shop, &id, json!([{ "sku": "LIP-1", "amount_minor": 900 }])).await;
    let list_path = format!("/v1/price-lists/{id}");
    let version = shop.get(&shop.admin, &list_path).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &list_path, json!({ "priority": 5 }), version).await.refused(409, "price_list_begun");
    let far = json!({ "ends_at": "+10000-01-01T00:00:00Z" });
    shop.patch(&shop.admin, &list_path, far, version).await.refused(422, "invalid_body");
    shop.patch(&shop.admin, &list_path, json!({ "ends_at": in_seconds(&shop, 5) }), version).await.ok();
    shop.clock.advance(Duration::seconds(6));
    let late = shop.post(&shop.admin, &path, json!({ "prices": [{ "sku": "LIP-1", "amount_minor": 1 }] })).await;
    late.refused(409, "price_list_ended");
    let version = version.map(|version| version + 1);
    let open = shop.patch(&shop.admin, &list_path, json!({ "ends_at": null }), version).await;
    open.refused(409, "price_list_ended");
    let clerk = shop.sign_in("cashier", None).await;
    shop.post(&clerk, &path, json!({ "prices": [] })).await.refused(403, "forbidden");
    let compared = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let base = format!("/v1/variants/{}/prices/web/EUR", compared["id"].as_str().unwrap());
    let refused = shop.put(&shop.admin, &base, json!({ "amount_minor": 900, "compare_at_minor": 900 })).await;
    refused.refused(422, "invalid_body");
    let set = shop.put(&shop.admin, &base, json!({ "amount_minor": 900, "compare_at_minor": 1_200 })).await.ok();
    let web = set["prices"].as_array().unwrap().iter().find(|price| price["channel"] == "web").unwrap().clone();
    assert_eq!((&web["amount_minor"], &web["compare_at_minor"]), (&json!(900), &json!(1_200)));
}

#[actix_web::test]
async fn units_that_are_added_have_the_price_for_all_of_the_line() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    let id = list(&shop, "bulk", json!({})).await;
    set(&shop, &id, json!([{ "sku": "LIP-1", "amount_minor": 800, "min_quantity": 5 }])).await;
    let order = shop.placed(&paris, "LIP-1", 4).await;
    assert_eq!(order["total"]["amount_minor"], 4_000);
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let change = json!({ "lines": [{ "sku": "LIP-1", "quantity": 6 }] });
    let changed = shop.patch(&shop.admin, &path, change, order["version"].as_i64()).await.ok();
    assert_eq!(changed["total"]["amount_minor"], 4_000 + 2 * 800, "units that were agreed keep their price");
}

#[actix_web::test]
async fn a_list_that_has_not_begun_is_withdrawn_with_its_prices_and_one_that_has_stays() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let later = list(&shop, "later", json!({ "starts_at": in_seconds(&shop, 60) })).await;
    set(&shop, &later, json!([{ "sku": "LIP-1", "amount_minor": 500 }])).await;
    let path = format!("/v1/price-lists/{later}");
    let gone = answer(shop.request(&shop.admin, Method::DELETE, &path)).await.ok();
    assert_eq!(gone["ends_at"], gone["starts_at"]);
    shop.get(&shop.admin, &path).await.refused(404, "not_found");
    shop.after(61).await;
    assert_eq!(charged(&shop, order_body(&paris, "LIP-1", 1)).await, 1_000);
    let now = list(&shop, "later", json!({})).await;
    let kept = answer(shop.request(&shop.admin, Method::DELETE, &format!("/v1/price-lists/{now}"))).await;
    kept.refused(409, "price_list_begun");
}

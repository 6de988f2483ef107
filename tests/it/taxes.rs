//! Tax within prices: which rate an order has, what a receipt says, and that returns give it back exactly.
use crate::{
    support::{Shop, answer, home, order_body},
    tills::sale,
};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

async fn rate(shop: &Shop, country: &str, tax_class: &str, rate_ppm: i32) -> Value {
    let body = json!({ "country": country, "tax_class": tax_class, "name": format!("VAT {country}"),
                       "rate_ppm": rate_ppm, "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", body).await.ok()
}

fn in_seconds(shop: &Shop, seconds: i64) -> DateTime<Utc> {
    shop.clock.now() + Duration::seconds(seconds)
}

fn web(country: &str, region: Option<&str>, lines: Value) -> Value {
    let mut customer = home();
    customer["address"]["country"] = json!(country);
    if let Some(region) = region {
        customer["address"]["region"] = json!(region);
    }
    json!({ "channel": "web", "currency": "EUR", "customer": customer, "lines": lines })
}

fn tax(order: &Value) -> i64 {
    order["totals"]["tax"]["amount_minor"].as_i64().unwrap()
}

async fn with_class(shop: &Shop, sku: &str, cents: i64, tax_class: &str) {
    let prices: Vec<_> =
        ["web", "pos"].map(|channel| json!({ "channel": channel, "currency": "EUR", "amount_minor": cents })).to_vec();
    let body = json!({ "name": sku, "category": "cosmetics", "tax_class": tax_class,
                       "variants": [{ "sku": sku, "prices": prices }] });
    shop.post(&shop.admin, "/v1/products", body).await.ok();
}

#[actix_web::test]
async fn a_receipt_tells_the_tax_of_each_rate() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    with_class(&shop, "BOOK-1", 1_099, "reduced").await;
    shop.stock(&paris, "BOOK-1", 50).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 3 }, { "sku": "BOOK-1", "quantity": 1 }]);
    let before = shop.post(&shop.admin, "/v1/orders", web("FR", None, lines.clone())).await.ok();
    assert_eq!((tax(&before), &before["totals"]["taxes"]), (0, &json!([])), "without any rate nothing is taxed");
    rate(&shop, "FR", "standard", 200_000).await;
    rate(&shop, "FR", "reduced", 55_000).await;
    let order = shop.post(&shop.admin, "/v1/orders", web("FR", None, lines)).await.ok();
    // 30.00 of which 5.00, and 10.99 of which 0.57 (BOI-TVA-BASE: the price with tax divided by 1.2 or 1.055).
    let totals = &order["totals"];
    let minor = |value: &Value| value["amount_minor"].as_i64().unwrap();
    assert_eq!(["goods", "tax", "net", "total"].map(|of| minor(&totals[of])), [4_099, 557, 3_542, 4_099]);
    let rows: Vec<_> = totals["taxes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["rate_ppm"].as_i64().unwrap(), minor(&row["gross"]), minor(&row["amount"]), minor(&row["net"])))
        .collect();
    assert_eq!(rows, [(200_000, 3_000, 500, 2_500), (55_000, 1_099, 57, 1_042)]);
    assert_eq!((&order["lines"][0]["tax"]["name"], minor(&order["lines"][1]["tax"]["amount"])), (&json!("VAT FR"), 57));
    let asked = "query($id: ID!) { node(id: $id) { ... on Order { totals { tax { amountMinor } taxes { gross {
        amountMinor } tax { ratePpm amount { amountMinor } } } } lines { tax { name amount { amountMinor } } } } } }";
    let list = shop.graphql(&shop.admin, "{ orders(first: 1) { edges { node { id } } } }", json!({})).await;
    let id = list["data"]["orders"]["edges"][0]["node"]["id"].clone();
    let shown = shop.graphql(&shop.admin, asked, json!({ "id": id })).await;
    let node = &shown["data"]["node"];
    assert_eq!(node["totals"]["tax"]["amountMinor"], 557, "{shown}");
    assert_eq!(node["lines"][0]["tax"]["amount"]["amountMinor"], 500);
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    assert_eq!((tax(&sold), &sold["marks"]), (167, &json!([])), "a till's sale has the tax of the store's country");
}

#[actix_web::test]
async fn goods_without_a_rate_are_refused_and_a_tills_sale_is_marked() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    with_class(&shop, "BOOK-1", 1_099, "reduced").await;
    shop.stock(&paris, "BOOK-1", 50).await;
    let standard = rate(&shop, "ES", "standard", 210_000).await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 1 }, { "sku": "BOOK-1", "quantity": 1 }]);
    let refused = shop.post(&shop.admin, "/v1/orders", web("US", None, lines.clone())).await;
    refused.refused(422, "no_tax_rate");
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 2, "each line is told");
    let refused = shop.post(&shop.admin, "/v1/orders", web("ES", None, lines.clone())).await;
    refused.refused(422, "no_tax_rate");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/1/sku");
    let one = json!([{ "sku": "LIP-1", "quantity": 1 }]);
    let main = shop.post(&shop.admin, "/v1/orders", web("ES", None, one.clone())).await.ok();
    assert_eq!(tax(&main), 174, "10.00 of which 1.7355");
    let canaries = json!({ "country": "ES", "region": "ES-CN", "tax_class": "standard", "name": "IGIC",
                           "rate_ppm": 70_000, "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", canaries).await.ok();
    let there = shop.post(&shop.admin, "/v1/orders", web("ES", Some("ES-CN"), one.clone())).await.ok();
    assert_eq!((tax(&there), &there["totals"]["taxes"][0]["name"]), (65, &json!("IGIC")));
    let wrong = shop.post(&shop.admin, "/v1/orders", web("ES", Some("FR-75"), one.clone())).await;
    wrong.refused(422, "invalid_body");
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await.ok();
    assert_eq!((tax(&sold), &sold["marks"]), (0, &json!(["tax_unknown"])), "its goods have left");
    let settled = json!({ "channel": "marketplace", "currency": "EUR", "settled_outside": true,
                          "external_ref": "M-1", "customer": web("US", None, one.clone())["customer"], "lines": one });
    let settled = shop.post(&shop.admin, "/v1/orders", settled).await.ok();
    assert_eq!((tax(&settled), &settled["marks"]), (0, &json!(["tax_unknown"])), "the marketplace has settled it");
    let again = json!({ "country": "ES", "tax_class": "standard", "name": "IVA", "rate_ppm": 220_000,
                        "starts_at": in_seconds(&shop, 60) });
    shop.post(&shop.admin, "/v1/tax-rates", again.clone()).await.refused(409, "tax_rate_overlap");
    let path = format!("/v1/tax-rates/{}", standard["id"].as_str().unwrap());
    let end = json!({ "ends_at": again["starts_at"] });
    shop.patch(&shop.admin, &path, end, Some(1)).await.ok();
    shop.post(&shop.admin, "/v1/tax-rates", again).await.ok();
    shop.patch(&shop.admin, &path, json!({ "ends_at": null }), Some(2)).await.refused(409, "tax_rate_overlap");
    for (rate_ppm, region) in [(-1, None), (1_000_001, None), (1, Some("FR-75"))] {
        let wrong = json!({ "country": "ES", "region": region, "tax_class": "zero", "name": "X", "rate_ppm": rate_ppm,
                            "starts_at": "2020-01-01T00:00:00Z", "ends_at": "2019-01-01T00:00:00Z" });
        let refused = shop.post(&shop.admin, "/v1/tax-rates", wrong).await;
        refused.refused(422, "invalid_body");
        assert!(!refused.body["errors"].as_array().unwrap().is_empty());
    }
    let clerk = shop.sign_in("cashier", Some(&paris)).await;
    let body = json!({ "channel": "pos", "currency": "EUR", "lines": one });
    let nowhere = shop.post(&shop.admin, "/v1/orders", body.clone()).await;
    nowhere.refused(422, "no_tax_rate");
    rate(&shop, "FR", "standard", 200_000).await;
    let here = shop.post(&clerk, "/v1/orders", body).await.ok();
    assert_eq!(tax(&here), 167, "whoever sells at one store alone sells there");
    shop.post(&clerk, "/v1/tax-rates", json!({})).await.refused(403, "forbidden");
}

#[actix_web::test]
async fn a_new_rate_holds_from_its_second_on_and_orders_keep_theirs() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    let old = rate(&shop, "FR", "standard", 200_000).await;
    let (second, other) = shop.second(&[]);
    let placed = async |url: &str| {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.post(format!("{url}/v1/orders")).bearer_auth(&shop.admin);
        answer(request.header("Idempotency-Key", key).json(&order_body(&paris, "LIP-1", 2))).await.ok()
    };
    let first = placed(&second).await;
    assert_eq!(tax(&first), 333);
    let turn = in_seconds(&shop, 30);
    let path = format!("/v1/tax-rates/{}", old["id"].as_str().unwrap());
    shop.patch(&shop.admin, &path, json!({ "ends_at": turn }), Some(1)).await.ok();
    let new = json!({ "country": "FR", "tax_class": "standard", "name": "VAT 25", "rate_ppm": 250_000,
                      "starts_at": turn });
    shop.post(&shop.admin, "/v1/tax-rates", new).await.ok();
    assert_eq!(tax(&placed(&second).await), 333, "it has not begun");
    shop.clock.advance(Duration::seconds(31));
    assert_eq!((tax(&placed(&second).await), tax(&placed(&shop.url).await)), (400, 400));
    let path = format!("/v1/orders/{}", first["id"].as_str().unwrap());
    let change = json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }] });
    let changed = shop.patch(&shop.admin, &path, change, first["version"].as_i64()).await.ok();
    let taxes: Vec<_> =
        changed["lines"].as_array().unwrap().iter().map(|line| line["tax"]["amount"]["amount_minor"].clone()).collect();
    assert_eq!(taxes, [333, 200], "the unit that is added has the rate of now, on a line of its own");
    drop(other);
}

#[actix_web::test]
async fn a_server_that_has_not_heard_of_a_new_tax_class_taxes_by_it_all_the_same() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    rate(&shop, "FR", "standard", 200_000).await;
    rate(&shop, "FR", "reduced", 55_000).await;
    let (second, other) = shop.second(&[]);
    let sent = async |path: &str, body: Value| {
        let key = uuid::Uuid::now_v7().to_string();
        let request = shop.http.post(format!("{second}{path}")).bearer_auth(&shop.admin);
        answer(request.header("Idempotency-Key", key).json(&body)).await.ok()
    };
    assert_eq!(tax(&sent("/v1/orders", order_body(&paris, "LIP-1", 1)).await), 167);
    let variant = shop.get(&shop.admin, "/v1/variants?sku=LIP-1").await.ok();
    let path = format!("/v1/products/{}", variant["product_id"].as_str().unwrap());
    let version = shop.get(&shop.admin, &path).await.ok()["version"].as_i64();
    shop.patch(&shop.admin, &path, json!({ "tax_class": "reduced" }), version).await.ok();
    assert_eq!(tax(&sent("/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 0)).await), 52);
    assert_eq!(tax(&sent("/v1/orders", order_body(&paris, "LIP-1", 1)).await), 52);
    drop(other);
}

#[actix_web::test]
async fn an_order_that_is_taxed_stays_in_its_country_and_a_rate_that_has_not_begun_can_be_withdrawn() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 90).await;
    let one = json!([{ "sku": "LIP-1", "quantity": 1 }]);
    let untaxed = shop.post(&shop.admin, "/v1/orders", web("GB", None, one.clone())).await.ok();
    rate(&shop, "FR", "standard", 200_000).await;
    rate(&shop, "GB", "standard", 0).await;
    let order = shop.post(&shop.admin, "/v1/orders", web("GB", None, one.clone())).await.ok();
    let address = |country: &str| json!({ "customer": web(country, None, Value::Null)["customer"] });
    let path = |order: &Value| format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let moved = shop.patch(&shop.admin, &path(&order), address("FR"), order["version"].as_i64()).await;
    moved.refused(409, "tax_place_fixed");
    shop.patch(&shop.admin, &path(&order), address("GB"), order["version"].as_i64()).await.ok();
    shop.patch(&shop.admin, &path(&untaxed), address("FR"), untaxed["version"].as_i64()).await.ok();
    let wrong = json!({ "country": "FR", "tax_class": "zero", "name": "X", "rate_ppm": 1,
                        "starts_at": in_seconds(&shop, 600) });
    let wrong = shop.post(&shop.admin, "/v1/tax-rates", wrong).await.ok();
    let at = |rate: &Value| format!("/v1/tax-rates/{}", rate["id"].as_str().unwrap());
    answer(shop.request(&shop.admin, reqwest::Method::DELETE, &at(&wrong))).await.ok();
    shop.get(&shop.admin, &at(&wrong)).await.refused(404, "not_found");
    let holds = rate(&shop, "IT", "standard", 220_000).await;
    answer(shop.request(&shop.admin, reqwest::Method::DELETE, &at(&holds))).await.refused(409, "tax_rate_begun");
    let far = json!({ "ends_at": "+10000-01-01T00:00:00Z" });
    shop.patch(&shop.admin, &at(&holds), far, Some(1)).await.refused(422, "invalid_body");
    let past = json!({ "ends_at": in_seconds(&shop, -60) });
    shop.patch(&shop.admin, &at(&holds), past, Some(1)).await.refused(422, "invalid_body");
    let soon = json!({ "ends_at": in_seconds(&shop, 5) });
    shop.patch(&shop.admin, &at(&holds), soon, Some(1)).await.ok();
    shop.clock.advance(Duration::seconds(6));
    let reopened = shop.patch(&shop.admin, &at(&holds), json!({ "ends_at": null }), Some(2)).await;
    reopened.refused(422, "invalid_body");
    let instant = json!({ "country": "PT", "tax_class": "zero", "name": "X", "rate_ppm": 1,
                          "starts_at": "2030-01-01T00:00:00.0000001Z", "ends_at": "2030-01-01T00:00:00.0000002Z" });
    shop.post(&shop.admin, "/v1/tax-rates", instant).await.refused(422, "invalid_body");
    drop(paris);
}

#[actix_web::test]
async fn a_price_that_goes_back_without_the_goods_takes_its_tax_along() {
    let shop = Shop::open_for_long().await;
    let paris = shop.location("PARIS", 100).await;
    with_class(&shop, "SER-1", 999, "standard").await;
    shop.stock(&paris, "SER-1", 20).await;
    rate(&shop, "FR", "standard", 200_000).await;
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "SER-1", 2, 0)).await.ok();
    let ask = json!({ "order_id": sold["id"], "lines": [{ "line_no": 1, "quantity": 1, "reason": "unwanted" }] });
    let first = shop.post(&shop.admin, "/v1/returns", ask.clone()).await.ok();
    let second = shop.post(&shop.admin, "/v1/returns", ask).await.ok();
    let path = |back: &Value, step: &str| format!("/v1/returns/{}/{step}", back["id"].as_str().unwrap());
    shop.post(&shop.admin, &path(&second, "approve"), json!({ "returnless": true })).await.ok();
    shop.post(&shop.admin, &path(&first, "approve"), json!({})).await.ok();
    shop.post(&shop.admin, &path(&first, "receive"), json!({ "location_id": paris })).await.ok();
    let mut taxes = vec![];
    for back in [&first, &second] {
        let read = shop.get(&shop.admin, &format!("/v1/returns/{}", back["id"].as_str().unwrap())).await.ok();
        assert_eq!(read["tax"], read["lines"][0]["tax"]);
        taxes.push(read["tax"]["amount_minor"].as_i64().unwrap());
    }
    assert_eq!(taxes, [166, 167], "in the order in which they were given back");
    assert_eq!(taxes.iter().sum::<i64>(), tax(&sold));
}

#[actix_web::test]
async fn returns_give_back_the_tax_of_their_units_and_all_of_it_together() {
    let shop = Shop::open_for_long().await;
    let paris = shop.location("PARIS", 100).await;
    with_class(&shop, "SER-1", 999, "standard").await;
    shop.stock(&paris, "SER-1", 20).await;
    rate(&shop, "FR", "standard", 200_000).await;
    let sold = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "SER-1", 7, 0)).await.ok();
    let order = sold["id"].as_str().unwrap();
    assert_eq!(tax(&sold), 1_166, "69.93 of which 11.655");
    let mut taxes = vec![];
    for units in [1, 2, 1, 3] {
        let body = json!({ "order_id": order, "location_id": paris,
                           "lines": [{ "line_no": 1, "quantity": units, "reason": "unwanted" }] });
        let back = shop.post(&shop.admin, "/v1/returns", body).await.ok();
        taxes.push(back["tax"]["amount_minor"].as_i64().unwrap());
    }
    assert_eq!(taxes, [167, 333, 166, 500]);
    assert_eq!(taxes.iter().sum::<i64>(), 1_166);
}

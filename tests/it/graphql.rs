//! Nested reads: what the clients ask, at a fixed number of queries, within limits and within one's places.
use crate::support::{Shop, answer};
use reqwest::Method;
use serde_json::{Value, json};

fn operation(name: &str) -> String {
    std::fs::read_to_string(format!("graphql/operations/{name}.graphql")).unwrap()
}

/// A shop with so many products, each with an order.
async fn busy(products: usize) -> (Shop, String) {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    for n in 0..products {
        shop.variant(&format!("LIP-{n:03}")).await;
        shop.stock(&paris, &format!("LIP-{n:03}"), 5).await;
        shop.paid(&paris, &format!("LIP-{n:03}"), 1).await;
    }
    (shop, paris)
}

#[test]
fn the_schema_is_as_checked_in() {
    let config = coffret::platform::config::Config::defaults().unwrap();
    let now = coffret::app::sdl(&config.graphql);
    let file = "graphql/schema.graphql";
    if std::fs::read_to_string(file).unwrap_or_default() != now {
        std::fs::write(file, now).unwrap();
        panic!("{file} was not what the code says; it has been written anew: look at the difference and commit it");
    }
}

#[actix_web::test]
async fn the_clients_own_queries_are_answered() {
    let (shop, paris) = busy(2).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let catalog = shop.graphql(&till, &operation("mobile_catalog"), json!({})).await;
    let variant = &catalog["data"]["products"]["edges"][0]["node"]["variants"][0];
    assert_eq!(variant["prices"][0]["amount"], json!({ "amountMinor": 1000, "currency": "EUR" }));
    assert_eq!(
        (&variant["stock"][0]["quantityAvailable"], &variant["stock"][0]["location"]["name"]),
        (&json!(4), &json!("PARIS"))
    );
    let history = shop.graphql(&till, &operation("mobile_order_history"), json!({ "first": 1 })).await;
    assert_eq!(history["data"]["orders"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(history["data"]["orders"]["edges"][0]["node"]["lines"][0]["variant"]["product"]["name"], "LIP-001");
    let after = &history["data"]["orders"]["pageInfo"]["endCursor"];
    let rest = shop.graphql(&till, &operation("mobile_order_history"), json!({ "first": 1, "after": after })).await;
    assert_eq!(rest["data"]["orders"]["edges"][0]["node"]["number"], 1);
    let scan = shop.graphql(&till, &operation("till_scan"), json!({ "sku": "LIP-000", "location": paris })).await;
    assert_eq!(scan["data"]["variant"]["stock"][0]["quantityAvailable"], 4);
    let overview = shop.graphql(&shop.admin, &operation("admin_overview"), json!({})).await;
    assert_eq!(overview["errors"], Value::Null, "{overview}");
    let order = &overview["data"]["orders"]["edges"][0]["node"];
    assert_eq!(
        (&order["reservations"][0]["status"], &order["payments"][0]["captured"]["amountMinor"]),
        (&json!("CONVERTED"), &json!(1000))
    );
    assert_eq!(overview["data"]["locations"]["edges"][0]["node"]["stock"]["edges"][0]["node"]["allocated"], 1);
}

#[actix_web::test]
async fn a_nested_read_costs_the_same_number_of_queries_for_1_and_for_100() {
    let (shop, _) = busy(100).await;
    let overview = "query($n: Int!) \
        { orders(first: $n) { edges { node { location { code } lines { variant { product { name } prices { amount { \
        amountMinor } } \
        stock(first: 1) { quantityAvailable } } } reservations { lines { quantity } } payments { status } \
        shipments { carrier } } } } }";
    let catalog = "query($n: Int!) \
        { products(first: $n) { edges { node { variants { sku prices { channel } components { quantity } stock(first: \
        1) { onHand } } } } } }";
    let stock = "query($n: Int!) \
        { locations(first: 1) { edges { node { stock(first: $n) { edges { node { onHand variant { sku product { name \
        } } } } } } } } }";
    for query in [overview, catalog, stock] {
        let mut costs = vec![];
        shop.graphql(&shop.admin, query, json!({ "n": 100 })).await;
        for n in [1, 100] {
            let before = shop.app.db.queries_run();
            let data = shop.graphql(&shop.admin, query, json!({ "n": n })).await;
            assert_eq!(data["errors"], Value::Null, "{data}");
            costs.push(shop.app.db.queries_run() - before);
        }
        assert_eq!(costs[0], costs[1], "{query}");
        assert!(costs[0] <= 24, "{costs:?} {query}");
    }
}

#[actix_web::test]
async fn every_edge_shows_only_what_the_caller_may_see() {
    let (shop, paris) = busy(2).await;
    let lyon = shop.location("LYON", 2).await;
    shop.stock(&lyon, "LIP-000", 7).await;
    let foreign = shop.placed(&lyon, "LIP-000", 1).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let query = "{ orders { edges { node { number location { code } } } } locations { edges { node { code } } } \
        variant(sku: \"LIP-000\") { stock { location { code } } } }";
    let seen = shop.graphql(&till, query, json!({})).await;
    assert!(!seen.to_string().contains("LYON"), "{seen}");
    assert_eq!(seen["data"]["orders"]["edges"].as_array().unwrap().len(), 2);
    let asked = "query($o: ID!, $l: ID!) \
        { order(id: $o) { number } location(id: $l) { code } byCode: location(code: \"LYON\") { code } variant(sku: \
        \"LIP-000\") { stock(locationId: $l) { onHand } } }";
    let refused = shop.graphql(&till, asked, json!({ "o": foreign["id"], "l": lyon })).await;
    assert_eq!(refused["data"], json!({ "order": null, "location": null, "byCode": null, "variant": { "stock": [] } }));
    let global = shop
        .graphql(&shop.admin, "query($o: ID!) { order(id: $o) { id } }", json!({ "o": foreign["id"] }))
        .await["data"]["order"]["id"]
        .clone();
    let node = "query($id: ID!) { node(id: $id) { __typename id } }";
    assert_eq!(
        shop.graphql(&shop.admin, node, json!({ "id": global })).await["data"]["node"],
        json!({ "__typename": "Order", "id": global })
    );
    assert_eq!(shop.graphql(&till, node, json!({ "id": global })).await["data"]["node"], json!(null));
    let paid = shop.paid(&lyon, "LIP-000", 1).await["id"].clone();
    let ask = "query($o: ID!) { order(id: $o) { payments { id } } }";
    let payment =
        shop.graphql(&shop.admin, ask, json!({ "o": paid })).await["data"]["order"]["payments"][0]["id"].clone();
    let found = shop.graphql(&shop.admin, node, json!({ "id": payment })).await["data"]["node"].clone();
    assert_eq!(found, json!({ "__typename": "Payment", "id": payment }));
    assert_eq!(shop.graphql(&till, node, json!({ "id": payment })).await["data"]["node"], json!(null));
    let manager = shop.sign_in("catalog_manager", None).await;
    let denied = shop.graphql(&manager, "{ orders { edges { node { number } } } }", json!({})).await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "forbidden");
}

#[actix_web::test]
async fn every_error_has_a_code_and_the_status_follows_the_media_type() {
    let shop = Shop::open().await;
    let cases = [
        ("{ nothing }", "graphql_invalid"),
        ("{ products(first: 1000) { edges { cursor } } }", "graphql_invalid"),
        ("{ products(first: -1) { edges { cursor } } }", "graphql_invalid"),
        ("{ products(after: \"x\") { edges { cursor } } }", "invalid_cursor"),
        ("{ order(id: \"x\") { number } }", "graphql_invalid"),
        (
            "{ products(first: 100) { edges { node { variants { stock(first: 100) { variant { sku } } } } } } }",
            "graphql_too_complex",
        ),
        ("query { a: __typename b: __typename ...f } fragment f on Query { ...f }", "graphql_invalid"),
        ("mutation { x }", "graphql_invalid"),
        ("{", "graphql_invalid"),
    ];
    for (query, code) in cases {
        let body = json!({ "query": query });
        let legacy = answer(
            shop.request(&shop.admin, Method::POST, "/graphql").header("Accept", "application/json").json(&body),
        )
        .await;
        assert_eq!((legacy.status, legacy.header("content-type")), (200, "application/json"));
        for error in legacy.body["errors"].as_array().unwrap() {
            assert_eq!(error["extensions"]["code"], code, "{query}: {error}");
        }
    }
    let modern =
        shop.request(&shop.admin, Method::POST, "/graphql").header("Accept", "application/graphql-response+json");
    let modern = answer(modern.json(&json!({ "query": "{ nothing }" }))).await;
    assert_eq!(
        (modern.status, modern.header("content-type"), &modern.body["data"]),
        (400, "application/graphql-response+json", &Value::Null)
    );
    let batch =
        answer(shop.request(&shop.admin, Method::POST, "/graphql").json(&json!([{ "query": "{ __typename }" }]))).await;
    batch.refused(422, "invalid_body");
    let form = shop
        .request(&shop.admin, Method::POST, "/graphql")
        .header("Content-Type", "text/plain")
        .body("{\"query\":\"{__typename}\"}");
    answer(form).await.refused(415, "unsupported_media_type");
    let huge = json!({ "query": format!("{{ __typename }} #{}", "x".repeat(100_001)) });
    answer(shop.request(&shop.admin, Method::POST, "/graphql").json(&huge)).await.refused(413, "body_too_large");
    answer(shop.request("", Method::POST, "/graphql").json(&json!({ "query": "{ __typename }" })))
        .await
        .refused(401, "unauthenticated");
}

#[actix_web::test]
async fn the_standard_introspection_query_passes_the_limits() {
    let shop = Shop::open().await;
    let type_ref = "kind name ofType \
        { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
        ofType { kind name } } } } } } }";
    let query = format!(
        "{{ __schema {{ types {{ kind name fields(includeDeprecated: true) {{ name \
         args {{ name type {{ {type_ref} }} }} type {{ {type_ref} }} }} }} }} }}"
    );
    let answer = shop.graphql(&shop.admin, &query, json!({})).await;
    assert_eq!(answer["errors"], Value::Null);
    assert!(answer["data"]["__schema"]["types"].as_array().unwrap().len() > 20);
}

#[actix_web::test]
async fn goods_that_move_and_stock_of_the_past_are_read_nested_and_by_those_who_may() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let lyon = shop.location("LYON", 2).await;
    shop.lot(&paris, "LIP-1", ("A1", "2031-01-31"), 4).await;
    let then = shop.clock.now();
    shop.clock.advance(chrono::Duration::hours(1));
    let way = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 3 }])).await;
    shop.step("transfers", &way, "ready", json!({})).await.ok();
    shop.step("transfers", &way, "ship", json!({})).await.ok();
    shop.purchase(&shop.supplier().await, &paris, json!([{ "sku": "LIP-1", "quantity": 7 }])).await;
    shop.count_of(&paris, &["LIP-1"]).await;
    let query = "query ($then: DateTime!, $paris: ID!) {
        transfers { edges { node { transferId status from { code } to { code }
            lines { shipped inTransit variant { sku } } } } }
        purchaseOrders { edges { node { status lines { ordered outstanding } } } }
        lots(sku: \"LIP-1\") { edges { node { code locations { sellable location { code } } } } }
        nothing: lots(sku: \"NO-SUCH\") { edges { node { code } } }
        counts(locationId: $paris) { edges { node { status scope } } }
        location(code: \"PARIS\") \
            { stockAsOf(asOf: $then) { edges { node { onHand variant { sku } } } } stock { edges { node { onHand \
            uncovered } } } }
    }";
    let variables = json!({ "then": then, "paris": paris });
    let data = shop.graphql(&shop.admin, query, variables.clone()).await["data"].clone();
    let transfer = &data["transfers"]["edges"][0]["node"];
    assert_eq!(
        (&transfer["transferId"], &transfer["to"]["code"], &transfer["lines"][0]["inTransit"]),
        (&json!(way), &json!("LYON"), &json!(3))
    );
    assert_eq!(data["purchaseOrders"]["edges"][0]["node"]["lines"][0]["outstanding"], 7);
    assert_eq!(
        data["lots"]["edges"][0]["node"]["locations"],
        json!([{ "sellable": 1, "location": { "code": "PARIS" } }])
    );
    assert_eq!(data["nothing"]["edges"], json!([]));
    assert_eq!(data["counts"]["edges"][0]["node"]["scope"], "1 SKUs");
    let place = &data["location"];
    let on_hand = |list: &str| place[list]["edges"][0]["node"]["onHand"].clone();
    assert_eq!((on_hand("stockAsOf"), on_hand("stock")), (json!(9), json!(6)));
    let elsewhere = shop.location("NICE", 3).await;
    let stranger = shop.sign_in("store_manager", Some(&elsewhere)).await;
    let data = shop.graphql(&stranger, query, variables).await["data"].clone();
    for list in ["transfers", "purchaseOrders", "counts"] {
        assert_eq!(data[list]["edges"], json!([]), "{list}");
    }
    assert_eq!((&data["location"], &data["lots"]["edges"][0]["node"]["locations"]), (&Value::Null, &json!([])));
    let future = json!({ "then": "2999-01-01T00:00:00Z", "paris": paris });
    let refused = shop.graphql(&shop.admin, query, future).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "invalid_query");
}

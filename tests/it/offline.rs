//! Sales that are told later, by tills whose clocks, lists and client ids may be wrong: what has left the shop is
//! booked as it happened, once, and what is odd about it is put before a person.
use crate::{support::Shop, tills::sale};
use serde_json::{Value, json};
use uuid::Uuid;

async fn on_hand(shop: &Shop, location: &str) -> i64 {
    shop.level(location, "LIP-1").await["on_hand"].as_i64().unwrap()
}

/// Counts LIP-1 at a location, by two people, so many minutes after the shop's clock now.
async fn counted(shop: &Shop, location: &str, units: i32) -> String {
    let count = shop.count_of(location, &["LIP-1"]).await;
    let line = json!({ "lines": [{ "sku": "LIP-1", "quantity": units }] });
    shop.step("counts", &count, "lines", line).await.ok();
    shop.step("counts", &count, "submit", json!({})).await.ok();
    count
}

async fn approved(shop: &Shop, count: &str) {
    let other = shop.sign_in("admin", None).await;
    shop.post(&other, &format!("/v1/counts/{count}/approve"), json!({})).await.ok();
}

#[actix_web::test]
async fn another_sale_under_a_used_client_id_is_recorded_and_put_before_a_person() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let first = sale(&shop, &paris, "LIP-1", 1, 60);
    let made = shop.post(&till, "/v1/pos/sales", first.clone()).await.ok();
    let mut second = sale(&shop, &paris, "LIP-1", 2, 30);
    second["client_id"] = first["client_id"].clone();
    let told = shop.post(&till, "/v1/pos/sync", json!({ "sales": [second] })).await.ok()["results"][0].clone();
    assert_eq!((&told["status"], &told["marks"]), (&json!("conflict"), &json!(["client_id_reused"])), "{told}");
    assert_eq!(on_hand(&shop, &paris).await, 7, "both have left the shop");
    let again = shop.post(&till, "/v1/pos/sales", second.clone()).await;
    assert_eq!((again.status, &again.body["id"]), (200, &told["order_id"]), "told again, it is known");
    assert_eq!(again.body["conflict_with"], made["id"]);
    assert_eq!(shop.post(&till, "/v1/pos/sales", first).await.ok()["id"], made["id"]);

    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let list = "/v1/orders?needs_review=true";
    let open = shop.get(&manager, list).await.ok();
    assert_eq!((open["data"].as_array().unwrap().len(), &open["data"][0]["id"]), (1, &told["order_id"]));
    let review = format!("/v1/orders/{}/review", told["order_id"].as_str().unwrap());
    shop.post(&till, &review, json!({})).await.refused(403, "forbidden");
    shop.post(&manager, &review, json!({ "note": "two tills\nwith one id" })).await.ok();
    shop.post(&manager, &review, json!({})).await.refused(409, "nothing_to_review");
    assert_eq!(shop.get(&manager, list).await.ok()["data"], json!([]));
}

#[actix_web::test]
async fn a_sale_of_before_a_count_is_not_subtracted_twice_when_it_is_told_after_the_approval() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.clock.advance(chrono::Duration::minutes(10));
    let before = shop.clock.now();
    let late = sale(&shop, &paris, "LIP-1", 2, 0);
    shop.clock.advance(chrono::Duration::minutes(1));
    let count = counted(&shop, &paris, 8).await;
    approved(&shop, &count).await;
    assert_eq!(on_hand(&shop, &paris).await, 8);
    shop.clock.advance(chrono::Duration::minutes(1));
    shop.post(&shop.admin, "/v1/pos/sync", json!({ "sales": [late] })).await.ok();
    assert_eq!(on_hand(&shop, &paris).await, 8, "the count has not found them any more");

    let at = |moment: chrono::DateTime<chrono::Utc>| moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let path = format!("/v1/locations/{paris}/inventory?sku=LIP-1");
    let then = before + chrono::Duration::seconds(30);
    let as_of = shop.get(&shop.admin, &format!("{path}&as_of={}", at(then))).await.ok();
    assert_eq!(
        as_of["data"][0]["on_hand"], 10,
        "sold and found in the same moment: the count has subtracted it a minute later"
    );
    let now = shop.get(&shop.admin, &format!("{path}&as_of={}", at(shop.clock.now()))).await.ok();
    assert_eq!(now["data"][0]["on_hand"], 8);
}

#[actix_web::test]
async fn a_sale_of_before_a_count_that_is_told_before_the_approval_is_not_counted_as_missing() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.clock.advance(chrono::Duration::minutes(10));
    let late = sale(&shop, &paris, "LIP-1", 2, 0);
    shop.clock.advance(chrono::Duration::minutes(1));
    let count = counted(&shop, &paris, 8).await;
    shop.clock.advance(chrono::Duration::minutes(1));
    shop.post(&shop.admin, "/v1/pos/sales", late).await.ok();
    assert_eq!(on_hand(&shop, &paris).await, 8);
    approved(&shop, &count).await;
    assert_eq!(on_hand(&shop, &paris).await, 8, "the shelf had eight when it was counted");
    assert_eq!(shop.database.count("stock_moves where reason = 'count'"), 0);
}

#[actix_web::test]
async fn the_past_is_told_by_when_things_happened_or_by_what_was_known_then() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.clock.advance(chrono::Duration::minutes(10));
    let late = sale(&shop, &paris, "LIP-1", 2, 300);
    let told = shop.clock.now();
    shop.post(&shop.admin, "/v1/pos/sales", late).await.ok();
    shop.clock.advance(chrono::Duration::minutes(1));
    let at =
        |minutes: i64| (told - chrono::Duration::minutes(minutes)).to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let units = async |query: String| {
        let path = format!("/v1/locations/{paris}/inventory?sku=LIP-1&{query}");
        shop.get(&shop.admin, &path).await.ok()["data"][0]["on_hand"].as_i64().unwrap()
    };
    assert_eq!(units(format!("as_of={}", at(7))).await, 10);
    assert_eq!(units(format!("as_of={}", at(3))).await, 8, "it had happened by then");
    assert_eq!(units(format!("known_at={}", at(3))).await, 10, "and nobody knew");
    assert_eq!(units(format!("as_of={}&known_at={}", at(3), at(2))).await, 10);
    assert_eq!(units(format!("as_of={}&known_at={}", at(3), at(-1))).await, 8);
    let future = format!("/v1/locations/{paris}/inventory?known_at={}", at(-100));
    shop.get(&shop.admin, &future).await.refused(400, "invalid_query");
}

#[actix_web::test]
async fn a_clock_that_is_wrong_is_marked_and_the_sale_is_taken() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let ahead = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, -360)).await.ok();
    assert_eq!((&ahead["marks"], &ahead["occurred_at"]), (&json!(["clock_skew"]), &ahead["created_at"]));
    let mut ancient = sale(&shop, &paris, "LIP-1", 1, 0);
    ancient["occurred_at"] = json!("1970-01-01T00:00:00Z");
    let ancient = shop.post(&shop.admin, "/v1/pos/sales", ancient).await.ok();
    assert_eq!((&ancient["marks"], &ancient["occurred_at"]), (&json!(["clock_skew"]), &ancient["created_at"]));
    let right = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, -2)).await.ok();
    assert_eq!(right["marks"], json!([]), "a second or two are no fault");
}

#[actix_web::test]
async fn a_sale_that_cannot_be_read_holds_no_other_up_and_a_long_list_is_taken() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 900).await;
    let mut sales: Vec<Value> = (0..200)
        .map(|n| {
            let mut sale = sale(&shop, &paris, "LIP-1", 1, 10 + n);
            sale["lines"] = json!(vec![json!({ "sku": "LIP-1", "quantity": 1, "unit_price_minor": 1000 }); 3]);
            sale
        })
        .collect();
    sales[7] = json!({ "client_id": Uuid::now_v7(), "location_id": paris, "occurred_at": "today", "lines": [] });
    sales[8] = json!("not a sale");
    let told = shop.post(&shop.admin, "/v1/pos/sync", json!({ "sales": sales })).await.ok();
    let results = told["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|one| one["status"] == "recorded").count(), 198);
    let refused: Vec<_> = results.iter().filter(|one| one["status"] == "refused").map(|one| &one["index"]).collect();
    assert_eq!(refused, [&json!(7), &json!(8)]);
    assert!(results[198]["errors"][0]["pointer"].as_str().unwrap().starts_with("#/"), "{}", results[198]);
    assert_eq!(on_hand(&shop, &paris).await, 900 - 3 * 198);
}

#[actix_web::test]
async fn a_sale_belongs_to_the_business_day_on_which_it_happened() {
    let shop = Shop::open_for_long().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.clock.advance(chrono::Duration::days(2));
    let yesterday = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 1, 86_400)).await.ok();
    let today = shop.placed(&paris, "LIP-1", 1).await;
    let (was, is) = (yesterday["business_date"].as_str().unwrap(), today["business_date"].as_str().unwrap());
    assert!(was < is, "{was} {is}");
    let ids = async |query: String| {
        let listed = shop.get(&shop.admin, &format!("/v1/orders?{query}")).await.ok();
        listed["data"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(format!("from={was}&to={is}")).await, [yesterday["id"].clone()]);
    assert_eq!(ids(format!("from={is}")).await, [today["id"].clone()]);
    let wrong = shop.get(&shop.admin, "/v1/orders?from=yesterday").await;
    assert!(wrong.body["detail"].as_str().unwrap().contains("2026-11-28T09:30:00Z"), "{}", wrong.body);
    wrong.refused(400, "invalid_query");
}

#[actix_web::test]
async fn far_more_than_the_books_have_is_told_by_someone_who_may_adjust_them() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 2).await;
    let till = shop.sign_in("cashier", Some(&paris)).await;
    let much = sale(&shop, &paris, "LIP-1", 1_000_000, 0);
    shop.post(&till, "/v1/pos/sales", much.clone()).await.refused(409, "too_much_found");
    assert_eq!((on_hand(&shop, &paris).await, shop.database.count("orders")), (2, 0));
    shop.post(&till, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 90, 0)).await.ok();
    let manager = shop.sign_in("store_manager", Some(&paris)).await;
    let taken = shop.post(&manager, "/v1/pos/sales", much).await.ok();
    assert_eq!(taken["marks"], json!(["much_found"]));

    let version = shop.level(&paris, "LIP-1").await["version"].as_i64();
    let limits = json!({ "reorder_threshold": 10 });
    shop.patch(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1"), limits, version).await.ok();
    let suggested = async || {
        let listed = shop.get(&shop.admin, "/v1/replenishment").await.ok();
        listed["data"][0]["suggested_quantity"].as_i64().unwrap()
    };
    let before = suggested().await;
    assert!(before < 1_000, "no one has looked at the million yet: {before}");
    let reviewed = format!("/v1/orders/{}/review", taken["id"].as_str().unwrap());
    shop.post(&manager, &reviewed, json!({ "note": "a wholesale pallet" })).await.ok();
    assert!(suggested().await > 100_000, "a sale that someone has looked at is demand");
}

#[actix_web::test]
async fn a_recalled_unit_that_a_till_has_sold_is_traced_to_its_order() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let lot = shop.lot(&paris, "LIP-1", ("BAD", "2031-01-31"), 5).await;
    shop.lot(&paris, "LIP-1", ("GOOD", "2031-06-30"), 5).await;
    shop.step("lots", &lot, "recall", json!({})).await.ok();
    let mut named = sale(&shop, &paris, "LIP-1", 2, 0);
    named["lines"][0]["lot"] = json!("BAD");
    let order = shop.post(&shop.admin, "/v1/pos/sales", named).await.ok();
    assert_eq!(order["marks"], json!(["held_goods"]));
    let level = shop.level(&paris, "LIP-1").await;
    assert_eq!([&level["on_hand"], &level["quality_hold"]], [&json!(8), &json!(3)]);
    let trace = shop.get(&shop.admin, &format!("/v1/lots/{lot}/trace")).await.ok();
    assert_eq!((&trace["orders"][0]["order_id"], &trace["orders"][0]["units"]), (&order["id"], &json!(2)));

    let all = shop.post(&shop.admin, "/v1/pos/sales", sale(&shop, &paris, "LIP-1", 7, 0)).await.ok();
    assert_eq!(all["marks"], json!(["held_goods"]), "the good ones first, then what the books still have");
    assert_eq!(shop.level(&paris, "LIP-1").await["quality_hold"], 1);
    let mut unknown = sale(&shop, &paris, "LIP-1", 1, 0);
    unknown["lines"][0]["lot"] = json!("NEVER-SEEN");
    assert_eq!(
        shop.post(&shop.admin, "/v1/pos/sales", unknown).await.ok()["marks"],
        json!(["held_goods", "unknown_lot"])
    );
}

#[actix_web::test]
async fn orders_are_found_by_what_people_hold_in_their_hands() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.placed(&paris, "LIP-1", 1).await;
    let mut body = crate::support::order_body(&paris, "LIP-1", 1);
    body["external_ref"] = json!("WEB-17");
    body["customer"] = json!({ "id": "C-9", "name": "Ada", "email": "Ada@Example.com" });
    let order = shop.post(&shop.admin, "/v1/orders", body.clone()).await.ok();
    let number = order["number"].as_i64().unwrap();
    for query in [
        format!("number={number}"),
        "external_ref=WEB-17".into(),
        "customer_id=C-9".into(),
        "email=ada@example.com".into(),
    ] {
        let found = shop.get(&shop.admin, &format!("/v1/orders?{query}")).await.ok();
        let ids: Vec<_> = found["data"].as_array().unwrap().iter().map(|order| &order["id"]).collect();
        assert_eq!(ids, [&order["id"]], "{query}");
    }
    let query = "query($f: OrderFilter) { orders(first: 5, filter: $f) { edges { node { number } } } }";
    let shown =
        shop.graphql(&shop.admin, query, json!({ "f": { "email": "ADA@example.com", "number": number } })).await;
    assert_eq!(shown["data"]["orders"]["edges"], json!([{ "node": { "number": number } }]), "{shown}");
    let taken = shop.post(&shop.admin, "/v1/orders", body.clone()).await;
    assert_eq!(taken.body["existing_id"], order["id"]);
    taken.refused(409, "external_ref_taken");
    let lyon = shop.location("LYON", 2).await;
    shop.stock(&lyon, "LIP-1", 3).await;
    let elsewhere = shop.sign_in("cashier", Some(&lyon)).await;
    body["location_id"] = json!(lyon);
    let blind = shop.post(&elsewhere, "/v1/orders", body).await;
    assert!(
        blind.body["existing_id"].is_null() && !blind.body["detail"].as_str().unwrap().contains(&number.to_string())
    );
    blind.refused(409, "external_ref_taken");
}

#[actix_web::test]
async fn what_is_sent_needs_an_address_in_a_country_that_there_is() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let mut body = crate::support::order_body(&paris, "LIP-1", 1);
    body["channel"] = json!("web");
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(422, "invalid_body");
    body["customer"] = crate::support::home();
    body["customer"]["address"]["country"] = json!("se");
    let refused = shop.post(&shop.admin, "/v1/orders", body.clone()).await;
    assert_eq!(refused.body["errors"][0]["pointer"], "#/customer/address/country", "{}", refused.body);
    refused.refused(422, "invalid_body");
    body["customer"]["address"]["country"] = json!("SE");
    shop.post(&shop.admin, "/v1/orders", body).await.ok();
}

#[actix_web::test]
async fn what_a_marketplace_has_settled_keeps_its_price() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let mut body = crate::support::order_body(&paris, "LIP-1", 2);
    body["channel"] = json!("marketplace");
    body["customer"] = crate::support::home();
    body["lines"][0]["unit_price_minor"] = json!(850);
    shop.post(&shop.admin, "/v1/orders", body.clone()).await.refused(422, "invalid_body");
    body["settled_outside"] = json!(true);
    let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
    assert_eq!((&order["total"]["amount_minor"], &order["paid"]["amount_minor"]), (&json!(1700), &json!(1700)));
}

#[actix_web::test]
async fn a_location_has_a_zone_and_a_country_that_there_are_and_can_be_corrected() {
    let shop = Shop::open().await;
    let mut body = json!({ "code": "A", "name": "A", "kind": "store", "country": "FR", "time_zone": "Europe/Pariss" });
    shop.post(&shop.admin, "/v1/locations", body.clone()).await.refused(422, "invalid_body");
    body["time_zone"] = json!("Europe/Paris");
    body["country"] = json!("XX");
    shop.post(&shop.admin, "/v1/locations", body.clone()).await.refused(422, "invalid_body");
    body["country"] = json!("FR");
    let made = shop.post(&shop.admin, "/v1/locations", body).await.ok();
    let path = format!("/v1/locations/{}", made["id"].as_str().unwrap());
    let right = json!({ "code": "B", "kind": "warehouse", "country": "JP", "time_zone": "Asia/Tokyo" });
    let changed = shop.patch(&shop.admin, &path, right.clone(), Some(1)).await.ok();
    for (name, value) in right.as_object().unwrap() {
        assert_eq!(changed[name], *value);
    }
    shop.location("C", 1).await;
    shop.patch(&shop.admin, &path, json!({ "code": "C" }), Some(2)).await.refused(409, "location_code_taken");
}

#[actix_web::test]
async fn what_is_ordered_already_is_not_suggested_again() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 30).await;
    let level = format!("/v1/locations/{paris}/inventory/LIP-1");
    let thresholds = json!({ "reorder_threshold": 50, "reorder_quantity": 40 });
    let version = shop.level(&paris, "LIP-1").await["version"].as_i64();
    shop.patch(&shop.admin, &level, thresholds, version).await.ok();
    let suggested = shop.get(&shop.admin, "/v1/replenishment").await.ok();
    assert_eq!(suggested["data"].as_array().unwrap().len(), 1);
    let supplier = shop.supplier().await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 500 }]);
    let purchase = shop.purchase(&supplier, &paris, lines).await;
    shop.step("purchase-orders", &purchase, "order", json!({})).await.ok();
    let suggested = shop.get(&shop.admin, "/v1/replenishment").await.ok();
    assert_eq!(suggested["data"], json!([]), "the inventory position is 530");
}

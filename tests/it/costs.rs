//! Costs of goods: the average moves with receipts and with nothing else, travels with transfers, and is shown to who
//! may see it.
use crate::{
    returns::{at, found, step},
    support::{Shop, all_at_once},
};
use serde_json::{Value, json};
use std::rc::Rc;

/// On hand, units of a known cost, the average, and the worth of a SKU.
async fn cost(shop: &Shop, location: &str, sku: &str) -> (i64, i64, f64, i64) {
    let path = format!("/v1/locations/{location}/costs?sku={sku}");
    let row = shop.get(&shop.admin, &path).await.ok()["data"][0].clone();
    assert_eq!(row["value"]["currency"], "EUR");
    let units = |name: &str| row[name].as_i64().unwrap();
    (
        units("on_hand"),
        units("costed"),
        row["average_cost_minor"].as_f64().unwrap_or(-1.0),
        row["value"]["amount_minor"].as_i64().unwrap_or(-1),
    )
}

fn line(units: i32, minor: i64) -> Value {
    json!([{ "sku": "LIP-1", "accepted": units, "unit_cost_minor": minor }])
}

async fn arrive(shop: &Shop, location: &str, lines: Value) {
    let body = json!({ "currency": "EUR", "lines": lines });
    shop.post(&shop.admin, &format!("/v1/locations/{location}/receipts"), body).await.ok();
}

async fn adjust(shop: &Shop, location: &str, units: i32) {
    let reason = if units < 0 { "damage" } else { "found" };
    let body = json!({ "delta": units, "reason": reason });
    shop.patch(&shop.admin, &format!("/v1/locations/{location}/inventory/LIP-1"), body, None).await.ok();
}

/// An order of so many that has left.
async fn sold(shop: &Shop, location: &str, units: i64) -> Value {
    let order = shop.paid(location, "LIP-1", units).await;
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    shop.post(&shop.admin, &format!("{path}/fulfill"), json!({})).await.ok();
    shop.get(&shop.admin, &path).await.ok()
}

async fn purchase(shop: &Shop, location: &str, more: Value) -> String {
    let supplier = shop.supplier().await;
    let mut body = json!({ "supplier_id": supplier, "location_id": location });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = shop.made("/v1/purchase-orders", body).await;
    shop.step("purchase-orders", &id, "order", json!({})).await.ok();
    id
}

#[actix_web::test]
async fn the_documented_example_of_average_cost_comes_out() {
    // Odoo's documentation of the average cost method: 8 at 10.00, 4 more at 16.00 are worth 12.00 each, and stay so
    // when 10 leave.
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    arrive(&shop, &paris, line(8, 1000)).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (8, 8, 1000.0, 8000));
    arrive(&shop, &paris, line(4, 1600)).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (12, 12, 1200.0, 14_400));
    sold(&shop, &paris, 10).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (2, 2, 1200.0, 2400));
    let moves = shop.get(&shop.admin, &format!("/v1/locations/{paris}/inventory/LIP-1/moves")).await.ok();
    let of = |n: usize| (moves["data"][n]["quantity"].clone(), moves["data"][n]["unit_cost_minor"].clone());
    assert_eq!([of(0), of(1), of(2)], [(10, 1200.0), (4, 1600.0), (8, 1000.0)].map(|(n, c)| (json!(n), json!(c))));
}

#[actix_web::test]
async fn a_month_of_receipts_transfers_returns_to_vendor_and_write_offs_is_as_computed_by_hand() {
    let shop = Shop::open().await;
    let (depot, store) = (shop.location("DEPOT", 1).await, shop.location("STORE", 2).await);
    shop.variant("LIP-1").await;
    // The 1st: 100 bought at 4.00. The 3rd: 50 more at 4.60: (400 + 230) / 150 = 4.20.
    let terms = json!({ "currency": "EUR", "lines": [{ "sku": "LIP-1", "quantity": 100, "unit_cost_minor": 400 }] });
    let id = purchase(&shop, &depot, terms).await;
    let all = json!({ "purchase_order_id": id, "lines": [{ "sku": "LIP-1", "accepted": 100 }] });
    let receipt = shop.post(&shop.admin, &format!("/v1/locations/{depot}/receipts"), all).await.ok();
    assert_eq!((&receipt["currency"], &receipt["lines"][0]["unit_cost"]["amount_minor"]), (&json!("EUR"), &json!(400)));
    arrive(&shop, &depot, line(50, 460)).await;
    assert_eq!(cost(&shop, &depot, "LIP-1").await, (150, 150, 420.0, 63_000));
    // The 5th: 60 leave for the store: 55 come in good order, 2 are damaged, 3 are lost.
    let way = shop.transfer(&depot, &store, json!([{ "sku": "LIP-1", "quantity": 60 }])).await;
    shop.step("transfers", &way, "ready", json!({})).await.ok();
    shop.step("transfers", &way, "ship", json!({})).await.ok();
    arrive(&shop, &depot, line(10, 520)).await;
    assert_eq!(cost(&shop, &depot, "LIP-1").await, (100, 100, 430.0, 43_000), "(90 x 4.20 + 10 x 5.20) / 100");
    let came = json!({ "lines": [{ "sku": "LIP-1", "received": 55, "damaged": 2, "lost": 3 }] });
    shop.step("transfers", &way, "receive", came).await.ok();
    assert_eq!(cost(&shop, &store, "LIP-1").await, (57, 57, 420.0, 23_940), "at the average at which they left");
    // The 9th: 10 are written off at the depot, and 20 are bought for 5.00 dollars each, of which one is 0.92 euros.
    adjust(&shop, &depot, -10).await;
    let id = purchase(
        &shop,
        &depot,
        json!({
            "currency": "USD", "exchange_rate": "0.92",
            "lines": [{ "sku": "LIP-1", "quantity": 20, "unit_cost_minor": 500 }],
        }),
    )
    .await;
    let all = json!({ "purchase_order_id": id, "lines": [{ "sku": "LIP-1", "accepted": 20 }] });
    shop.post(&shop.admin, &format!("/v1/locations/{depot}/receipts"), all).await.ok();
    // (90 x 4.30 + 20 x 4.60) / 110
    assert_eq!(cost(&shop, &depot, "LIP-1").await, (110, 110, 435.4545, 47_900));
    // The 12th: 7 are sold at the store, 50 come at 5.00: (50 x 4.20 + 50 x 5.00) / 100 = 4.60.
    let order = sold(&shop, &store, 7).await;
    arrive(&shop, &store, line(50, 500)).await;
    assert_eq!(cost(&shop, &store, "LIP-1").await, (100, 100, 460.0, 46_000));
    // The 20th: two come back and go to their vendor, at the average.
    let back = shop.post(&shop.admin, "/v1/returns", at(&order, 2, &store)).await.ok();
    assert_eq!(cost(&shop, &store, "LIP-1").await, (102, 102, 460.0, 46_920));
    step(&shop, &shop.admin, &back, "inspect", found(&back, "damaged", "vendor")).await.ok();
    assert_eq!(cost(&shop, &store, "LIP-1").await, (100, 100, 460.0, 46_000));
    // The 31st: a count finds one more, which is worth the average.
    adjust(&shop, &store, 1).await;
    assert_eq!(cost(&shop, &store, "LIP-1").await, (101, 101, 460.0, 46_460));
}

#[actix_web::test]
async fn goods_from_before_have_no_cost_until_somebody_sets_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (10, 0, -1.0, 0));
    arrive(&shop, &paris, line(5, 800)).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (15, 5, 800.0, 4000));
    // What has no cost leaves first.
    adjust(&shop, &paris, -12).await;
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (3, 3, 800.0, 2400));
    let lyon = shop.location("LYON", 2).await;
    shop.stock(&lyon, "LIP-1", 4).await;
    let path = format!("/v1/locations/{lyon}/costs");
    let set = json!({ "currency": "EUR", "lines": [{ "sku": "LIP-1", "unit_cost_minor": 750 }], "note": "opening" });
    let told = shop.post(&shop.admin, &path, set).await.ok();
    assert_eq!((&told["costs"][0]["costed"], &told["costs"][0]["value"]["amount_minor"]), (&json!(4), &json!(3000)));
    let yen =
        json!({ "currency": "JPY", "exchange_rate": "0.0061", "lines": [{ "sku": "LIP-1", "unit_cost_minor": 1000 }] });
    shop.post(&shop.admin, &path, yen).await.ok();
    assert_eq!(cost(&shop, &lyon, "LIP-1").await, (4, 4, 610.0, 2440));
    let twice = json!({
        "currency": "EUR",
        "lines": [{ "sku": "LIP-1", "unit_cost_minor": 1 }, { "sku": "lip-1", "unit_cost_minor": 2 }],
    });
    let refused = shop.post(&shop.admin, &path, twice).await;
    refused.refused(422, "cost_differs");
    assert_eq!(refused.body["errors"][0]["pointer"], "#/lines/1/sku");
    assert_eq!(cost(&shop, &lyon, "LIP-1").await, (4, 4, 610.0, 2440));
}

#[actix_web::test]
async fn costs_that_cannot_be_booked_are_refused_with_their_place() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let supplier = shop.supplier().await;
    let at = format!("/v1/locations/{paris}/receipts");
    let order = |more: Value| {
        let mut body = json!({ "supplier_id": supplier, "location_id": paris });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let bought = |cost: Value| json!([{ "sku": "LIP-1", "quantity": 5, "unit_cost_minor": cost }]);
    let came = |cost: Value| json!([{ "sku": "LIP-1", "accepted": 5, "unit_cost_minor": cost }]);
    let usd =
        purchase(&shop, &paris, json!({ "currency": "USD", "exchange_rate": "0.9", "lines": bought(json!(100)) }))
            .await;
    let differ = json!([{ "sku": "LIP-1", "quantity": 1, "unit_cost_minor": 1 }, { "sku": "LIP-1", "quantity": 1 }]);
    let orders = "/v1/purchase-orders".to_owned();
    let cases = [
        (&orders, order(json!({ "lines": bought(json!(100)) })), "cost_without_currency", "/currency"),
        (
            &orders,
            order(json!({ "currency": "EUR", "lines": bought(json!(-1)) })),
            "invalid_body",
            "/lines/0/unit_cost_minor",
        ),
        (
            &orders,
            order(json!({ "currency": "EUR", "lines": bought(json!(1.5)) })),
            "invalid_body",
            "/lines/0/unit_cost_minor",
        ),
        (&orders, order(json!({ "currency": "EURO", "lines": bought(json!(1)) })), "invalid_body", "/currency"),
        (
            &orders,
            order(json!({ "currency": "USD", "lines": bought(json!(1)) })),
            "exchange_rate_required",
            "/exchange_rate",
        ),
        (
            &orders,
            order(json!({ "currency": "EUR", "exchange_rate": "1.1", "lines": bought(json!(1)) })),
            "invalid_body",
            "/exchange_rate",
        ),
        (
            &orders,
            order(json!({ "currency": "USD", "exchange_rate": "-1", "lines": bought(json!(1)) })),
            "invalid_body",
            "/exchange_rate",
        ),
        (&orders, order(json!({ "currency": "EUR", "lines": differ })), "cost_differs", "/lines/1/unit_cost_minor"),
        (&at, json!({ "lines": came(json!(100)) }), "cost_without_currency", "/currency"),
        (&at, json!({ "currency": "EUR", "lines": came(json!(-100)) }), "invalid_body", "/lines/0/unit_cost_minor"),
        (&at, json!({ "currency": "USD", "lines": came(json!(100)) }), "exchange_rate_required", "/exchange_rate"),
        (
            &at,
            json!({ "purchase_order_id": usd, "currency": "EUR", "lines": came(json!(100)) }),
            "currency_mismatch",
            "/currency",
        ),
        (
            &at,
            json!({ "currency": "USD", "exchange_rate": "999999", "lines": came(json!(10_000_000_000_i64)) }),
            "invalid_body",
            "/lines/0/unit_cost_minor",
        ),
    ];
    let before = (shop.database.count("purchase_orders"), shop.database.count("receipts"));
    for (path, body, code, pointer) in cases {
        let refused = shop.post(&shop.admin, path, body.clone()).await;
        refused.refused(422, code);
        assert_eq!(refused.body["errors"][0]["pointer"], format!("#{pointer}"), "{body}");
    }
    assert_eq!((shop.database.count("purchase_orders"), shop.database.count("receipts")), before);
}

#[actix_web::test]
async fn costs_are_shown_to_and_set_by_who_may() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let lines = json!([{ "sku": "LIP-1", "quantity": 5, "unit_cost_minor": 123 }]);
    let id = purchase(&shop, &paris, json!({ "currency": "USD", "exchange_rate": "0.9", "lines": lines })).await;
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    let seen = shop.get(&staff, &format!("/v1/purchase-orders/{id}")).await.ok();
    assert_eq!((&seen["lines"][0]["unit_cost"]["amount_minor"], &seen["exchange_rate"]), (&Value::Null, &Value::Null));
    assert_eq!(seen["currency"], Value::Null);
    let seen = shop.get(&shop.admin, &format!("/v1/purchase-orders/{id}")).await.ok();
    assert_eq!((&seen["lines"][0]["unit_cost"]["amount_minor"], &seen["exchange_rate"]), (&json!(123), &json!("0.9")));
    shop.get(&staff, &format!("/v1/locations/{paris}/costs")).await.refused(403, "forbidden");
    let receipts = format!("/v1/locations/{paris}/receipts");
    let named = json!({ "purchase_order_id": id, "lines": [{ "sku": "LIP-1", "accepted": 5, "unit_cost_minor": 1 }] });
    shop.post(&staff, &receipts, named).await.refused(403, "forbidden");
    // They book what arrives all the same, at the cost of the order, which they do not see.
    let plain = json!({ "purchase_order_id": id, "lines": [{ "sku": "LIP-1", "accepted": 5 }] });
    let receipt = shop.post(&staff, &receipts, plain).await.ok();
    assert_eq!(receipt["lines"][0]["unit_cost"]["amount_minor"], Value::Null);
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (5, 5, 110.7, 554));
    let moves = format!("/v1/locations/{paris}/inventory/LIP-1/moves");
    assert_eq!(shop.get(&staff, &moves).await.ok()["data"][0]["unit_cost_minor"], Value::Null);
    assert_eq!(shop.get(&shop.admin, &moves).await.ok()["data"][0]["unit_cost_minor"], 110.7);
    let export = format!("/v1/locations/{paris}/exports/receipts?format=jsonl");
    assert!(!shop.get(&staff, &export).await.text().contains("USD"));
    assert!(shop.get(&shop.admin, &export).await.text().contains("\"unit_cost_minor\":123"));
}

#[actix_web::test]
async fn of_64_receipts_at_once_every_unit_counts_in_the_average() {
    let shop = Rc::new(Shop::open().await);
    // Four units without a cost: of two servers that both add the first row of a level, one would have to try again.
    let paris = shop.stocked("PARIS", "LIP-1", 4).await;
    let (second, other) = shop.second(&[]);
    all_at_once(|n| {
        let (shop, at) = (shop.clone(), format!("/v1/locations/{paris}/receipts"));
        let url = if n % 2 == 0 { shop.url.clone() } else { second.clone() };
        let minor = if n % 4 < 2 { 100 } else { 300 };
        async move {
            let body = json!({ "currency": "EUR", "lines": line(1 + i32::try_from(n % 2).unwrap(), minor) });
            let request = shop.http.post(format!("{url}{at}")).bearer_auth(&shop.admin);
            let request = request.header("Idempotency-Key", uuid::Uuid::now_v7().to_string()).json(&body);
            crate::support::answer(request).await.ok()
        }
    })
    .await;
    let (on_hand, costed, average, _) = cost(&shop, &paris, "LIP-1").await;
    assert_eq!((on_hand, costed), (100, 96));
    assert!((average - 200.0).abs() < 0.01, "{average}");
    drop(other);
}

#[actix_web::test]
async fn costs_are_not_kept_in_another_currency_once_they_are_known() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    arrive(&shop, &paris, line(1, 100)).await;
    let other = crate::support::settings(&shop.database.folder, &[("COFFRET_INVENTORY__COST_CURRENCY", "USD")]);
    let refused = coffret::app::App::start(other, &shop.database.url, &shop.database.folder, shop.clock.clone());
    assert!(refused.is_err_and(|error| error.to_string().contains("costs are known in EUR")));
}

#[actix_web::test]
async fn a_number_of_one_currency_is_not_taken_for_one_of_another() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let body = json!({ "supplier_id": shop.supplier().await, "location_id": paris, "currency": "EUR",
                       "lines": [{ "sku": "LIP-1", "quantity": 5, "unit_cost_minor": 1000 }] });
    let path = format!("/v1/purchase-orders/{}", shop.made("/v1/purchase-orders", body).await);
    // Quantities alone leave the costs as they are.
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 7 }] });
    let told = shop.patch(&shop.admin, &path, more, Some(1)).await.ok();
    assert_eq!(
        (&told["lines"][0]["ordered"], &told["lines"][0]["unit_cost"]["amount_minor"]),
        (&json!(7), &json!(1000))
    );
    let yen = json!({ "currency": "JPY", "exchange_rate": "0.006" });
    let told = shop.patch(&shop.admin, &path, yen, Some(2)).await.ok();
    assert_eq!((&told["currency"], &told["lines"][0]["unit_cost"]["amount_minor"]), (&json!("JPY"), &Value::Null));
    let anew = json!({ "currency": "JPY", "lines": [{ "sku": "LIP-1", "quantity": 7, "unit_cost_minor": 1650 }] });
    let told = shop.patch(&shop.admin, &path, anew, Some(3)).await.ok();
    assert_eq!(
        (&told["exchange_rate"], &told["lines"][0]["unit_cost"]["amount_minor"]),
        (&json!("0.006"), &json!(1650))
    );
}

#[actix_web::test]
async fn what_comes_without_a_cost_is_not_valued_by_what_is_there() {
    let shop = Shop::open().await;
    let (paris, lyon) = (shop.stocked("PARIS", "LIP-1", 10).await, shop.location("LYON", 2).await);
    arrive(&shop, &lyon, line(1, 400)).await;
    shop.receive(&lyon, json!([{ "sku": "LIP-1", "accepted": 100 }])).await.ok();
    assert_eq!(cost(&shop, &lyon, "LIP-1").await, (101, 1, 400.0, 400));
    let way = shop.transfer(&paris, &lyon, json!([{ "sku": "LIP-1", "quantity": 10 }])).await;
    for step in ["ready", "ship", "receive"] {
        shop.step("transfers", &way, step, json!({})).await.ok();
    }
    assert_eq!(cost(&shop, &lyon, "LIP-1").await, (111, 1, 400.0, 400));
}

#[actix_web::test]
async fn costs_go_out_and_come_in_with_the_rows_of_receipts() {
    let shop = Shop::open().await;
    let paris = shop.location("PARIS", 1).await;
    shop.variant("LIP-1").await;
    let rows = "location,sku,accepted,unit_cost_minor,currency,exchange_rate\n\
                PARIS,LIP-1,4,250,EUR,\nPARIS,LIP-1,4,500,USD,\"0,9\"\n";
    shop.import(&shop.admin, "receipts", "text/csv", rows).await.ok();
    shop.app.jobs.import().await.unwrap();
    assert_eq!(cost(&shop, &paris, "LIP-1").await, (8, 8, 350.0, 2800));
    let path = format!("/v1/locations/{paris}/exports/receipts?format=csv");
    let all = shop.get(&shop.admin, &path).await.text();
    assert!(all.lines().next().unwrap().ends_with("unit_cost_minor,currency,exchange_rate"), "{all}");
    assert!(all.contains(",500,USD,0.9"), "{all}");
    let staff = shop.sign_in("warehouse_staff", Some(&paris)).await;
    assert!(!shop.get(&staff, &path).await.text().contains("cost"));
    // What the books hold at another cost is not skipped.
    let other = all.replace(",500,USD", ",499,USD");
    let import = shop.import(&shop.admin, "receipts", "text/csv", &other).await.ok();
    shop.app.jobs.import().await.unwrap();
    let done = shop.get(&shop.admin, &format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.ok();
    assert_eq!((&done["skipped"], &done["failed"]), (&json!(1), &json!(1)), "{done}");
}

#[actix_web::test]
async fn a_cost_that_was_set_is_listed_with_who_set_it_and_why() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 4).await;
    shop.variant("LIP-2").await;
    shop.stock(&paris, "LIP-2", 2).await;
    let path = format!("/v1/locations/{paris}/costs");
    for (sku, minor) in [("LIP-1", 700), ("LIP-1", 750), ("LIP-2", 90)] {
        let line = json!({ "sku": sku, "unit_cost_minor": minor });
        let set = json!({ "currency": "EUR", "lines": [line.clone(), line], "note": "opening" });
        shop.post(&shop.admin, &path, set).await.ok();
    }
    let changes = format!("/v1/locations/{paris}/cost-changes");
    let all = shop.get(&shop.admin, &changes).await.ok();
    let after = |n: usize| all["data"][n]["average_after_minor"].clone();
    assert_eq!([after(0), after(1), after(2)], [90.0, 750.0, 700.0].map(|minor| json!(minor)), "{all}");
    let second = &all["data"][1];
    assert_eq!((&second["average_before_minor"], &second["costed_before"]), (&json!(700.0), &json!(4)));
    assert_eq!((&second["note"], &second["sku"]), (&json!("opening"), &json!("LIP-1")));
    let one = shop.get(&shop.admin, &format!("{changes}?sku=LIP-1&limit=1")).await.ok();
    assert_eq!(one["data"][0]["average_after_minor"], json!(750.0));
    let cursor = one["page"]["next_cursor"].as_str().unwrap();
    let next = shop.get(&shop.admin, &format!("{changes}?sku=LIP-1&limit=1&cursor={cursor}")).await.ok();
    assert_eq!(next["data"][0]["average_after_minor"], json!(700.0));
    let till = shop.sign_in("cashier", Some(&paris)).await;
    shop.get(&till, &changes).await.refused(403, "forbidden");
}

//! Rows that an older version left behind are read, or given up, by the migrations that say so.
use crate::{
    net_prices::{of_a_business, trading},
    payments::{card, path},
    promotions::{percent, promotion},
    support::{Shop, home, order_body},
};
use serde_json::json;

const KEPT_OUTCOMES: [&str; 2] = [
    include_str!("../../migrations/2026-11-29-000068_platform_created_ids/down.sql"),
    include_str!("../../migrations/2026-11-29-000068_platform_created_ids/up.sql"),
];
const COUNTRIES: &str = include_str!("../../migrations/2026-11-29-000069_orders_countries/up.sql");

#[actix_web::test]
async fn an_address_from_before_countries_were_checked_is_read_after_the_upgrade() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    for (old, new) in [("fr", "FR"), ("UK", "GB"), ("el", "GR"), ("DE", "DE")] {
        let mut body = order_body(&paris, "LIP-1", 1);
        body["customer"] = home();
        let order = shop.post(&shop.admin, "/v1/orders", body).await.ok();
        let id = order["id"].as_str().unwrap();
        shop.database.run(&format!(
            "update orders set customer = jsonb_set(customer, '{{address,country}}', '\"{old}\"') where id = '{id}'"
        ));
        shop.database.run(COUNTRIES);
        let read = shop.get(&shop.admin, &path(&order, "")).await.ok();
        assert_eq!(read["customer"]["address"]["country"], new, "{old} was kept");
    }
}

const PRICES_AND_TAXES: [&str; 4] = [
    include_str!("../../migrations/2026-11-30-000077_catalog_tax_rates/down.sql"),
    include_str!("../../migrations/2026-11-30-000076_catalog_price_lists/down.sql"),
    include_str!("../../migrations/2026-11-30-000076_catalog_price_lists/up.sql"),
    include_str!("../../migrations/2026-11-30-000077_catalog_tax_rates/up.sql"),
];

#[actix_web::test]
async fn orders_and_prices_from_before_price_lists_and_taxes_go_on_after_the_upgrade() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let (open, sold) = (shop.placed(&paris, "LIP-1", 2).await, shop.paid(&paris, "LIP-1", 3).await);
    let parcel = shop.post(&shop.admin, &path(&sold, "/fulfill"), json!({})).await.ok();
    for step in PRICES_AND_TAXES {
        shop.database.run(step);
    }
    let read = shop.get(&shop.admin, &path(&open, "")).await.ok();
    assert_eq!((&read["lines"][0]["tax"], &read["totals"]["tax"]["amount_minor"]), (&json!(null), &json!(0)));
    let rate = json!({ "country": "FR", "tax_class": "standard", "name": "TVA", "rate_ppm": 200_000,
                       "starts_at": "2020-01-01T00:00:00Z" });
    shop.post(&shop.admin, "/v1/tax-rates", rate).await.ok();
    let more = json!({ "lines": [{ "sku": "LIP-1", "quantity": 3 }] });
    let changed = shop.patch(&shop.admin, &path(&open, ""), more, read["version"].as_i64()).await.ok();
    assert_eq!((&changed["lines"][0]["tax"], &changed["totals"]["tax"]["amount_minor"]), (&json!(null), &json!(167)));
    let back = json!({ "order_id": parcel["id"], "location_id": paris,
                       "lines": [{ "line_no": 1, "quantity": 1, "reason": "unwanted" }] });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    assert_eq!((&back["worth"]["amount_minor"], &back["tax"]["amount_minor"]), (&json!(1_000), &json!(0)));
}

/// From before discounts until uses of promotions without a key to them.
const MONEY_AND_FILES: [&str; 48] = [
    include_str!("../../migrations/2026-12-01-000101_access_api_keys/down.sql"),
    include_str!("../../migrations/2026-12-01-000100_access_token_ends/down.sql"),
    include_str!("../../migrations/2026-12-01-000099_access_roles_and_location_groups/down.sql"),
    include_str!("../../migrations/2026-12-01-000098_access_grants_overlap/down.sql"),
    include_str!("../../migrations/2026-12-01-000097_access_sessions/down.sql"),
    include_str!("../../migrations/2026-11-30-000096_access_user_records/down.sql"),
    include_str!("../../migrations/2026-11-30-000095_catalog_net_price_lists/down.sql"),
    include_str!("../../migrations/2026-11-30-000094_orders_net_lines/down.sql"),
    include_str!("../../migrations/2026-11-30-000093_orders_choices_mark/down.sql"),
    include_str!("../../migrations/2026-11-30-000092_catalog_bundle_choices/down.sql"),
    include_str!("../../migrations/2026-11-30-000091_catalog_redemptions_index/down.sql"),
    include_str!("../../migrations/2026-11-30-000090_catalog_redemptions_key/down.sql"),
    include_str!("../../migrations/2026-11-30-000089_catalog_bundle_sums/down.sql"),
    include_str!("../../migrations/2026-11-30-000088_orders_price_override/down.sql"),
    include_str!("../../migrations/2026-11-30-000087_payments_tenders/down.sql"),
    include_str!("../../migrations/2026-11-30-000086_catalog_attributes/down.sql"),
    include_str!("../../migrations/2026-11-30-000085_catalog_publications/down.sql"),
    include_str!("../../migrations/2026-11-30-000084_bulk_catalog_files/down.sql"),
    include_str!("../../migrations/2026-11-30-000083_payments_gift_cards/down.sql"),
    include_str!("../../migrations/2026-11-30-000082_orders_shipping/down.sql"),
    include_str!("../../migrations/2026-11-30-000081_catalog_shipping_methods/down.sql"),
    include_str!("../../migrations/2026-11-30-000080_orders_quotes/down.sql"),
    include_str!("../../migrations/2026-11-30-000079_catalog_promotions/down.sql"),
    include_str!("../../migrations/2026-11-30-000078_orders_discounts/down.sql"),
    include_str!("../../migrations/2026-11-30-000078_orders_discounts/up.sql"),
    include_str!("../../migrations/2026-11-30-000079_catalog_promotions/up.sql"),
    include_str!("../../migrations/2026-11-30-000080_orders_quotes/up.sql"),
    include_str!("../../migrations/2026-11-30-000081_catalog_shipping_methods/up.sql"),
    include_str!("../../migrations/2026-11-30-000082_orders_shipping/up.sql"),
    include_str!("../../migrations/2026-11-30-000083_payments_gift_cards/up.sql"),
    include_str!("../../migrations/2026-11-30-000084_bulk_catalog_files/up.sql"),
    include_str!("../../migrations/2026-11-30-000085_catalog_publications/up.sql"),
    include_str!("../../migrations/2026-11-30-000086_catalog_attributes/up.sql"),
    include_str!("../../migrations/2026-11-30-000087_payments_tenders/up.sql"),
    include_str!("../../migrations/2026-11-30-000088_orders_price_override/up.sql"),
    include_str!("../../migrations/2026-11-30-000089_catalog_bundle_sums/up.sql"),
    include_str!("../../migrations/2026-11-30-000090_catalog_redemptions_key/up.sql"),
    include_str!("../../migrations/2026-11-30-000091_catalog_redemptions_index/up.sql"),
    include_str!("../../migrations/2026-11-30-000092_catalog_bundle_choices/up.sql"),
    include_str!("../../migrations/2026-11-30-000093_orders_choices_mark/up.sql"),
    include_str!("../../migrations/2026-11-30-000094_orders_net_lines/up.sql"),
    include_str!("../../migrations/2026-11-30-000095_catalog_net_price_lists/up.sql"),
    include_str!("../../migrations/2026-11-30-000096_access_user_records/up.sql"),
    include_str!("../../migrations/2026-12-01-000097_access_sessions/up.sql"),
    include_str!("../../migrations/2026-12-01-000098_access_grants_overlap/up.sql"),
    include_str!("../../migrations/2026-12-01-000099_access_roles_and_location_groups/up.sql"),
    include_str!("../../migrations/2026-12-01-000100_access_token_ends/up.sql"),
    include_str!("../../migrations/2026-12-01-000101_access_api_keys/up.sql"),
];

#[actix_web::test]
async fn what_was_sold_and_imported_before_promotions_and_shipping_goes_on_after_the_upgrade() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let (open, sold) = (shop.placed(&paris, "LIP-1", 2).await, shop.paid(&paris, "LIP-1", 3).await);
    let parcel = shop.post(&shop.admin, &path(&sold, "/fulfill"), json!({})).await.ok();
    let rows = "location,sku,delta,reason\nPARIS,LIP-1,1,found\nPARIS,LIP-1,1,found\nPARIS,NONE,1,found\n";
    let import = shop.import(&shop.admin, "levels", "text/csv", rows).await.ok();
    for step in MONEY_AND_FILES {
        shop.database.run(step);
    }
    // A file that had not been worked through is, once.
    for _ in 0..2 {
        shop.app.jobs.import().await.unwrap();
    }
    let import = shop.get(&shop.admin, &format!("/v1/imports/{}", import["id"].as_str().unwrap())).await.ok();
    assert_eq!([&import["status"], &import["done"], &import["failed"]], [&json!("finished"), &json!(2), &json!(1)]);
    assert_eq!(shop.level(&paris, "LIP-1").await["on_hand"], 9);
    promotion(&shop, "half", percent(50), json!({})).await;
    let read = shop.get(&shop.admin, &path(&open, "")).await.ok();
    assert_eq!((&read["total"]["amount_minor"], &read["shipping"]), (&json!(2_000), &json!(null)));
    let back = json!({ "order_id": parcel["id"], "location_id": paris,
                       "lines": [{ "line_no": 1, "quantity": 1, "reason": "unwanted" }] });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    assert_eq!((&back["worth"]["amount_minor"], &back["shipping"]["amount_minor"]), (&json!(1_000), &json!(0)));
    let discounted = shop.placed(&paris, "LIP-1", 1).await;
    assert_eq!(discounted["total"]["amount_minor"], 500);
}

const NET_PRICES: [&str; 4] = [
    include_str!("../../migrations/2026-11-30-000095_catalog_net_price_lists/down.sql"),
    include_str!("../../migrations/2026-11-30-000094_orders_net_lines/down.sql"),
    include_str!("../../migrations/2026-11-30-000094_orders_net_lines/up.sql"),
    include_str!("../../migrations/2026-11-30-000095_catalog_net_price_lists/up.sql"),
];

#[actix_web::test]
async fn orders_at_prices_without_tax_keep_their_totals_where_an_older_version_goes_on_with_them() {
    let (shop, paris) = trading().await;
    let order = shop.post(&shop.admin, "/v1/orders", of_a_business(&paris, "LIP-1", 3)).await.ok();
    let cancel = json!({ "lines": [{ "line_no": 1, "quantity": 1 }], "reason": "one too many" });
    shop.post(&shop.admin, &path(&order, "/cancel"), cancel).await.ok();
    shop.post(&shop.admin, &path(&order, "/payments"), json!({ "gateway": "manual" })).await.ok();
    shop.post(&shop.admin, &path(&order, "/fulfill"), json!({})).await.ok();
    for step in NET_PRICES {
        shop.database.run(step);
    }
    let read = shop.get(&shop.admin, &path(&order, "")).await.ok();
    let line = &read["lines"][0];
    assert_eq!((&line["total"]["amount_minor"], &line["tax_included"]), (&json!(238), &json!(true)));
    let lines = json!([{ "line_no": 1, "quantity": 2, "reason": "unwanted" }]);
    let back = json!({ "order_id": order["id"], "lines": lines, "location_id": paris });
    let back = shop.post(&shop.admin, "/v1/returns", back).await.ok();
    assert_eq!((&back["worth"]["amount_minor"], &back["tax"]["amount_minor"]), (&json!(238), &json!(40)));
    let lists = shop.get(&shop.admin, "/v1/price-lists").await.ok();
    assert!(lists["data"][0]["ends_at"].is_string(), "nobody is charged its prices as if they contained tax: {lists}");
}

#[actix_web::test]
async fn a_declined_payment_that_was_kept_as_a_success_is_decided_anew_after_the_upgrade() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let (declined, taken) = (shop.placed(&paris, "LIP-1", 1).await, shop.placed(&paris, "LIP-1", 1).await);
    shop.post(&shop.admin, &path(&declined, "/payments"), card("tok_decline")).await.refused(402, "payment_declined");
    shop.post(&shop.admin, &path(&taken, "/payments"), card("tok_approve")).await.ok();
    let [down, up] = KEPT_OUTCOMES;
    shop.database.run(down);
    let of_the_older_version = "insert into idempotency_keys \
         (principal_id, key, fingerprint, permission, status, body, created_at) \
         select (select id from users limit 1), E'\\x01' || id, '', 'orders:pay', 201, '{}', now() \
         from payments";
    shop.database.run(of_the_older_version);
    let kept = |status: &str| {
        let payments = format!("select id::text from payments where status = '{status}'");
        shop.database.count(&format!("idempotency_keys where substr(key, 2) in ({payments})"))
    };
    assert_eq!((kept("declined"), kept("authorized")), (1, 1));
    shop.database.run(up);
    assert_eq!((kept("declined"), kept("authorized")), (0, 1), "only what was declined is given up");
}

#[actix_web::test]
async fn a_wrong_pickup_code_that_was_kept_as_a_success_is_given_up_and_other_steps_are_not() {
    let shop = Shop::open().await;
    let [down, up] = KEPT_OUTCOMES;
    shop.database.run(down);
    for (key, body) in [("wrong", "{\"left\":2}".to_owned()), ("right", json!({ "id": "o".repeat(80) }).to_string())] {
        shop.database.run(&format!(
            "insert into idempotency_keys (principal_id, key, fingerprint, permission, status, body, created_at) \
             select id, '{key}', '', 'orders:fulfill', 200, '{body}', now() from users limit 1"
        ));
    }
    shop.database.run(up);
    let kept = |key: &str| shop.database.count(&format!("idempotency_keys where key = '{key}'"));
    assert_eq!((kept("wrong"), kept("right")), (0, 1));
}

#[actix_web::test]
async fn an_outcome_that_was_kept_with_its_address_alone_is_replayed_with_it() {
    let shop = Shop::open().await;
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let first = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "once").await;
    let address = first.header("location").to_owned();
    shop.database.run(&format!(
        "update idempotency_keys set location_header = '{address}', created_id = null where key = 'once'"
    ));
    let again = shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "once").await;
    assert_eq!((again.status, again.header("location")), (201, address.as_str()));
    assert_eq!(again.ok()["id"], first.ok()["id"]);
}

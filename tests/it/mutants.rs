//! Eight faults, planted one at a time: what each breaks is seen, so the checks that find nothing in the sound build
//! mean something. The databases of these tests are spoilt on purpose and not audited.
use crate::{
    linear,
    promotions::{coupons, percent, promotion, with_coupons},
    support::{Shop, all_at_once, order_body},
};
use serde_json::json;
use std::rc::Rc;

async fn with_mutant(name: &str) -> Rc<Shop> {
    Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__MUTANT", name)]).await)
}

/// Ends a test whose books are known to be wrong, without the audit that would say so.
fn forget(shop: Rc<Shop>) {
    std::mem::forget(shop);
}

async fn audited(shop: &Shop) -> Vec<String> {
    coffret::app::audit(&shop.app.db).await.unwrap().into_iter().map(|found| found.invariant).collect()
}

fn without_checks(shop: &Shop) {
    shop.database.run(
        "alter table stock_levels drop constraint stock_levels_available_check, drop constraint \
         stock_levels_counters_check",
    );
}

async fn sold_of_ten(shop: &Rc<Shop>) -> usize {
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let sold = all_at_once(|_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        async move { shop.post(&shop.admin, "/v1/orders", body).await.status }
    })
    .await;
    sold.iter().filter(|status| **status == 201).count()
}

#[actix_web::test]
async fn without_the_guard_stock_is_oversold_and_the_audit_says_so() {
    let shop = with_mutant("no_guard").await;
    without_checks(&shop);
    assert!(sold_of_ten(&shop).await > 10);
    assert!(audited(&shop).await.contains(&"available_never_below_limit".to_owned()));
    forget(shop);
}

#[actix_web::test]
async fn the_database_refuses_what_a_missing_guard_lets_pass() {
    let shop = with_mutant("no_guard").await;
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    shop.placed(&paris, "LIP-1", 1).await;
    let body = order_body(&paris, "LIP-1", 1);
    let sent =
        shop.request(&shop.admin, reqwest::Method::POST, "/v1/orders").header("Idempotency-Key", "k").json(&body);
    assert_eq!(sent.send().await.unwrap().status(), 500, "a broken rule is a fault of ours, and nothing is written");
    assert_eq!(shop.database.count("orders"), 1);
}

#[actix_web::test]
async fn locking_after_reading_loses_updates_and_the_history_says_so() {
    let shop = with_mutant("lock_after_read").await;
    without_checks(&shop);
    let paris = shop.stocked("PARIS", "LIP-1", 40).await;
    let (second, app) = shop.second(&[("COFFRET_GROUP_COMMIT__MUTANT", "lock_after_read")]);
    let mut found = vec![];
    for _ in 0..5 {
        let level = shop.level(&paris, "LIP-1").await;
        let (available, version) = (level["quantity_available"].as_i64().unwrap(), level["version"].as_i64().unwrap());
        let calls = linear::history(&shop, &[shop.url.clone(), second.clone()], &paris, 30).await;
        found = linear::faults(&calls, available, version);
        if !found.is_empty() {
            break;
        }
    }
    assert!(!found.is_empty(), "the history should not be one story");
    drop(app);
    forget(shop);
}

#[actix_web::test]
async fn checking_line_by_line_oversells_a_basket_that_names_a_sku_twice() {
    let shop = with_mutant("per_line_check").await;
    without_checks(&shop);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let line = json!({ "sku": "LIP-1", "quantity": 6 });
    let mut body = order_body(&paris, "LIP-1", 1);
    body["lines"] = json!([line, line]);
    assert_eq!(shop.post(&shop.admin, "/v1/orders", body).await.status, 201);
    assert!(audited(&shop).await.contains(&"available_never_below_limit".to_owned()));
    forget(shop);
}

#[actix_web::test]
async fn unsorted_locks_deadlock_and_the_retries_say_so() {
    let planted =
        [("COFFRET_GROUP_COMMIT__MUTANT", "unsorted_locks"), ("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "2500")];
    let shop = Rc::new(Shop::open_with(&planted).await);
    let paris = shop.location("PARIS", 1).await;
    for sku in ["A", "B", "C", "D"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, 10_000).await;
    }
    let (second, app) = shop.second(&planted);
    let mut retries = 0;
    for _ in 0..20 {
        all_at_once(|n| {
            let mut lines: Vec<_> = ["A", "B", "C", "D"].map(|sku| json!({ "sku": sku, "quantity": 1 })).to_vec();
            if n % 2 == 0 {
                lines.reverse();
            }
            let server = if n % 2 == 0 { shop.url.clone() } else { second.clone() };
            // The demand is kept in order of variant, so two orders of one line each stand for one in reverse.
            let bodies: Vec<_> = lines
                .into_iter()
                .map(|line| {
                    let mut body = order_body(&paris, "A", 1);
                    body["lines"] = json!([line]);
                    body
                })
                .collect();
            let shop = shop.clone();
            async move {
                let sent = bodies.iter().map(|body| {
                    shop.http
                        .post(format!("{server}/v1/orders"))
                        .bearer_auth(&shop.admin)
                        .header("Idempotency-Key", uuid::Uuid::now_v7().to_string())
                        .json(body)
                        .send()
                });
                futures_util::future::join_all(sent).await;
            }
        })
        .await;
        retries = shop.app.db.retries_run() + app.db.retries_run();
        if retries > 0 {
            break;
        }
    }
    assert!(retries > 0, "locks taken out of order should have met in a circle");
    drop(app);
    forget(shop);
}

#[actix_web::test]
async fn without_counting_a_coupon_the_database_refuses_its_second_use() {
    let shop = with_mutant("uncounted_coupon").await;
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    let welcome = promotion(&shop, "welcome", percent(20), json!({ "needs_coupon": true })).await;
    coupons(&shop, &welcome, json!({ "codes": ["ONLY-ONCE"], "max_uses": 1 })).await;
    let statuses = all_at_once(|n| {
        let (shop, body) = (shop.clone(), with_coupons(&paris, 1, &["ONLY-ONCE"]));
        async move {
            let sent = shop.request(&shop.admin, reqwest::Method::POST, "/v1/orders");
            sent.header("Idempotency-Key", format!("k-{n}")).json(&body).send().await.unwrap().status().as_u16()
        }
    })
    .await;
    assert!(statuses.contains(&500), "a broken rule is a fault of ours: {statuses:?}");
    assert_eq!(shop.database.number("select used_count as n from coupons"), 1);
    forget(shop);
}

#[actix_web::test]
async fn without_counting_a_budget_is_passed_and_the_audit_says_so() {
    let shop = with_mutant("uncounted_budget").await;
    shop.database.run("alter table promotions drop constraint promotions_budget_check");
    let paris = shop.stocked("PARIS", "LIP-1", 100).await;
    promotion(&shop, "launch", percent(10), json!({ "budget_minor": 1_000 })).await;
    all_at_once(|_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        async move { shop.post(&shop.admin, "/v1/orders", body).await.status }
    })
    .await;
    assert!(audited(&shop).await.contains(&"promotions_stay_within_their_limits".to_owned()));
    forget(shop);
}

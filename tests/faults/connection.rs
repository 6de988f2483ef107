//! The connection to PostgreSQL: cut at the commit, slow, silent, frozen.
use crate::support::{
    Shop, all_at_once,
    database::TestDatabase,
    order_body,
    process::signal,
    proxy::{Cut, Proxy},
    together::{lock, locked, until, waiting_for_lock},
};
use std::{
    rc::Rc,
    time::{Duration, Instant},
};

/// A shop whose database is reached through the proxy.
async fn behind_proxy(more: &[(&str, &str)]) -> (Rc<Shop>, Proxy, String) {
    let database = TestDatabase::create();
    let proxy = Proxy::to(&database.url);
    let shop = Shop::on(database, &proxy.way, more).await;
    let paris = shop.stocked("PARIS", "LIP-1", 10_000).await;
    shop.placed(&paris, "LIP-1", 1).await;
    (Rc::new(shop), proxy, paris)
}

/// The answers that 64 buyers get who all ask at once, and the longest that any of them waited.
async fn rush(shop: &Rc<Shop>, paris: &str, round: usize) -> (Vec<u16>, Duration) {
    let began = Instant::now();
    let told = all_at_once(|n| {
        let (shop, body, key) = (shop.clone(), order_body(paris, "LIP-1", 1), format!("rush-{round}-{n}"));
        async move {
            let answer = shop.post_as(&shop.admin, "/v1/orders", body, &key).await;
            if answer.status == 503 {
                assert!(!answer.header("retry-after").is_empty(), "{}", answer.body);
            }
            answer.status
        }
    })
    .await;
    (told, began.elapsed())
}

#[actix_web::test]
async fn a_connection_cut_at_the_commit_does_the_work_once_and_nobody_notices() {
    let (shop, proxy, paris) = behind_proxy(&[]).await;
    for round in 0..10 {
        let before = shop.database.count("orders");
        proxy.cut_next(if round % 2 == 0 { Cut::BeforeCommit } else { Cut::AfterCommit });
        let (told, _) = rush(&shop, &paris, round).await;
        assert!(told.iter().all(|status| *status == 201), "{told:?}");
        assert_eq!(proxy.cuts(), round + 1);
        assert_eq!(shop.database.count("orders") - before, 64);
    }
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], 641);
}

#[actix_web::test]
async fn running_a_batch_again_without_looking_at_its_keys_does_it_twice_and_is_seen() {
    let (shop, proxy, paris) = behind_proxy(&[("COFFRET_GROUP_COMMIT__MUTANT", "retry_without_key")]).await;
    proxy.cut_next(Cut::AfterCommit);
    shop.post_as(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1), "once").await;
    assert_eq!(proxy.cuts(), 1);
    assert_eq!(shop.database.count("orders"), 3, "the one before, and one twice");
}

#[actix_web::test]
async fn a_request_in_doubt_that_then_meets_a_lock_is_told_that_its_outcome_is_unknown() {
    let (shop, proxy, paris) = behind_proxy(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "300")]).await;
    let row = "stock_levels";
    let first = locked(&shop, row);
    let body = order_body(&paris, "LIP-1", 1);
    let (sender, sent) = (shop.clone(), body.clone());
    proxy.cut_next(Cut::BeforeCommit);
    let doubtful =
        actix_web::rt::spawn(async move { sender.post_as(&sender.admin, "/v1/orders", sent, "doubtful").await });
    until(|| waiting_for_lock(&shop)).await;
    // Whoever waits behind the batch has the row when its connection is cut.
    let (url, rows) = (shop.database.url.clone(), row.to_owned());
    let second = std::thread::spawn(move || lock(&url, &rows));
    until(|| {
        shop.database.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 2
    })
    .await;
    drop(first);
    let answer = doubtful.await.unwrap();
    assert_eq!(proxy.cuts(), 1);
    answer.refused(503, "outcome_unknown");
    drop(second.join().unwrap());
    shop.post_as(&shop.admin, "/v1/orders", body, "doubtful").await.ok();
    assert_eq!(shop.database.count("orders"), 2);
}

#[actix_web::test]
async fn a_reset_of_all_connections_costs_no_order() {
    let (shop, proxy, paris) = behind_proxy(&[]).await;
    for round in 0..5 {
        let (rush, ()) = futures_util::future::join(rush(&shop, &paris, round), async { proxy.reset() }).await;
        assert!(rush.0.iter().all(|status| *status == 201), "{rush:?}");
    }
    assert_eq!(shop.database.count("orders"), 1 + 5 * 64);
}

#[actix_web::test]
async fn a_slow_network_makes_larger_batches_and_then_sheds_in_time() {
    let (shop, proxy, paris) = behind_proxy(&[
        ("COFFRET_GROUP_COMMIT__DEADLINE_MS", "2000"),
        ("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "1000"),
        ("COFFRET_GROUP_COMMIT__STATEMENT_TIMEOUT_MS", "2000"),
    ])
    .await;
    for (round, ms) in [5, 50].into_iter().enumerate() {
        proxy.slow(Duration::from_millis(ms));
        let (told, took) = rush(&shop, &paris, round).await;
        assert!(told.iter().all(|status| *status == 201), "{ms} ms: {told:?}");
        assert!(took < Duration::from_secs(3), "{ms} ms: {took:?}");
    }
    proxy.slow(Duration::from_millis(500));
    let (told, took) = rush(&shop, &paris, 2).await;
    assert!(told.iter().all(|status| [201, 503].contains(status)), "{told:?}");
    assert!(took < Duration::from_secs(6), "{took:?}");
    proxy.slow(Duration::ZERO);
    let (told, _) = rush(&shop, &paris, 2).await;
    assert!(told.iter().all(|status| *status == 201), "{told:?}");
    assert_eq!(shop.database.count("orders"), 1 + 3 * 64);
}

#[actix_web::test]
async fn a_silent_database_is_told_within_five_seconds_and_service_returns_with_it() {
    let (shop, proxy, paris) = behind_proxy(&[
        ("COFFRET_DATABASE__POOL_TIMEOUT_MS", "500"),
        ("COFFRET_DATABASE__STATEMENT_TIMEOUT_MS", "1000"),
    ])
    .await;
    proxy.silence(true);
    let (told, took) = rush(&shop, &paris, 0).await;
    assert!(told.iter().all(|status| *status == 503), "{told:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(shop.get("", "/readyz").await.status, 503);
    assert_eq!(shop.get("", "/livez").await.status, 200);
    proxy.silence(false);
    let began = Instant::now();
    while shop.get("", "/readyz").await.status != 200 {
        assert!(began.elapsed() < Duration::from_secs(10), "it does not become ready again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (told, _) = rush(&shop, &paris, 0).await;
    assert!(told.iter().all(|status| *status == 201), "{told:?}");
    assert_eq!(shop.database.count("orders"), 1 + 64);
}

#[actix_web::test]
async fn a_backend_frozen_for_long_has_no_second_effect_when_it_wakes() {
    let limits = [
        ("COFFRET_GROUP_COMMIT__DEADLINE_MS", "1000"),
        ("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "500"),
        ("COFFRET_GROUP_COMMIT__STATEMENT_TIMEOUT_MS", "1000"),
    ];
    let shop = Rc::new(Shop::open_with(&limits).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10_000).await;
    shop.placed(&paris, "LIP-1", 1).await;
    let lane = "from pg_stat_activity where datname = current_database() and application_name = 'coffret lane'";
    let pid = u32::try_from(shop.database.number(&format!("select pid::bigint as n {lane}"))).unwrap();
    signal(pid, "STOP");
    let (told, took) = rush(&shop, &paris, 0).await;
    assert!(told.iter().all(|status| *status == 503), "{told:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    // The lane was replaced; what the frozen backend holds, others wait for and are told so.
    let (told, _) = rush(&shop, &paris, 0).await;
    assert!(told.iter().all(|status| [201, 503].contains(status)), "{told:?}");
    signal(pid, "CONT");
    for _ in 0..100 {
        let (told, _) = rush(&shop, &paris, 0).await;
        if told.iter().all(|status| *status == 201) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (told, _) = rush(&shop, &paris, 0).await;
    assert!(told.iter().all(|status| *status == 201), "{told:?}");
    assert_eq!(shop.database.count("orders"), 1 + 64);
}

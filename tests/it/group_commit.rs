//! The group commit: few round trips whatever the size of a batch, and limits that hold.
use crate::support::{
    Shop, all_at_once, answer, order_body,
    together::{until, waiting_for_lock, with_locked_row},
};
use reqwest::Method;
use serde_json::{Value, json};
use std::rc::Rc;

/// Sends so many orders that wait behind one that waits for a row, lets the row go, and returns the answers.
async fn one_batch(shop: &Rc<Shop>, paris: &str, orders: usize) -> Vec<u16> {
    let send = |quantity: i64| {
        let (shop, body) = (shop.clone(), order_body(paris, "LIP-1", quantity));
        actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await.status })
    };
    let started = with_locked_row(shop, "LIP-1", async {
        let mut started = vec![send(1)];
        until(|| waiting_for_lock(shop)).await;
        started.extend((0..orders).map(|_| send(1)));
        until(|| shop.app.jobs.group_commit().waiting() == orders).await;
        started
    })
    .await;
    let mut statuses = vec![];
    for handle in started {
        statuses.push(handle.await.unwrap());
    }
    statuses
}

#[actix_web::test]
async fn a_batch_costs_the_same_few_round_trips_whatever_its_size() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 1000).await;
    shop.placed(&paris, "LIP-1", 1).await;
    let mut costs = vec![];
    for size in [1, 10, 200] {
        let before = shop.app.jobs.group_commit().statements_run();
        let statuses = one_batch(&shop, &paris, size).await;
        assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
        costs.push(shop.app.jobs.group_commit().statements_run() - before);
    }
    // Two batches each: the order that waited for the row, and all that waited behind it.
    // Now and then one more fetches order numbers, and one more drops old plans.
    assert!(costs.iter().max().unwrap() - costs.iter().min().unwrap() <= 2, "{costs:?}");
    assert!(costs.iter().all(|cost| *cost <= 2 * 9), "{costs:?}");
}

#[actix_web::test]
async fn a_row_that_others_hold_for_long_is_busy_and_other_goods_sell_on() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "100")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("EYE-1").await;
    shop.stock(&paris, "EYE-1", 10).await;
    with_locked_row(&shop, "LIP-1", async {
        let both = [order_body(&paris, "LIP-1", 1), order_body(&paris, "EYE-1", 1)];
        let sent = both.map(|body| {
            let shop = shop.clone();
            actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await })
        });
        let [locked, free] = sent;
        let locked = locked.await.unwrap();
        locked.refused(503, "busy");
        assert!(!locked.header("retry-after").is_empty());
        free.await.unwrap().ok();
    })
    .await;
    shop.placed(&paris, "LIP-1", 1).await;
}

#[actix_web::test]
async fn beyond_its_share_of_the_queue_a_row_sheds_and_says_when_to_come_back() {
    let more = [
        ("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000"),
        ("COFFRET_GROUP_COMMIT__MAX_BATCH", "8"),
        ("COFFRET_GROUP_COMMIT__QUEUE", "40"),
        ("COFFRET_GROUP_COMMIT__ROW_SHARE_PERCENT", "25"),
    ];
    let shop = Rc::new(Shop::open_with(&more).await);
    let paris = shop.stocked("PARIS", "LIP-1", 1000).await;
    shop.placed(&paris, "LIP-1", 1).await;
    let send = |_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await })
    };
    let started = with_locked_row(&shop, "LIP-1", async {
        let mut started = vec![send(0)];
        until(|| waiting_for_lock(&shop)).await;
        started.extend((0..30).map(send));
        until(|| shop.app.jobs.group_commit().waiting() == 10).await;
        let mut shed = String::new();
        while !shed.contains("group_commit_shed_total{reason=\"row\"} 20\n") {
            shed = shop.get("", "/metrics").await.body.as_str().unwrap().to_owned();
        }
        started
    })
    .await;
    let mut statuses = vec![];
    for handle in started {
        let answer = handle.await.unwrap();
        if answer.status == 503 {
            answer.refused(503, "busy");
            assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
        }
        statuses.push(answer.status);
    }
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 11, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 503).count(), 20, "{statuses:?}");
}

#[actix_web::test]
async fn a_sold_out_storm_is_refused_without_a_write() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 1).await;
    shop.placed(&paris, "LIP-1", 1).await;
    shop.post(&shop.admin, "/v1/orders", order_body(&paris, "LIP-1", 1)).await.refused(409, "out_of_stock");
    let numbers = shop.database.count("generate_series(1, (select last_value from orders_number_seq))");
    // Whoever locks or changes a row leaves the number of its transaction in it.
    let locked_by = || shop.database.count("generate_series(1, (select max(xmax::text::bigint) from stock_levels))");
    let before = locked_by();
    all_at_once(|_| {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        async move { shop.post(&shop.admin, "/v1/orders", body).await.refused(409, "out_of_stock") }
    })
    .await;
    assert_eq!(locked_by(), before);
    assert_eq!(shop.database.count("generate_series(1, (select last_value from orders_number_seq))"), numbers);
    assert_eq!(shop.database.count("idempotency_keys where key like 'test-%' and permission = 'orders:place'"), 1);
}

#[actix_web::test]
async fn nothing_but_the_lanes_writes_stock() {
    let shop = Shop::open().await;
    // Whoever is not a lane has no plan cache set to generic: the trigger tells them apart.
    shop.database.run(
        "create function only_lanes() returns trigger language plpgsql as $$ begin          if \
         current_setting('plan_cache_mode') <> 'force_generic_plan' then raise exception 'not a lane'; end if; return \
            new; end $$;          create trigger only_lanes before insert or update or delete on stock_levels for \
            each row execute function only_lanes()",
    );
    let paris = shop.stocked("PARIS", "LIP-1", 9).await;
    let reserve = json!({ "lines": [{ "sku": "LIP-1", "quantity": 1 }], "expires_in_seconds": 60 });
    let path = format!("/v1/locations/{paris}/inventory/reserve");
    let held = shop.post(&shop.admin, &path, reserve.clone()).await.ok();
    shop.post(&shop.admin, &path, reserve).await.ok();
    let release = json!({ "reservation_id": held["id"] });
    shop.post(&shop.admin, &format!("/v1/locations/{paris}/inventory/release"), release).await.ok();
    let shipped = shop.paid(&paris, "LIP-1", 2).await["id"].as_str().unwrap().to_owned();
    shop.post(&shop.admin, &format!("/v1/orders/{shipped}/fulfill"), json!({})).await.ok();
    let canceled = shop.paid(&paris, "LIP-1", 1).await["id"].as_str().unwrap().to_owned();
    shop.patch(&shop.admin, &format!("/v1/orders/{canceled}/cancel"), json!({}), None).await.ok();
    shop.placed(&paris, "LIP-1", 1).await;
    let level = shop.level(&paris, "LIP-1").await;
    shop.patch(
        &shop.admin,
        &format!("/v1/locations/{paris}/inventory/LIP-1"),
        json!({ "safety_stock": 1 }),
        level["version"].as_i64(),
    )
    .await
    .ok();
    assert_eq!(shop.after(86_400).await, 3, "a hold and an order's hold run out, and the order lapses");
    assert_eq!(shop.database.count("stock_levels where reserved = 0"), 1);
}

#[actix_web::test]
async fn a_caller_who_waits_less_is_told_sooner_and_nothing_is_done_later() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let order = |key: &str, prefer: &str| {
        let request = shop.request(&shop.admin, Method::POST, "/v1/orders").header("Idempotency-Key", key);
        let request = request.header("Prefer", prefer).json(&order_body(&paris, "LIP-1", 1));
        actix_web::rt::spawn(answer(request))
    };
    let began = std::time::Instant::now();
    let (first, second) = with_locked_row(&shop, "LIP-1", async {
        let first = order("patient", "return=minimal, wait=60");
        until(|| waiting_for_lock(&shop)).await;
        let second = order("hurried", "wait=1").await.unwrap();
        (first, second)
    })
    .await;
    second.refused(503, "outcome_unknown");
    assert!(began.elapsed() < std::time::Duration::from_millis(2_500));
    assert_eq!(first.await.unwrap().status, 201);
    order("last", "wait=nonsense").await.unwrap().ok();
    assert_eq!(shop.database.count("orders"), 2, "the hurried one was not done when the row was free");
}

#[actix_web::test]
async fn a_server_whose_lane_stands_still_is_not_ready() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    let send = || {
        let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
        actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await.status })
    };
    let sent = with_locked_row(&shop, "LIP-1", async {
        let first = send();
        until(|| waiting_for_lock(&shop)).await;
        let second = send();
        until(|| shop.app.jobs.group_commit().sojourn() > std::time::Duration::from_secs(1)).await;
        shop.get("", "/readyz").await.refused(503, "busy");
        [first, second]
    })
    .await;
    for request in sent {
        assert_eq!(request.await.unwrap(), 201);
    }
    assert_eq!(shop.get("", "/readyz").await.status, 200);
}

#[actix_web::test]
async fn a_client_that_hangs_up_finds_its_effect_under_its_key() {
    let shop = Rc::new(Shop::open_with(&[("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "3000")]).await);
    let paris = shop.stocked("PARIS", "LIP-1", 5).await;
    let body = order_body(&paris, "LIP-1", 1);
    with_locked_row(&shop, "LIP-1", async {
        let sent = shop.request(&shop.admin, Method::POST, "/v1/orders").header("Idempotency-Key", "gone").json(&body);
        let gone = tokio::time::timeout(std::time::Duration::from_millis(200), answer(sent)).await;
        assert!(gone.is_err(), "the client did not wait for an answer");
    })
    .await;
    let again = shop.post_as(&shop.admin, "/v1/orders", body, "gone").await;
    assert_eq!((again.status, again.header("idempotent-replayed")), (201, "true"));
    assert_eq!(shop.database.count("orders"), 1);
}

#[actix_web::test]
async fn a_killed_backend_is_not_noticed_by_the_caller() {
    let shop = Rc::new(Shop::open().await);
    let paris = shop.stocked("PARIS", "LIP-1", 500).await;
    for _ in 0..5 {
        let selling = all_at_once(|_| {
            let (shop, body) = (shop.clone(), order_body(&paris, "LIP-1", 1));
            async move { shop.post(&shop.admin, "/v1/orders", body).await.status }
        });
        let killing = async {
            shop.database.run(
                "select pg_terminate_backend(pid) from pg_stat_activity                  where datname = \
                 current_database() and pid <> pg_backend_pid() and query like '%stock_levels%'",
            );
        };
        let (statuses, ()) = futures_util::future::join(selling, killing).await;
        assert!(statuses.iter().all(|status| *status == 201), "{statuses:?}");
    }
    assert_eq!(shop.database.count("orders"), 5 * 64);
    assert_eq!(shop.level(&paris, "LIP-1").await["reserved"], Value::from(5 * 64));
}

#[actix_web::test]
async fn a_lone_request_is_not_shed_while_the_lane_is_held_up() {
    let limits = [
        ("COFFRET_GROUP_COMMIT__LOCK_TIMEOUT_MS", "2000"),
        ("COFFRET_GROUP_COMMIT__STATEMENT_TIMEOUT_MS", "2000"),
        ("COFFRET_GROUP_COMMIT__DEADLINE_MS", "2000"),
    ];
    let shop = Rc::new(Shop::open_with(&limits).await);
    let paris = shop.stocked("PARIS", "LIP-1", 10).await;
    shop.variant("EYE-1").await;
    shop.stock(&paris, "EYE-1", 10).await;
    shop.database.run(
        "create function be_slow() returns trigger language plpgsql as $$ begin \
         if new.sku = 'LIP-1' then perform pg_sleep(1); end if; return new; end $$; \
         create trigger be_slow before insert on order_lines for each row execute function be_slow()",
    );
    let send = |sku: &'static str| {
        let (shop, body) = (shop.clone(), order_body(&paris, sku, 1));
        actix_web::rt::spawn(async move { shop.post(&shop.admin, "/v1/orders", body).await })
    };
    // The first waits for its row and writes slowly then: longer than a request of a crowd may wait behind it.
    let (held_up, alone) = with_locked_row(&shop, "LIP-1", async {
        let held_up = send("LIP-1");
        until(|| waiting_for_lock(&shop)).await;
        let alone = send("EYE-1");
        until(|| shop.app.jobs.group_commit().waiting() == 1).await;
        while shop.app.jobs.group_commit().sojourn() < std::time::Duration::from_millis(1200) {
            actix_web::rt::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        (held_up, alone)
    })
    .await;
    let (held_up, alone) = (held_up.await.unwrap(), alone.await.unwrap());
    assert_eq!((held_up.status, alone.status), (201, 201), "{} {}", held_up.body, alone.body);
}

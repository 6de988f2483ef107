//! The feed under fire: many writers on two servers, sequencers killed at random, a transaction that stays open.
use crate::{
    sized,
    support::{Shop, answer, database::TestDatabase, order_body, served::Served},
};
use diesel::{Connection, PgConnection, connection::SimpleConnection};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    time::{Duration, Instant},
};

/// An event of a transaction that is open for long.
const SLOW: &str = "begin; with told as (insert into outbox_events (event_id, event_type, aggregate_type, \
    aggregate_id, \
    aggregate_version, location_id, payload, created_at) values ('00000000-0000-7000-8000-00000000510e', \
    'test.slow.v1', \
    'test', '00000000-0000-7000-8000-00000000510e', 1, null, '{}', now()) returning id) \
    insert into event_pending (event_ids) select array_agg(id) from told";

struct Fire {
    shop: Shop,
    paris: String,
    servers: RefCell<[String; 2]>,
    /// Writers may stop.
    over: Cell<bool>,
    /// They have.
    is_written: Cell<bool>,
}

impl Fire {
    /// A request under one key to one of the servers, asked again until it is answered.
    async fn surely(&self, n: usize, method: Method, path: &str, body: Value) -> (u16, Value) {
        let key = uuid::Uuid::now_v7().to_string();
        for attempt in n.. {
            let url = format!("{}{path}", self.servers.borrow()[attempt % 2]);
            let request = self.shop.http.request(method.clone(), url).bearer_auth(&self.shop.admin);
            match request.header("Idempotency-Key", &key).json(&body).send().await {
                Ok(response) if response.status() != 503 => {
                    return (response.status().as_u16(), response.json().await.unwrap());
                }
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        unreachable!("attempts have no end")
    }

    /// Places orders, cancels some, finds stock, holds and releases, until it is over.
    async fn write(&self, n: usize) -> usize {
        let at = format!("/v1/locations/{}/inventory", self.paris);
        let mut done = 0;
        while !self.over.get() {
            let sku = format!("LIP-{}", done % 3);
            let body = order_body(&self.paris, &sku, 1);
            let (status, order) = self.surely(n, Method::POST, "/v1/orders", body).await;
            assert_eq!(status, 201, "{order}");
            let path = format!("/v1/orders/{}/cancel", order["id"].as_str().unwrap());
            let (status, problem) = self.surely(n, Method::PATCH, &path, json!({})).await;
            assert_eq!(status, 200, "{problem}");
            let found = json!({ "delta": 1, "reason": "found" });
            self.surely(n, Method::PATCH, &format!("{at}/{sku}"), found).await;
            done += 3;
        }
        done
    }

    /// Follows the feed from the beginning until all that was written is told; its events.
    async fn follow(&self) -> Vec<Value> {
        let (mut after, mut all, mut over_since) = (0, vec![], None);
        loop {
            if self.is_written.get() {
                let since = over_since.get_or_insert_with(Instant::now);
                assert!(since.elapsed() < Duration::from_secs(20), "what was committed is never told");
            }
            let was_over = self.is_written.get() && self.shop.database.count("event_pending") == 0;
            let request =
                self.shop.request(&self.shop.admin, Method::GET, &format!("/v1/events?after={after}&limit=500"));
            let page = answer(request).await.ok();
            after = page["position"].as_i64().unwrap();
            all.extend(page["data"].as_array().unwrap().iter().cloned());
            if was_over && page["has_more"] == false {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[actix_web::test]
async fn the_feed_skips_nothing_and_keeps_its_order_while_sequencers_are_killed() {
    let seed: u64 = std::env::var("COFFRET_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    eprintln!("COFFRET_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let database = TestDatabase::durable();
    let way = database.url.clone();
    let shop = Shop::on(database, &way, &[]).await;
    let paris = shop.location("PARIS", 1).await;
    for sku in ["LIP-0", "LIP-1", "LIP-2"] {
        shop.variant(sku).await;
        shop.stock(&paris, sku, 1_000_000).await;
    }
    let (own, mut victim) = (shop.url.clone(), Served::beside(&shop, &[]).await);
    let servers = RefCell::new([own, victim.url.clone()]);
    let fire = Rc::new(Fire { shop, paris, servers, over: Cell::new(false), is_written: Cell::new(false) });
    let mut slow = PgConnection::establish(&way).unwrap();
    slow.batch_execute(SLOW).unwrap();
    let (began, open_for) = (Instant::now(), Duration::from_secs(10));
    let writers: Vec<_> = (0..16)
        .map(|n| {
            let fire = fire.clone();
            actix_web::rt::spawn(async move { fire.write(n).await })
        })
        .collect();
    let follower = {
        let fire = fire.clone();
        actix_web::rt::spawn(async move { fire.follow().await })
    };
    let mut killed = 0;
    for round in 0..sized(60, 600) {
        tokio::time::sleep(Duration::from_millis(dice.random_range(20..300))).await;
        fire.shop.database.run(
            "select pg_terminate_backend(pid) from pg_stat_activity \
             where application_name = 'coffret sequencer' and random() < 0.7",
        );
        if round % 20 == 10 {
            victim.kill();
            victim =
                Served::beside(&fire.shop, &[("FAILPOINTS", "sequencer_before_commit=50*off->1*panic->off")]).await;
            fire.servers.borrow_mut()[1].clone_from(&victim.url);
            killed += 1;
        }
        if round == 30 {
            let head = fire.shop.database.number("select position as n from event_head");
            assert!(head > 100, "one open transaction holds up the feed: it is at {head}");
        }
    }
    tokio::time::sleep(open_for.saturating_sub(began.elapsed())).await;
    assert_eq!(
        fire.shop
            .database
            .count("event_ranges join outbox_events on id = any (event_ids) where event_type = 'test.slow.v1'"),
        0
    );
    slow.batch_execute("commit").unwrap();
    fire.over.set(true);
    let mut written = 0;
    for writer in writers {
        written += writer.await.unwrap();
    }
    fire.is_written.set(true);
    let all = follower.await.unwrap();
    assert!(killed >= 3 && written > 500, "{written} writes, {killed} servers killed");
    check(&fire.shop, &all);
}

/// The feed as a consumer saw it: each position once and in order, every event of the outbox, each record's versions
/// ascending.
fn check(shop: &Shop, all: &[Value]) {
    let number = |event: &Value, name: &str| event[name].as_i64().unwrap();
    for (at, event) in all.iter().enumerate() {
        assert_eq!(number(event, "position"), i64::try_from(at).unwrap() + 1, "a position is missing or told twice");
    }
    assert_eq!(shop.database.count("outbox_events"), i64::try_from(all.len()).unwrap());
    assert!(all.iter().any(|event| event["type"] == "test.slow.v1"), "the slow transaction is told at last");
    let mut last: HashMap<String, i64> = HashMap::new();
    for event in all {
        let record = format!("{} {} {}", event["aggregate"], event["subject"], event["location"]);
        let before = last.insert(record.clone(), number(event, "version")).unwrap_or(0);
        assert!(number(event, "version") >= before, "{record}: {} after {before}", event["version"]);
    }
}

#[actix_web::test]
async fn what_stalls_at_its_commit_is_not_passed_over() {
    // A cluster of its own: transactions of other databases would show the stalled one to the sequencer's looks.
    let database = TestDatabase::durable();
    let way = database.url.clone();
    let shop = Shop::on(database, &way, &[("COFFRET_DATABASE__ALLOW_UNSAFE_DURABILITY", "false")]).await;
    shop.stocked("PARIS", "LIP-1", 10).await;
    caught_up(&shop).await;
    // A slow disk holds a commit up: the newest transaction that there is has told something and has not ended.
    let mut slow = PgConnection::establish(&shop.database.url).unwrap();
    slow.batch_execute(SLOW).unwrap();
    let before = shop.database.number("select coalesce(sum(cardinality(event_ids)), 0)::bigint as n from event_ranges");
    // Longer than several looks of the sequencer.
    tokio::time::sleep(Duration::from_millis(400)).await;
    slow.batch_execute("commit").unwrap();
    caught_up(&shop).await;
    assert_eq!(
        shop.database.number("select coalesce(sum(cardinality(event_ids)), 0)::bigint as n from event_ranges"),
        before + 1
    );
}

/// Waits until nothing is pending.
async fn caught_up(shop: &Shop) {
    for _ in 0..400 {
        if shop.database.count("event_pending") == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("an event is passed over");
}

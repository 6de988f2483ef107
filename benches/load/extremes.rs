//! Workloads about the ends: stock that is gone, a drop, a large brand, and memory.
use crate::{
    Options,
    brand::{BINARY, Brand},
    client::{closed, once, open},
    report::{Row, middle},
    server::Server,
    work::{CONNECTIONS, addresses, ordering, ordering_anywhere, ordering_one, post},
};
use std::{net::SocketAddr, time::Duration};

/// Orders for a SKU without stock, in turns with orders for others. What orders leave to be written in the background
/// is written before each round, so that the bytes of log are those of the refusals.
pub fn sold_out(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    let gone = brand
        .pairs
        .iter()
        .find(|pair| pair.location == brand.hot.location)
        .map_or_else(|| brand.hot.sku.clone(), |pair| pair.skus[1].clone());
    brand.stock(&brand.hot.location, &gone, 0);
    let refused = |time| {
        closed(&at, CONNECTIONS, time, ordering_one(Some(&brand.hot.location), &token, std::slice::from_ref(&gone)))
    };
    refused(Duration::from_secs(1));
    let (mut row, mut wal) = (Row { workload: name, yardstick: "order, in turns", ..Row::default() }, vec![]);
    let mut rates = (vec![], vec![]);
    for _ in 0..options.rounds {
        brand.settle();
        let before = brand.count("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
        let mut outcome = refused(options.time);
        wal.push(brand.count("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')") - before);
        assert_eq!((outcome.ok, outcome.failed), (0, 0));
        rates.0.push(outcome.refused as f64 / outcome.took.as_secs_f64());
        (row.p50, row.p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
        let orders = |time| closed(&at, CONNECTIONS, time, ordering(brand, &token)).rate();
        // The first writes after a checkpoint log whole pages, which would flatter the ratio.
        orders(Duration::from_secs(3));
        rates.1.push(orders(options.time));
    }
    brand.stock(&brand.hot.location, &gone, 1_000_000);
    row.ratios = rates.0.iter().zip(&rates.1).map(|(ours, theirs)| ours / theirs).collect();
    (row.rate, row.yardstick_rate) = (middle(&rates.0), middle(&rates.1));
    (row.audit, row.note) = (brand.audit(), format!("bytes of WAL in each round: {wal:?}"));
    row
}

/// Bytes of WAL of an order of two lines, with a location and without, and what the sequencer writes for it; after a
/// warm-up, so that the whole pages which are logged after a checkpoint count little.
pub fn wal(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    let written = || {
        while brand.count("select count(*) from event_pending") > 0 {
            std::thread::sleep(Duration::from_millis(20));
        }
        brand.count("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
    };
    let per_order = |load: &dyn Fn(Duration) -> crate::client::Outcome| {
        load(Duration::from_secs(4));
        let bytes = |_| {
            let before = written();
            let outcome = load(options.time);
            (written() - before) as f64 / outcome.ok as f64
        };
        middle(&(0..options.rounds).map(bytes).collect::<Vec<_>>())
    };
    let located = per_order(&|time| closed(&at, CONNECTIONS, time, ordering(brand, &token)));
    let sourced = per_order(&|time| closed(&at, CONNECTIONS, time, ordering_anywhere(brand, &token)));
    let note = format!("bytes of WAL an order: {located:.0} with a location, {sourced:.0} without");
    Row { workload: name, yardstick: "", audit: brand.audit(), note, ..Row::default() }
}

/// 20,000 orders in 60 s on 10 SKUs with 8,000 units, at two servers.
pub fn drop(name: &'static str, brand: &Brand, _: &Options) -> Row {
    let skus = dropped(brand);
    for sku in &skus {
        brand.stock(&brand.hot.location, sku, 800);
    }
    let row = sell_out(name, brand, &skus, Some(&brand.hot.location));
    for sku in &skus {
        brand.stock(&brand.hot.location, sku, 1_000_000);
    }
    row
}

/// The same without a location: the units of each SKU lie in ten places.
pub fn drop_sourced(name: &'static str, brand: &Brand, _: &Options) -> Row {
    let skus = dropped(brand);
    for sku in &skus {
        for (at, place) in brand.places_with(sku).iter().enumerate() {
            brand.stock(place, sku, if at < 10 { 80 } else { 0 });
        }
    }
    let row = sell_out(name, brand, &skus, None);
    for sku in &skus {
        brand.stock(&brand.hot.location, sku, 1_000_000);
    }
    row
}

/// Ten SKUs of the hot location.
fn dropped(brand: &Brand) -> Vec<String> {
    let here = brand.pairs.iter().filter(|pair| pair.location == brand.hot.location);
    let mut skus: Vec<_> = here.map(|pair| pair.skus[1].clone()).filter(|sku| *sku != brand.hot.sku).collect();
    skus.sort();
    skus.dedup();
    skus.truncate(10);
    assert_eq!(skus.len(), 10);
    skus
}

fn sell_out(name: &'static str, brand: &Brand, skus: &[String], location: Option<&str>) -> Row {
    let there_are = || skus.iter().map(|sku| brand.available(sku, location)).sum::<i64>();
    // The servers start when the units are there: what they remember is read from the tables once.
    let (units, servers) = (there_are(), [Server::start(brand), Server::start(brand)]);
    let token = servers[0].token();
    let requests = ordering_one(location, &token, skus);
    let mut outcome = open(&addresses(&servers), 20_000.0 / 60.0, Duration::from_secs(60), requests);
    let (p50, p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
    let left = there_are();
    let note = format!(
        "{} sold of {units}, {left} left, {} refused, {} shed, {} failed",
        outcome.ok, outcome.refused, outcome.shed, outcome.failed
    );
    Row { workload: name, rate: outcome.rate(), p50, p99, yardstick: "", audit: brand.audit(), note, ..Row::default() }
}

/// Orders and nested reads on this brand, in turns with the same on one of profile S.
pub fn growth(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let small = Brand::open("S");
    let servers = [Server::start(brand), Server::start(&small)];
    let tokens = servers.each_ref().map(Server::token);
    let at = servers.each_ref().map(|server| [server.address]);
    let rate = |n: usize, time| {
        let brand = if n == 0 { brand } else { &small };
        closed(&at[n], CONNECTIONS, time, ordering(brand, &tokens[n])).rate()
    };
    let reads = |n: usize, time| {
        let location = if n == 0 { &brand.hot.location } else { &small.hot.location };
        nested(&at[n], location, &tokens[n], time)
    };
    for n in 0..2 {
        rate(n, Duration::from_secs(2));
        reads(n, Duration::from_secs(1));
    }
    let mut turns = (vec![], vec![]);
    for _ in 0..options.rounds {
        turns.0.push((rate(0, options.time), rate(1, options.time)));
        turns.1.push((reads(0, options.time), reads(1, options.time)));
    }
    let ratios = |turns: &[(f64, f64)]| turns.iter().map(|(large, small)| large / small).collect::<Vec<_>>();
    let note = format!(
        "orders; nested reads {:.0}/s against {:.0}/s, {:.2} of them",
        middle(&turns.1.iter().map(|turn| turn.0).collect::<Vec<_>>()),
        middle(&turns.1.iter().map(|turn| turn.1).collect::<Vec<_>>()),
        middle(&ratios(&turns.1))
    );
    Row {
        workload: name,
        rate: middle(&turns.0.iter().map(|turn| turn.0).collect::<Vec<_>>()),
        yardstick: "the same on profile S",
        yardstick_rate: middle(&turns.0.iter().map(|turn| turn.1).collect::<Vec<_>>()),
        ratios: ratios(&turns.0),
        audit: brand.audit(),
        note,
        ..Row::default()
    }
}

/// Twenty products with their variants, prices and what is available at a place, a second.
fn nested(at: &[SocketAddr], location: &str, token: &str, time: Duration) -> f64 {
    let query = "query($at: ID!) \
        { products(first: 20) { nodes { name variants { sku prices(channel: WEB) { amount { amountMinor } } \
        stock(locationId: $at) { quantityAvailable } } } } }";
    let body = serde_json::json!({ "query": query, "variables": { "at": location } }).to_string();
    let request = post("/graphql", token, "read", 0, &body);
    let (_, answer) = once(at[0], &request).expect("no answer");
    assert!(answer.contains("quantityAvailable") && !answer.contains("errors"), "{answer:.500}");
    let outcome = closed(at, 32, time, move |_| request.clone());
    assert_eq!(outcome.failed, 0);
    outcome.rate()
}

pub fn footprint(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let idle = servers[0].memory();
    let token = servers[0].token();
    closed(&addresses(&servers), CONNECTIONS, options.time, ordering(brand, &token));
    let first = servers[0].memory();
    closed(&addresses(&servers), CONNECTIONS, options.time * 2, ordering(brand, &token));
    let megabytes = std::fs::metadata(BINARY).unwrap().len() as f64 / 1e6;
    let note = format!(
        "{idle:.0} MB idle, {first:.0} MB after {} s of orders, {:.0} MB after {} s more; ready in {:.2} s; binary \
         {megabytes:.0} MB",
        options.time.as_secs(),
        servers[0].memory(),
        options.time.as_secs() * 2,
        servers[0].started_in.as_secs_f64()
    );
    Row { workload: name, audit: brand.audit(), note, ..Row::default() }
}

/// Resident memory over ten minutes of load at a steady rate for each round; only on request, for it takes them.
pub fn flat(name: &'static str, brand: &Brand, options: &Options) -> Row {
    if !options.is_named(name) {
        return Row { workload: name, note: "asked for by --only flat".into(), ..Row::default() };
    }
    let servers = [Server::start(brand)];
    let token = servers[0].token();
    let mut megabytes = vec![];
    let mut rate = 0.0;
    for _ in 0..10 * options.rounds {
        let outcome = open(&addresses(&servers), 1_000.0, Duration::from_secs(60), ordering(brand, &token));
        assert_eq!(outcome.failed, 0);
        rate = outcome.rate();
        megabytes.push(servers[0].memory().round());
    }
    let note = format!("MB after each minute at 1,000 orders/s: {megabytes:?}");
    Row { workload: name, rate, audit: brand.audit(), note, ..Row::default() }
}

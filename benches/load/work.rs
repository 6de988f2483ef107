//! The workloads.
use crate::{
    Options,
    brand::{BINARY, Brand},
    client::{Outcome, closed, open},
    report::{Cpu, Row, middle},
    server::Server,
    yard::{Yard, in_turns},
};
use std::{cell::RefCell, net::SocketAddr, time::Duration};

type Measure = fn(&'static str, &Brand, &Options) -> Row;

/// Every workload, by name.
pub const ALL: &[(&str, Measure)] = &[
    ("hot-reserve", hot_reserve),
    ("hot-two", hot_two),
    ("order", |name, brand, options| order(name, brand, options, Yard::Statements)),
    ("order-fn", |name, brand, options| order(name, brand, options, Yard::Function)),
    ("sold-out", sold_out),
    ("half-load", |name, brand, options| overload(name, brand, options, 0.5)),
    ("overload", |name, brand, options| overload(name, brand, options, 2.0)),
    ("drop", drop),
    ("footprint", footprint),
];

const CONNECTIONS: usize = 256;

fn post(path: &str, token: &str, run: &str, number: u64, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\nidempotency-key: {run}-{number}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Keys of one run are no other run's.
fn fresh() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

fn reserving(brand: &Brand, token: &str) -> impl Fn(u64) -> Vec<u8> + 'static {
    let path = format!("/v1/locations/{}/inventory/reserve", brand.hot.location);
    let body = format!(r#"{{"lines":[{{"sku":"{}","quantity":1}}]}}"#, brand.hot.sku);
    let (token, run) = (token.to_owned(), fresh());
    move |number| post(&path, &token, &run, number, &body)
}

fn ordering(brand: &Brand, token: &str) -> impl Fn(u64) -> Vec<u8> + 'static {
    let body = |pair: &crate::brand::Pair| {
        format!(
            r#"{{"channel":"web","currency":"EUR","location_id":"{}","lines":[{{"sku":"{}","quantity":1}},{{"sku":"{}","quantity":1}}]}}"#,
            pair.location, pair.skus[0], pair.skus[1]
        )
    };
    let bodies: Vec<_> = brand.pairs.iter().map(body).collect();
    let (token, run) = (token.to_owned(), fresh());
    move |number| post("/v1/orders", &token, &run, number, &bodies[(number as usize * 7919) % bodies.len()])
}

fn ordering_one(brand: &Brand, token: &str, skus: &[String]) -> impl Fn(u64) -> Vec<u8> + 'static {
    let location = &brand.hot.location;
    let body = |sku: &String| {
        format!(
            r#"{{"channel":"web","currency":"EUR","location_id":"{location}","lines":[{{"sku":"{sku}","quantity":1}}]}}"#
        )
    };
    let bodies: Vec<_> = skus.iter().map(body).collect();
    let (token, run) = (token.to_owned(), fresh());
    move |number| post("/v1/orders", &token, &run, number, &bodies[number as usize % bodies.len()])
}

fn addresses(servers: &[Server]) -> Vec<SocketAddr> {
    servers.iter().map(|server| server.address).collect()
}

/// Turns of ours and a yardstick's, as a row.
fn against(
    name: &'static str,
    brand: &Brand,
    options: &Options,
    yard: Yard,
    servers: &[Server],
    mut ours: impl FnMut() -> Outcome,
) -> Row {
    let ids: Vec<_> = servers.iter().map(Server::id).collect();
    let seen = RefCell::new(vec![]);
    let turns = in_turns(yard, brand, options, || {
        let cpu = Cpu::start(&ids);
        let mut outcome = ours();
        assert_eq!(outcome.failed, 0, "{name}: some requests failed");
        let rate = outcome.rate();
        eprintln!("  ours {rate:.0}/s, {} shed", outcome.shed);
        seen.borrow_mut().push((outcome.quantile(0.5), outcome.quantile(0.99), cpu.stop()));
        rate
    });
    let seen = seen.into_inner();
    Row {
        workload: name,
        rate: middle(&turns.iter().map(|turn| turn.0).collect::<Vec<_>>()),
        p50: middle(&seen.iter().map(|s| s.0).collect::<Vec<_>>()),
        p99: middle(&seen.iter().map(|s| s.1).collect::<Vec<_>>()),
        yardstick: yard.name(),
        yardstick_rate: middle(&turns.iter().map(|turn| turn.1).collect::<Vec<_>>()),
        ratios: turns.iter().map(|(ours, theirs)| ours / theirs).collect(),
        cpu: seen[seen.len() / 2].2,
        audit: brand.audit(),
        note: String::new(),
    }
}

fn hot_reserve(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let token = servers[0].token();
    let load = |time| closed(&addresses(&servers), CONNECTIONS, time, reserving(brand, &token));
    load(Duration::from_secs(2));
    against(name, brand, options, Yard::RowLock, &servers, || load(options.time))
}

fn hot_two(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand), Server::start(brand)];
    let token = servers[0].token();
    let load = |time| closed(&addresses(&servers), CONNECTIONS, time, reserving(brand, &token));
    load(Duration::from_secs(2));
    against(name, brand, options, Yard::RowLock, &servers, || load(options.time))
}

fn order(name: &'static str, brand: &Brand, options: &Options, yard: Yard) -> Row {
    let servers = [Server::start(brand)];
    let token = servers[0].token();
    let load = |time| closed(&addresses(&servers), CONNECTIONS, time, ordering(brand, &token));
    load(Duration::from_secs(3));
    against(name, brand, options, yard, &servers, || load(options.time))
}

fn sold_out(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    let gone = brand
        .pairs
        .iter()
        .find(|pair| pair.location == brand.hot.location)
        .map_or_else(|| brand.hot.sku.clone(), |pair| pair.skus[1].clone());
    brand.stock(&brand.hot.location, &gone, 0);
    let refused = |time| closed(&at, CONNECTIONS, time, ordering_one(brand, &token, std::slice::from_ref(&gone)));
    refused(Duration::from_secs(1));
    let (mut row, mut wal) = (Row { workload: name, yardstick: "order, in turns", ..Row::default() }, 0);
    let mut rates = (vec![], vec![]);
    for _ in 0..options.rounds {
        let before = brand.count("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
        let mut outcome = refused(options.time);
        wal = wal.max(brand.count("pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')") - before);
        assert_eq!((outcome.ok, outcome.failed), (0, 0));
        rates.0.push(outcome.refused as f64 / outcome.took.as_secs_f64());
        (row.p50, row.p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
        rates.1.push(closed(&at, CONNECTIONS, options.time, ordering(brand, &token)).rate());
    }
    brand.stock(&brand.hot.location, &gone, 1_000_000);
    row.ratios = rates.0.iter().zip(&rates.1).map(|(ours, theirs)| ours / theirs).collect();
    (row.rate, row.yardstick_rate) = (middle(&rates.0), middle(&rates.1));
    (row.audit, row.note) = (brand.audit(), format!("{wal} bytes of WAL at most"));
    row
}

/// Arrivals that do not wait for answers, at a part or a multiple of the peak measured right before.
fn overload(name: &'static str, brand: &Brand, options: &Options, times: f64) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    closed(&at, CONNECTIONS, Duration::from_secs(2), ordering(brand, &token));
    let peak = closed(&at, CONNECTIONS, options.time, ordering(brand, &token)).rate();
    let mut outcome = open(&at, peak * times, options.time * 2, ordering(brand, &token));
    let note = format!("{:.0}/s offered, {} shed, {} failed", peak * times, outcome.shed, outcome.failed);
    let (p50, p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
    Row {
        workload: name,
        rate: outcome.rate(),
        p50,
        p99,
        yardstick: "its own peak",
        yardstick_rate: peak,
        ratios: vec![outcome.rate() / peak],
        audit: brand.audit(),
        note,
        ..Row::default()
    }
}

/// 20,000 orders in 60 s on 10 SKUs with 8,000 units, at two servers.
fn drop(name: &'static str, brand: &Brand, _: &Options) -> Row {
    let servers = [Server::start(brand), Server::start(brand)];
    let token = servers[0].token();
    let mut skus: Vec<_> = brand
        .pairs
        .iter()
        .filter(|pair| pair.location == brand.hot.location)
        .map(|pair| pair.skus[1].clone())
        .collect();
    skus.sort();
    skus.dedup();
    skus.retain(|sku| *sku != brand.hot.sku);
    skus.truncate(10);
    assert_eq!(skus.len(), 10);
    for sku in &skus {
        brand.stock(&brand.hot.location, sku, 800);
    }
    let mut outcome =
        open(&addresses(&servers), 20_000.0 / 60.0, Duration::from_secs(60), ordering_one(brand, &token, &skus));
    let (p50, p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
    let note = format!(
        "{} sold of 8000, {} refused, {} shed, {} failed",
        outcome.ok, outcome.refused, outcome.shed, outcome.failed
    );
    for sku in &skus {
        brand.stock(&brand.hot.location, sku, 1_000_000);
    }
    Row { workload: name, rate: outcome.rate(), p50, p99, yardstick: "", audit: brand.audit(), note, ..Row::default() }
}

fn footprint(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let idle = servers[0].memory();
    let token = servers[0].token();
    closed(&addresses(&servers), CONNECTIONS, options.time, ordering(brand, &token));
    let first = servers[0].memory();
    closed(&addresses(&servers), CONNECTIONS, options.time * 2, ordering(brand, &token));
    let megabytes = std::fs::metadata(BINARY).unwrap().len() as f64 / 1e6;
    let note = format!(
        "{idle:.0} MB idle, {first:.0} MB after {} s of orders, {:.0} MB after {} s more; ready in {:.2} s; binary {megabytes:.0} MB",
        options.time.as_secs(),
        servers[0].memory(),
        options.time.as_secs() * 2,
        servers[0].started_in.as_secs_f64()
    );
    Row { workload: name, audit: brand.audit(), note, ..Row::default() }
}

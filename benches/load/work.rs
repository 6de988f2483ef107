//! The workloads.
use crate::{
    Options,
    brand::{Brand, Pair},
    client::{Outcome, closed, open},
    extremes, import, priced,
    report::{Cpu, Row, middle},
    search,
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
    ("order-lean", |name, brand, options| order(name, brand, options, Yard::Lean)),
    ("order-lean-fn", |name, brand, options| order(name, brand, options, Yard::LeanFunction)),
    ("hot-batch", |name, brand, options| reserve(name, brand, options, Yard::Sixteen)),
    ("order-sourced", order_sourced),
    ("order-priced", priced::order_priced),
    ("wal", extremes::wal),
    ("sold-out", extremes::sold_out),
    ("half-load", |name, brand, options| overload(name, brand, options, 0.5)),
    ("overload", |name, brand, options| overload(name, brand, options, 2.0)),
    ("drop", extremes::drop),
    ("drop-sourced", extremes::drop_sourced),
    ("growth", extremes::growth),
    ("footprint", extremes::footprint),
    ("flat", extremes::flat),
    ("import", import::import),
    ("search", search::search),
    ("search-fresh", search::search_fresh),
];

pub const CONNECTIONS: usize = 256;

pub fn post(path: &str, token: &str, run: &str, number: u64, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\nidempotency-key: {run}-{number}\r\ncontent-length: {}\r\n\r\n{body}",
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

/// Orders of two lines at a place that has them.
pub fn ordering(brand: &Brand, token: &str) -> impl Fn(u64) -> Vec<u8> + 'static {
    ordering_at(brand, token, |pair| format!(r#""location_id":"{}","#, pair.location))
}

/// The same orders without a place, as a web shop sends them.
pub fn ordering_anywhere(brand: &Brand, token: &str) -> impl Fn(u64) -> Vec<u8> + 'static {
    ordering_at(brand, token, |_| String::new())
}

/// The head of every order: its channel, currency and address.
const HEAD: &str = r#""channel":"web","currency":"EUR","customer":{"address":{"line1":"1 Rue de la Paix","city":"Paris",
    "country":"FR"}}"#;

fn ordering_at(brand: &Brand, token: &str, at: impl Fn(&Pair) -> String) -> impl Fn(u64) -> Vec<u8> + 'static {
    let body = |pair: &Pair| {
        format!(
            r#"{{{HEAD},{}"lines":[{{"sku":"{}","quantity":1}},{{"sku":"{}","quantity":1}}]}}"#,
            at(pair),
            pair.skus[0],
            pair.skus[1]
        )
    };
    let bodies: Vec<_> = brand.pairs.iter().map(body).collect();
    let (token, run) = (token.to_owned(), fresh());
    move |number| post("/v1/orders", &token, &run, number, &bodies[(number as usize * 7919) % bodies.len()])
}

/// Orders of one unit, at a place or without one.
pub fn ordering_one(location: Option<&str>, token: &str, skus: &[String]) -> impl Fn(u64) -> Vec<u8> + 'static {
    let at = location.map(|location| format!(r#""location_id":"{location}","#)).unwrap_or_default();
    let body = |sku: &String| format!(r#"{{{HEAD},{at}"lines":[{{"sku":"{sku}","quantity":1}}]}}"#);
    let bodies: Vec<_> = skus.iter().map(body).collect();
    let (token, run) = (token.to_owned(), fresh());
    move |number| post("/v1/orders", &token, &run, number, &bodies[number as usize % bodies.len()])
}

pub fn addresses(servers: &[Server]) -> Vec<SocketAddr> {
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
    reserve(name, brand, options, Yard::RowLock)
}

fn reserve(name: &'static str, brand: &Brand, options: &Options, yard: Yard) -> Row {
    let servers = [Server::start(brand)];
    let token = servers[0].token();
    let load = |time| closed(&addresses(&servers), CONNECTIONS, time, reserving(brand, &token));
    load(Duration::from_secs(2));
    against(name, brand, options, yard, &servers, || load(options.time))
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

/// Orders without a location, in turns with orders that name theirs.
fn order_sourced(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    let sourced = |time| closed(&at, CONNECTIONS, time, ordering_anywhere(brand, &token));
    let located = |time| closed(&at, CONNECTIONS, time, ordering(brand, &token));
    let usual = located(Duration::from_secs(3)).rate();
    // A server that has just started is still reading its index of what is available.
    let is_warm = |_: &i32| sourced(Duration::from_secs(1)).rate() > usual / 2.0;
    let waited = (0..30).find(is_warm);
    eprintln!("  {usual:.0}/s with a location; the index was read after {waited:?} s");
    let (mut row, mut rates) =
        (Row { workload: name, yardstick: "order, in turns", ..Row::default() }, (vec![], vec![]));
    let mut refused = 0;
    for _ in 0..options.rounds {
        let cpu = Cpu::start(&[servers[0].id()]);
        let mut outcome = sourced(options.time);
        row.cpu = cpu.stop();
        assert_eq!(outcome.failed, 0, "{name}: some requests failed");
        refused += outcome.refused;
        rates.0.push(outcome.rate());
        (row.p50, row.p99) = (outcome.quantile(0.5), outcome.quantile(0.99));
        rates.1.push(located(options.time).rate());
    }
    row.ratios = rates.0.iter().zip(&rates.1).map(|(ours, theirs)| ours / theirs).collect();
    (row.rate, row.yardstick_rate) = (middle(&rates.0), middle(&rates.1));
    let places = brand.count("select count(*) from locations");
    (row.audit, row.note) = (brand.audit(), format!("{places} locations, {refused} refused"));
    row
}

/// Arrivals that do not wait for answers, at a part or a multiple of the peak measured right before.
fn overload(name: &'static str, brand: &Brand, options: &Options, times: f64) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    closed(&at, CONNECTIONS, Duration::from_secs(2), ordering(brand, &token));
    let mut rounds = vec![];
    let (mut shed, mut failed) = (0, 0);
    for _ in 0..options.rounds {
        let peak = closed(&at, CONNECTIONS, options.time, ordering(brand, &token)).rate();
        let mut outcome = open(&at, peak * times, options.time * 2, ordering(brand, &token));
        (shed, failed) = (shed + outcome.shed, failed + outcome.failed);
        rounds.push((outcome.rate(), peak, outcome.quantile(0.5), outcome.quantile(0.99)));
    }
    let of = |part: fn(&(f64, f64, f64, f64)) -> f64| rounds.iter().map(part).collect::<Vec<_>>();
    let p99: Vec<_> = of(|round| round.3.round());
    Row {
        workload: name,
        rate: middle(&of(|round| round.0)),
        p50: middle(&of(|round| round.2)),
        p99: middle(&of(|round| round.3)),
        yardstick: "its own peak",
        yardstick_rate: middle(&of(|round| round.1)),
        ratios: of(|round| round.0 / round.1),
        audit: brand.audit(),
        note: format!("{times} of the peak offered, {shed} shed, {failed} failed; p99 of each round {p99:?}"),
        ..Row::default()
    }
}

//! The search among 25,000 more products, at 16 clients, in turns with the reading of single products.
use crate::{
    Options,
    brand::{Brand, run, texts},
    client::closed,
    report::{Cpu, Row, middle},
    server::Server,
    work::addresses,
};
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
const WORDS: &[&str] = &[
    "velvet", "silk", "golden", "midnight", "radiant", "royal", "crystal", "amber", "ocean", "secret", "lunar",
    "vintage", "rose", "peony", "jasmine", "orchid", "iris", "lotus", "cedar", "santal", "vanilla", "honey", "argan",
    "ginger",
];
const NOUNS: &[&str] = &[
    "lipstick",
    "foundation",
    "mascara",
    "serum",
    "cleanser",
    "shampoo",
    "perfume",
    "concealer",
    "sunscreen",
    "toner",
];
/// Each with one letter wrong.
const WRONG: &[&str] = &["lipstik", "fundation", "masacra", "serun", "shampo0", "perfime", "cnocealer", "sunscren"];

/// The search that a client asks for: of ten, five by two words, two by one, one without words, one with a typing
/// error and one while someone types.
fn path(number: u64) -> String {
    let n = number as usize;
    let (word, noun) = (WORDS[n % WORDS.len()], NOUNS[(n / 3) % NOUNS.len()]);
    let usual = "currency=EUR&limit=20";
    match n % 10 {
        0..=4 => format!("/v1/search/products?{usual}&q={word}+{noun}"),
        5 => format!("/v1/search/products?{usual}&q={word}&shade_family=red,pink&sort=price"),
        6 => format!("/v1/search/products?{usual}&q={noun}&price_max_minor=5000"),
        7 => format!("/v1/search/products?{usual}&category=skincare&size=50+ml&sort=newest"),
        8 => format!("/v1/search/products?{usual}&q={}+{word}", WRONG[(n / 10) % WRONG.len()]),
        _ => format!("/v1/search/suggestions?q={}", &word[..3]),
    }
}

/// The same with a limit or a word that no one has asked for before, so that no result is remembered.
fn fresh_path(number: u64) -> String {
    let limit = 5_000 + number;
    match number % 10 {
        5 | 8 => format!("/v1/search/products?currency=EUR&q={}+{}", WORDS[number as usize % WORDS.len()], number),
        9 => path(number),
        _ => format!("{}&price_max_minor={limit}", path(number).replace("&price_max_minor=5000", "")),
    }
}

fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\n\r\n").into_bytes()
}

pub fn search(name: &'static str, brand: &Brand, options: &Options) -> Row {
    measured(name, brand, options, path)
}

/// Searches of which none is remembered.
pub fn search_fresh(name: &'static str, brand: &Brand, options: &Options) -> Row {
    measured(name, brand, options, fresh_path)
}

fn measured(name: &'static str, brand: &Brand, options: &Options, path: fn(u64) -> String) -> Row {
    if brand.count("select count(*) from products where slug like 'bench-%'") == 0 {
        run(&brand.url("shop"), include_str!("products.sql"));
        run(&brand.url("shop"), "analyze");
    }
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    let began = Instant::now();
    while brand.count("select count(*) from stale_documents") > 0 {
        std::thread::sleep(Duration::from_millis(50));
    }
    let written_in = began.elapsed();
    let products = brand.count("select count(*) from product_documents");
    let ids = texts(&brand.url("shop"), "select id::text as text from products limit 500");
    let searching = |time| {
        let token = token.clone();
        // Rounds go on with other numbers.
        let first = NEXT.fetch_add(1_000_000, std::sync::atomic::Ordering::Relaxed);
        closed(&at, CLIENTS, time, move |number| get(&path(first + number), &token))
    };
    let reading = |time| {
        let (token, ids) = (token.clone(), ids.clone());
        closed(&at, CLIENTS, time, move |n| get(&format!("/v1/products/{}", ids[n as usize % ids.len()]), &token))
    };
    searching(Duration::from_secs(2));
    let mut row = Row { workload: name, yardstick: "one product by id, in turns", ..Row::default() };
    let (mut ours, mut theirs, mut late) = (vec![], vec![], vec![]);
    for _ in 0..options.rounds {
        let cpu = Cpu::start(&[servers[0].id()]);
        let mut outcome = searching(options.time);
        row.cpu = cpu.stop();
        assert_eq!(outcome.failed + outcome.refused + outcome.shed, 0, "{name}: some requests failed");
        ours.push(outcome.rate());
        row.p50 = outcome.quantile(0.5);
        late.push(outcome.quantile(0.99));
        theirs.push(reading(options.time).rate());
    }
    row.p99 = middle(&late);
    row.ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect();
    (row.rate, row.yardstick_rate) = (middle(&ours), middle(&theirs));
    row.note = format!(
        "{products} products, {CLIENTS} clients, documents written in {:.1} s; p99 of each round {late:?}",
        written_in.as_secs_f64()
    );
    row.audit = brand.audit();
    row
}

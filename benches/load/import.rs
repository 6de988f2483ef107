//! Files of 25,000 variants with their prices and translations, imported while sales go on. The ratio compares the
//! sales meanwhile with those before.
use crate::{
    Options,
    brand::Brand,
    client::{once, open},
    report::{Cpu, Row, middle},
    server::Server,
    work::{addresses, ordering},
};
use std::{
    fmt::Write,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

/// Orders a second that come in meanwhile, whether earlier ones are answered or not.
const SALES: f64 = 200.0;
const PRODUCTS: usize = 6_250;
const VARIANTS: usize = 4;
const SHADES: [&str; VARIANTS] = ["Rouge", "Rose", "Nude", "Prune"];

/// Products of four variants, a price of each in four channels, and each product's texts in two languages.
fn files(round: usize) -> [(&'static str, String); 3] {
    let mut products = String::from("product,name,category,inci,sku,shade,size,weight_grams\n");
    let mut prices = String::from("sku,channel,currency,amount_minor\n");
    let mut texts = String::from("product,language,name,description\n");
    for product in 0..PRODUCTS {
        let slug = format!("file-{round}-{product}");
        for (n, shade) in SHADES.iter().enumerate() {
            let sku = format!("FILE-{round}-{product}-{n}");
            writeln!(products, "{slug},Velvet {product},cosmetics,\"Aqua, CI 15850\",{sku},{shade},3 g,20").unwrap();
            for channel in ["web", "mobile", "pos", "marketplace"] {
                writeln!(prices, "{sku},{channel},EUR,{}", 1_000 + product % 500).unwrap();
            }
        }
        writeln!(texts, "{slug},fr,Velours {product},Un rouge mat.\n{slug},de,Samt {product},Ein mattes Rot.").unwrap();
    }
    [("products", products), ("prices", prices), ("translations", texts)]
}

/// Imports a file, and gives the seconds that it took.
fn imported(at: SocketAddr, token: &str, (kind, file): (&str, &str), changes: u64) -> f64 {
    let began = Instant::now();
    let head = format!(
        "POST /v1/imports?kind={kind} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\ncontent-type: \
         text/csv\r\nidempotency-key: {}\r\ncontent-length: {}\r\n\r\n{file}",
        uuid::Uuid::now_v7(),
        file.len()
    );
    let (status, body) = once(at, head.as_bytes()).expect("no answer");
    assert_eq!(status, 202, "{body}");
    let made: serde_json::Value = serde_json::from_str(&body).unwrap();
    let path = format!("/v1/imports/{}", made["id"].as_str().unwrap());
    loop {
        std::thread::sleep(Duration::from_millis(100));
        let ask = format!("GET {path} HTTP/1.1\r\nhost: b\r\nauthorization: Bearer {token}\r\n\r\n");
        let Some((200, body)) = once(at, ask.as_bytes()) else { continue };
        let import: serde_json::Value = serde_json::from_str(&body).unwrap();
        if import["status"] == "finished" {
            assert_eq!((import["done"].as_u64(), import["failed"].as_u64()), (Some(changes), Some(0)), "{import}");
            return began.elapsed().as_secs_f64();
        }
        assert!(began.elapsed() < Duration::from_secs(600), "the import does not end: {import}");
    }
}

/// Imports the files while tills sell, and once more, when nothing is left to be done.
pub fn import(name: &'static str, brand: &Brand, options: &Options) -> Row {
    let servers = [Server::start(brand)];
    let (token, at) = (servers[0].token(), addresses(&servers));
    open(&at, SALES, Duration::from_secs(3), ordering(brand, &token));
    let mut alone = open(&at, SALES, options.time, ordering(brand, &token));
    let (files, is_over) = (files(0), AtomicBool::new(false));
    let cpu = Cpu::start(&[servers[0].id()]);
    let (seconds, mut sales) = std::thread::scope(|scope| {
        let selling = scope.spawn(|| {
            let mut turns = vec![];
            while !is_over.load(Ordering::Relaxed) {
                turns.push(open(&at, SALES, Duration::from_secs(2), ordering(brand, &token)));
            }
            turns
        });
        let counts = [PRODUCTS * VARIANTS, PRODUCTS * VARIANTS * 4, PRODUCTS * 2];
        let seconds: Vec<_> = files
            .iter()
            .zip(counts)
            .map(|((kind, file), rows)| imported(at[0], &token, (kind, file), rows as u64))
            .collect();
        is_over.store(true, Ordering::Relaxed);
        (seconds, selling.join().unwrap())
    });
    let used = cpu.stop();
    assert!(sales.iter().all(|turn| turn.failed == 0), "some sales failed");
    let again: f64 = files.iter().map(|(kind, file)| imported(at[0], &token, (kind, file), 0)).sum();
    let total: f64 = seconds.iter().sum();
    let rates: Vec<_> = sales.iter().map(crate::client::Outcome::rate).collect();
    let slowest = sales.iter_mut().map(|turn| turn.quantile(0.99)).fold(0.0, f64::max);
    Row {
        workload: name,
        rate: (PRODUCTS * VARIANTS) as f64 / total,
        p50: middle(&sales.iter_mut().map(|turn| turn.quantile(0.5)).collect::<Vec<_>>()),
        p99: slowest,
        yardstick: "sales without an import",
        yardstick_rate: alone.rate(),
        ratios: rates.iter().map(|rate| rate / alone.rate()).collect(),
        cpu: used,
        audit: brand.audit(),
        note: format!(
            "25,000 variants in {:.1} s, 100,000 prices in {:.1} s, 12,500 translations in {:.1} s; {:.0} sales /s \
             meanwhile (p99 without an import {:.1} ms); again, all skipped, in {again:.1} s",
            seconds[0],
            seconds[1],
            seconds[2],
            middle(&rates),
            alone.quantile(0.99)
        ),
    }
}

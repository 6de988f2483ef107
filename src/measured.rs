//! The pure decisions, set up with plain numbers, for `benches/rules.rs` to time.
use crate::{
    inventory::{Demand, measured},
    kernel::{Cursor, Quantity, Sku, VariantId},
    platform::http::request::body,
};

/// A decision that can be made again and again; the number keeps it from being optimised away.
pub type Decision = Box<dyn Fn() -> usize>;

/// Every timed decision, by name.
pub fn decisions() -> Vec<(&'static str, Decision)> {
    vec![
        ("hold 2 lines", hold(2)),
        ("hold 50 lines", hold(50)),
        ("sum a demand of 50 lines", demand(50)),
        ("parse an order body of 2 lines", parse(2)),
        ("write and read a cursor", Box::new(cursor)),
    ]
}

fn variant(n: u128) -> VariantId {
    VariantId(uuid::Uuid::from_u128(n))
}

fn wanted(lines: u128) -> Demand {
    let mut demand = Demand::default();
    for n in 0..lines {
        let _ = demand.add(variant(n), 2);
    }
    demand
}

fn demand(lines: u128) -> Decision {
    Box::new(move || wanted(lines).iter().count())
}

fn hold(lines: u128) -> Decision {
    let case = measured(&(0..lines).map(variant).collect::<Vec<_>>(), wanted(lines));
    Box::new(case)
}

fn parse(lines: usize) -> Decision {
    let line = r#"{"sku":"MC-00001","quantity":2}"#;
    let json = format!(r#"{{"lines":[{}]}}"#, vec![line; lines].join(","));
    Box::new(move || body::parse::<Lines>(json.as_bytes()).map_or(0, |body| body.lines.len()))
}

#[derive(serde::Deserialize)]
struct Lines {
    lines: Vec<Line>,
}

#[derive(serde::Deserialize)]
#[expect(dead_code, reason = "only parsed")]
struct Line {
    sku: Sku,
    quantity: Quantity,
}

fn cursor() -> usize {
    let text = Cursor::write("orders", &(1_764_000_000i64, variant(7))).unwrap_or_else(|error| error.to_string());
    Cursor::read::<(i64, VariantId)>("orders", &text).map_or(0, |_| text.len())
}

//! Random actions, by a seed that a failing run tells.
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// Variants: two without lots, one whose goods come in lots.
pub const SKUS: [&str; 3] = ["PLAIN-1", "PLAIN-2", "LOTTED"];
pub const PLACES: usize = 3;

/// The actions of someone, from the first step to its last.
#[derive(Debug, Clone)]
pub enum Operation {
    Adjust { at: usize, sku: usize, units: i64, is_damage: bool },
    Hold { at: usize, sku: usize, units: i64, is_released: bool },
    Sell { at: usize, sku: usize, units: i64, end: End },
    Move { from: usize, to: usize, sku: usize, units: i64, came: [i64; 3] },
    Buy { at: usize, sku: usize, units: i64, rejected: i64, lot: usize },
    Count { at: usize, sku: usize, off: i64 },
    Judge { lot: usize, verdict: &'static str },
}

/// The end of an order.
#[derive(Debug, Clone, Copy)]
pub enum End {
    Left,
    Paid,
    Shipped,
    Canceled,
    PaidAndCanceled,
}

fn operation() -> impl Strategy<Value = Operation> {
    let (at, sku, units) = (0..PLACES, 0..SKUS.len(), 1..9i64);
    let end = prop_oneof![
        Just(End::Left),
        Just(End::Paid),
        Just(End::Shipped),
        Just(End::Canceled),
        Just(End::PaidAndCanceled)
    ];
    prop_oneof![
        3 => (at.clone(), 0..2usize, -6..9i64, any::<bool>()).prop_filter("none", |op| op.2 != 0)
            .prop_map(|(at, sku, units, is_damage)| Operation::Adjust { at, sku, units, is_damage }),
        3 => (at.clone(), sku.clone(), units.clone(), any::<bool>())
            .prop_map(|(at, sku, units, is_released)| Operation::Hold { at, sku, units, is_released }),
        6 => (at.clone(), sku.clone(), units.clone(), end)
            .prop_map(|(at, sku, units, end)| Operation::Sell { at, sku, units, end }),
        4 => (at.clone(), at.clone(), sku.clone(), units.clone(), [0..6i64, 0..3i64, 0..3i64])
            .prop_map(|(from, to, sku, units, came)| Operation::Move { from, to, sku, units, came }),
        4 => (at.clone(), sku.clone(), 1..20i64, 0..3i64, 0..3usize)
            .prop_map(|(at, sku, units, rejected, lot)| Operation::Buy { at, sku, units, rejected, lot }),
        1 => (at, 0..2usize, -2..3i64).prop_map(|(at, sku, off)| Operation::Count { at, sku, off }),
        2 => (0..3usize, prop_oneof![8 => Just("quarantine"), 8 => Just("release"), 1 => Just("recall")])
            .prop_map(|(lot, verdict)| Operation::Judge { lot, verdict }),
    ]
}

/// So many operations, and the seed they come from.
#[allow(clippy::disallowed_methods, reason = "a run that failed is played again by its seed")]
pub fn operations(count: usize) -> (Vec<Operation>, String) {
    let seed = std::env::var("COFFRET_SEED").unwrap_or_else(|_| uuid::Uuid::new_v4().simple().to_string());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, seed.as_bytes().first_chunk::<32>().unwrap());
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let all = prop::collection::vec(operation(), count).new_tree(&mut runner).unwrap().current();
    (all, seed)
}

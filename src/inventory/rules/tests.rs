//! Properties of the stock rules.
use super::*;
use crate::inventory::model::Demand;
use proptest::prelude::*;

fn level(variant: VariantId, on_hand: i32, reserved: i32, safety_stock: i32) -> Level {
    let location = LocationId(uuid::Uuid::nil());
    Level { on_hand, reserved, safety_stock, version: 1, ..Level::empty(location, variant) }
}

fn variant(n: u8) -> VariantId {
    VariantId(uuid::Uuid::from_u128(u128::from(n)))
}

#[test]
fn two_lines_of_one_variant_are_one_demand() {
    let mut demand = Demand::default();
    demand.add(variant(1), 6).unwrap();
    demand.add(variant(1), 6).unwrap();
    let shorts =
        hold(LocationId(uuid::Uuid::nil()), &[level(variant(1), 10, 0, 0)], &demand, Mutant::None).unwrap_err();
    assert_eq!(shorts, [Short { variant: variant(1), wanted: 12, available: 10 }]);
}

#[test]
fn what_is_promised_cannot_be_adjusted_away() {
    let refusal = adjust(&level(variant(1), 10, 8, 0), State::OnHand, -3, Reason::Count).unwrap_err();
    assert_eq!(refusal.code(), Code::BelowPromised);
    let refusal = adjust(&level(variant(1), 10, 8, 0), State::Damaged, 3, Reason::Damage).unwrap_err();
    assert_eq!(refusal.code(), Code::BelowPromised);
    let refusal = adjust(&level(variant(1), 2, 0, 0), State::OnHand, -3, Reason::Count).unwrap_err();
    assert_eq!(refusal.code(), Code::NegativeStock);
}

#[test]
fn extreme_numbers_are_refused_not_wrapped() {
    let full = level(variant(1), i32::MAX, 0, 0);
    assert_eq!(adjust(&full, State::OnHand, 1, Reason::Found).unwrap_err().code(), Code::QuantityOverflow);
    assert_eq!(
        adjust(&level(variant(1), 0, 0, 0), State::OnHand, i32::MIN, Reason::Count).unwrap_err().code(),
        Code::NegativeStock
    );
    let mut demand = Demand::default();
    demand.add(variant(1), 1_000_000_000).unwrap();
    assert_eq!(demand.add(variant(1), 1).unwrap_err().code(), Code::QuantityOverflow);
}

proptest! {
    #[test]
    fn a_hold_is_whole_or_nothing_and_never_beyond_what_is_available(
        stock in prop::collection::vec((0..50i32, 0..20i32, 0..5i32), 1..6),
        lines in prop::collection::vec((0..6u8, 1..30i32), 1..10),
    ) {
        let levels: Vec<_> = (0u8..).zip(&stock).map(|(n, &(free, reserved, safety))| level(variant(n), free + reserved + safety, reserved, safety)).collect();
        let mut demand = Demand::default();
        for (n, units) in &lines {
            demand.add(variant(*n), *units).unwrap();
        }
        match hold(LocationId(uuid::Uuid::nil()), &levels, &demand, Mutant::None) {
            Ok(deltas) => for (variant, units) in demand.iter() {
                let delta = deltas.iter().find(|d| d.variant == variant).unwrap();
                let level = levels.iter().find(|l| l.variant_id == variant).unwrap();
                prop_assert_eq!(delta.reserved, units);
                prop_assert!(level.available() >= units);
            },
            Err(shorts) => {
                prop_assert!(!shorts.is_empty());
                for short in shorts {
                    prop_assert!(short.available < short.wanted);
                }
            }
        }
    }

    #[test]
    fn an_adjustment_moves_exactly_its_units_and_keeps_the_level_legal(
        free in 0..100i32, reserved in 0..50i32, damaged in 0..20i32, units in -120..120i32, is_damage: bool,
    ) {
        let mut before = level(variant(1), free + reserved + damaged, reserved, 0);
        before.damaged = damaged;
        let state = if is_damage { State::Damaged } else { State::OnHand };
        if let Ok(done) = adjust(&before, state, units, Reason::Count) {
            let after = Level { on_hand: before.on_hand + done.delta.on_hand, damaged: before.damaged + done.delta.damaged, ..before };
            prop_assert!(after.available() >= 0 && after.damaged >= 0 && after.on_hand >= 0);
            prop_assert_eq!(done.units, units.abs());
            prop_assert_ne!(done.from, done.to);
        }
    }
}

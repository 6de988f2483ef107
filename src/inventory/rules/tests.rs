//! Properties of the stock rules.
use super::*;
use crate::inventory::{
    model::{Demand, Node},
    movement::{self, Guard},
    stock::post_movements::single,
    store::counters::Counters,
};
use proptest::prelude::*;

fn level(variant: VariantId, on_hand: i32, reserved: i32, safety_stock: i32) -> Level {
    let location = LocationId(uuid::Uuid::nil());
    let counters = Counters { on_hand, reserved, ..Counters::default() };
    Level { counters, safety_stock, version: 1, ..Level::empty(location, variant) }
}

fn offered(level: Level) -> Offered {
    Offered { level, withheld: 0 }
}

fn variant(n: u8) -> VariantId {
    VariantId(uuid::Uuid::from_u128(u128::from(n)))
}

#[test]
fn two_lines_of_one_variant_are_one_demand() {
    let mut demand = Demand::default();
    demand.add(variant(1), 6).unwrap();
    demand.add(variant(1), 6).unwrap();
    let shorts = hold(LocationId(uuid::Uuid::nil()), &[offered(level(variant(1), 10, 0, 0))], &demand, Mutant::None)
        .unwrap_err();
    assert_eq!(shorts, [Short { variant: variant(1), wanted: 12, available: 10 }]);
}

fn reason(direction: Direction) -> Reason {
    let (created_at, updated_at) = (chrono::DateTime::UNIX_EPOCH, chrono::DateTime::UNIX_EPOCH);
    let (code, name) = ("count".to_owned(), "Count".to_owned());
    Reason { code, name, direction, node: Node::Adjust, is_active: true, version: 1, created_at, updated_at }
}

/// The level after an adjustment.
fn adjusted(level: &Level, state: State, units: i32, guard: Guard) -> Result<Level> {
    let level_key = (level.location_id, level.variant_id);
    let carry = adjust(level_key, None, state, units, &reason(Direction::Both))?;
    let deltas = single(carry, guard).deltas()?;
    movement::carried(level, deltas.get(&level_key).unwrap(), guard)
}

#[test]
fn what_is_promised_cannot_be_adjusted_away() {
    let refusal = adjusted(&level(variant(1), 10, 8, 0), State::OnHand, -3, Guard::Keep).unwrap_err();
    assert_eq!(refusal.code(), Code::BelowPromised);
    let refusal = adjusted(&level(variant(1), 10, 8, 0), State::Damaged, 3, Guard::Keep).unwrap_err();
    assert_eq!(refusal.code(), Code::BelowPromised);
    let refusal = adjusted(&level(variant(1), 2, 0, 0), State::OnHand, -3, Guard::Keep).unwrap_err();
    assert_eq!(refusal.code(), Code::NegativeStock);
}

#[test]
fn a_reason_goes_its_way_only() {
    let level_key = (LocationId(uuid::Uuid::nil()), variant(1));
    let wrong = [(Direction::In, -1), (Direction::Out, 1), (Direction::Both, 0)];
    for (direction, units) in wrong {
        let refusal = adjust(level_key, None, State::OnHand, units, &reason(direction)).unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidBody, "{direction} {units}");
    }
    adjust(level_key, None, State::Damaged, 1, &reason(Direction::Out)).unwrap();
}

#[test]
fn what_is_withdrawn_from_under_a_promise_is_uncovered_until_the_promise_ends_or_goods_come() {
    let before = level(variant(1), 10, 8, 0);
    let short = adjusted(&before, State::QualityHold, 7, Guard::Withdraw).unwrap();
    assert_eq!((short.available(), short.uncovered, short.sellable()), (-5, 5, 3));
    assert_eq!(adjusted(&short, State::Damaged, 1, Guard::Keep).unwrap_err().code(), Code::BelowPromised);
    let mut given_up = short;
    given_up.add(&Delta::of((short.location_id, short.variant_id), Counters { reserved: -2, ..Counters::default() }));
    assert_eq!(given_up.uncovered, 3);
    let found = adjusted(&short, State::OnHand, 20, Guard::Keep).unwrap();
    assert_eq!((found.available(), found.uncovered), (15, 0));
    let again = adjusted(&found, State::OnHand, -16, Guard::Keep).unwrap_err();
    assert_eq!(again.code(), Code::BelowPromised);
}

#[test]
fn extreme_numbers_are_refused_not_wrapped() {
    let full = level(variant(1), i32::MAX, 0, 0);
    assert_eq!(adjusted(&full, State::OnHand, 1, Guard::Keep).unwrap_err().code(), Code::QuantityOverflow);
    assert_eq!(
        adjusted(&level(variant(1), 0, 0, 0), State::OnHand, i32::MIN, Guard::Keep).unwrap_err().code(),
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
        let levels: Vec<_> = (0u8..)
            .zip(&stock)
            .map(|(n, &(free, reserved, safety))| level(variant(n), free + reserved + safety, reserved, safety))
            .collect();
        let mut demand = Demand::default();
        for (n, units) in &lines {
            demand.add(variant(*n), *units).unwrap();
        }
        let offers: Vec<_> = levels.iter().copied().map(offered).collect();
        match hold(LocationId(uuid::Uuid::nil()), &offers, &demand, Mutant::None) {
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
        for guard in [Guard::Keep, Guard::Withdraw] {
            let Ok(after) = adjusted(&before, state, units, guard) else { continue };
            prop_assert!(after.available() >= -after.uncovered && after.damaged >= 0 && after.sellable() >= 0);
            prop_assert!(guard == Guard::Withdraw || after.uncovered == 0);
            let moved = if is_damage { after.damaged - before.damaged } else { after.on_hand - before.on_hand };
            prop_assert_eq!(moved, units);
            prop_assert_eq!(after.on_hand - before.on_hand, if is_damage { 0 } else { units });
        }
    }
}

//! Locations are found by what is remembered of levels, whatever the order in which it was learned.
use super::{Seen, memory::Memory};
use crate::{
    inventory::{
        index::{locations::PlaceTable, store::Reach},
        locations::Location,
        model::{Demand, LocationKind},
    },
    kernel::{LocationId, VariantId},
};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

fn now() -> DateTime<Utc> {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

fn day(of: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, of).unwrap()
}

fn place(priority: i32) -> Location {
    Location {
        id: LocationId::new(),
        code: format!("P{priority}"),
        name: format!("P{priority}"),
        kind: LocationKind::Store,
        priority,
        country: "FR".into(),
        time_zone: "Europe/Paris".into(),
        version: 1,
        created_at: now(),
        updated_at: now(),
        latitude: None,
        longitude: None,
        ships_to: vec![],
        daily_orders: None,
        closed_at: None,
    }
}

fn reach(most: usize, good_for_days: i64) -> Reach {
    let country = Some("FR".into());
    Reach { at: None, except: vec![], buffer: 0, country, most, good_for_days, now: now(), by_tables: false }
}

fn seen(location: LocationId, variant: VariantId, available: i32, version: i64) -> Seen {
    Seen { location, variant, available, backorder_limit: 0, dated: vec![], version }
}

#[test]
fn an_older_version_of_a_level_is_not_learned() {
    let (here, variant) = (place(1), VariantId::new());
    let mut memory = Memory::default();
    memory.put(seen(here.id, variant, 5, 3));
    memory.put(seen(here.id, variant, 9, 2));
    let locations = PlaceTable::of(vec![here.clone()]);
    let mut demand = Demand::default();
    demand.add(variant, 6).unwrap();
    assert!(memory.whole(&demand, &reach(8, 0), &locations, true).is_empty());
    memory.put(seen(here.id, variant, 9, 4));
    assert_eq!(memory.whole(&demand, &reach(8, 0), &locations, true), [here.id]);
}

#[test]
fn goods_that_expire_too_soon_and_units_on_their_way_are_not_counted() {
    let (first, second, variant) = (place(1), place(2), VariantId::new());
    let mut memory = Memory::default();
    memory.put(Seen { dated: vec![(day(20), 4)], ..seen(first.id, variant, 6, 1) });
    memory.put(seen(second.id, variant, 6, 1));
    let places = PlaceTable::of(vec![second.clone(), first.clone()]);
    let mut demand = Demand::default();
    demand.add(variant, 3).unwrap();
    assert_eq!(memory.whole(&demand, &reach(8, 0), &places, true), [first.id, second.id]);
    assert_eq!(memory.whole(&demand, &reach(8, 30), &places, true), [second.id], "good for 30 days are 2 of the first");
    memory.claim(second.id, &[(variant, 4)], 1);
    assert!(memory.whole(&demand, &reach(8, 30), &places, true).is_empty());
    assert_eq!(memory.together(&demand, &reach(8, 30), &places).locations, [first.id, second.id]);
    memory.claim(second.id, &[(variant, 4)], -1);
    assert_eq!(memory.whole(&demand, &reach(1, 0), &places, true), [first.id]);
}

#[test]
fn places_that_are_closed_full_or_send_elsewhere_are_passed_over() {
    let (closed, full, abroad, open) = (place(1), place(2), place(3), place(4));
    let variant = VariantId::new();
    let mut memory = Memory::default();
    for location in [&closed, &full, &abroad, &open] {
        memory.put(seen(location.id, variant, 6, 1));
    }
    memory.note_full(full.id);
    let closed = Location { closed_at: Some(now()), ..closed };
    let abroad = Location { ships_to: vec!["DE".into()], ..abroad };
    let locations = PlaceTable::of(vec![closed, full, abroad, open.clone()]);
    let mut demand = Demand::default();
    demand.add(variant, 1).unwrap();
    assert_eq!(memory.whole(&demand, &reach(8, 0), &locations, true), [open.id]);
}

proptest! {
    #[test]
    fn the_places_found_are_those_that_have_everything_by_priority(
        units in prop::collection::vec(prop::collection::vec(-3_i32..8, 3), 1..9),
        wanted in prop::collection::vec(1_i32..6, 1..=3), most in 1_usize..9,
    ) {
        let locations: Vec<_> = (0..units.len()).map(|n| place(i32::try_from(n).unwrap())).collect();
        let variants: Vec<_> = (0..3).map(|_| VariantId::new()).collect();
        let mut memory = Memory::default();
        for (location, units) in locations.iter().zip(&units) {
            for (variant, units) in variants.iter().zip(units) {
                memory.put(seen(location.id, *variant, *units, 1));
            }
        }
        let mut demand = Demand::default();
        for (variant, units) in variants.iter().zip(&wanted) {
            demand.add(*variant, *units).unwrap();
        }
        let has_all = |here: &Vec<i32>| wanted.iter().zip(here).all(|(wanted, here)| here >= wanted);
        let expected: Vec<_> =
            locations.iter().zip(&units).filter(|(_, here)| has_all(here)).map(|(one, _)| one.id).take(most).collect();
        let table = PlaceTable::of(locations);
        prop_assert_eq!(memory.whole(&demand, &reach(most, 0), &table, true), expected);
        let together = memory.together(&demand, &reach(8, 0), &table);
        let sum = |line: usize| units.iter().map(|here| here[line].max(0).min(wanted[line])).sum::<i32>();
        let is_there = (0..wanted.len()).all(|line| sum(line) >= wanted[line]);
        prop_assert_eq!(together.is_enough, is_there);
    }
}

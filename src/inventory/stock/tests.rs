//! A batch decided in memory is the same as its requests decided one by one, each wholly or not at all.
use super::{
    change::{NewReservation, SkuNames},
    working_set::Stock,
};
use crate::{
    inventory::{
        levels::store::{DatedLevel, Level},
        model::{Demand, ReservationStatus},
        store::counters::Counters,
    },
    kernel::{Code, LocationId, PrincipalId, VariantId},
    platform::events::Outbox,
};
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

const HERE: LocationId = LocationId(Uuid::nil());

fn variant(n: u8) -> VariantId {
    VariantId(Uuid::from_u128(u128::from(n)))
}

fn stock_of(units: &[i32]) -> Stock {
    let mut stock = Stock::default();
    let counters = |on_hand| Counters { on_hand, ..Counters::default() };
    let level = |(n, on_hand): (u8, &i32)| Level { counters: counters(*on_hand), ..Level::empty(HERE, variant(n)) };
    stock.keep((0..).zip(units).map(level).map(DatedLevel::from).collect()).unwrap();
    stock
}

fn hold_of(lines: &[(u8, i32)]) -> Option<NewReservation> {
    let mut demand = Demand::default();
    for (n, units) in lines {
        demand.add(variant(*n), *units).ok()?;
    }
    let (names, principal) = (SkuNames::from([]), PrincipalId(Uuid::nil()));
    let expires_at = DateTime::UNIX_EPOCH;
    Some(NewReservation {
        location: HERE,
        demand,
        names,
        good_for_days: 0,
        reference: None,
        order: None,
        principal,
        expires_at,
    })
}

proptest! {
    #[test]
    fn a_batch_is_its_requests_one_by_one(
        units in prop::collection::vec(prop_oneof![0..20i32, Just(i32::MAX)], 3),
        asked in prop::collection::vec(
            prop::collection::vec((0..4u8, prop_oneof![1..9i32, Just(i32::MAX)]), 1..4), 0..40,
        ),
        returned in prop::collection::vec(any::<bool>(), 40),
    ) {
        let (mut stock, mut outbox, mut left) = (stock_of(&units), Outbox::default(), units.clone());
        let mut versions = [0i64; 3];
        for (lines, is_returned) in asked.iter().zip(returned) {
            let Some(new) = hold_of(lines) else { continue };
            let number = |id: VariantId| usize::try_from(id.0.as_u128()).unwrap();
            let sums: Vec<(usize, i32)> = new.demand.iter().map(|(id, n)| (number(id), n)).collect();
            let fits = sums.iter().all(|(at, n)| left.get(*at).is_some_and(|left| left >= n));
            let (before, told) = (stock.noted, outbox.count());
            match stock.hold(&new, &mut outbox, DateTime::UNIX_EPOCH).cloned() {
                Ok(held) => {
                    prop_assert!(fits, "{sums:?} of {left:?}");
                    for ((at, n), line) in sums.iter().zip(&held.lines) {
                        left[*at] -= n;
                        versions[*at] += 1;
                        prop_assert_eq!(line.level_version, versions[*at]);
                    }
                    if is_returned {
                        let id = held.reservation.id;
                        stock.give_back(id, ReservationStatus::Released, &mut outbox, DateTime::UNIX_EPOCH).unwrap();
                        let again = stock.give_back(id, ReservationStatus::Expired, &mut outbox, DateTime::UNIX_EPOCH);
                        prop_assert!(again.is_err());
                        for (at, n) in sums {
                            left[at] += n;
                            versions[at] += 1;
                        }
                    }
                }
                Err(error) => {
                    prop_assert!(!fits, "{sums:?} of {left:?} was refused");
                    prop_assert_eq!(error.code(), Code::OutOfStock);
                    prop_assert_eq!((stock.noted, outbox.count()), (before, told), "a refusal leaves no trace");
                }
            }
        }
        for (n, left) in (0..).zip(&left) {
            prop_assert_eq!(stock.level((HERE, variant(n))).unwrap().unwrap().available(), *left);
        }
    }
}

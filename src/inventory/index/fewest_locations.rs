//! The locations that together fill a demand which none fills alone: few of them, and those first by priority.
use crate::kernel::{LocationId, VariantId};
use std::{cmp::Reverse, collections::HashMap};

/// The most locations that fill one demand together.
pub const MOST_TOGETHER: usize = 64;

/// A location that has something of a demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Giver {
    pub location: LocationId,
    /// The units that it can give of each line of the demand, at most those that are wanted.
    pub gives: Vec<i32>,
}

/// Locations for a demand that none fills alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// By priority.
    pub locations: Vec<LocationId>,
    /// Those of them without which the others may not have all of it.
    pub needed: Vec<LocationId>,
    /// Together they have all of it.
    pub is_enough: bool,
    /// The units of each variant at all locations that may fill the demand, where they were counted.
    pub available: HashMap<VariantId, i64>,
}

/// Chooses among locations that stand by priority. Each step takes the location that gives most of what is still
/// missing, until nothing is missing; then those that give most fill up the number that is asked for. More are taken
/// where fewer do not have everything.
pub fn cover(wanted: &[i32], givers: &[Giver], most: usize) -> Sources {
    let mut missing = wanted.to_vec();
    let mut chosen: Vec<usize> = vec![];
    let units = |giver: &Giver, missing: &[i32]| -> i64 {
        giver.gives.iter().zip(missing).map(|(units, missing)| i64::from(*units.min(missing))).sum()
    };
    while chosen.len() < MOST_TOGETHER && missing.iter().any(|units| *units > 0) {
        let left = givers.iter().enumerate().filter(|(at, _)| !chosen.contains(at));
        let best = left.max_by_key(|(at, giver)| (units(giver, &missing), Reverse(*at)));
        let Some((at, giver)) = best.filter(|(_, giver)| units(giver, &missing) > 0) else { break };
        missing.iter_mut().zip(&giver.gives).for_each(|(missing, units)| *missing -= (*units).min(*missing));
        chosen.push(at);
    }
    let needed: Vec<_> = chosen.iter().filter_map(|at| givers.get(*at)).map(|giver| giver.location).collect();
    let mut others: Vec<_> = (0..givers.len()).filter(|at| !chosen.contains(at)).collect();
    others.sort_by_key(|at| Reverse(givers.get(*at).map_or(0, |giver| units(giver, wanted))));
    chosen.extend(others.into_iter().take(most.saturating_sub(needed.len())));
    chosen.sort_unstable();
    let locations = chosen.iter().filter_map(|at| givers.get(*at)).map(|giver| giver.location).collect();
    let is_enough = missing.iter().all(|units| *units <= 0);
    Sources { locations, needed, is_enough, available: HashMap::new() }
}

#[cfg(test)]
mod tests {
    use crate::inventory::index::fewest_locations::*;
    use proptest::prelude::*;

    fn givers(stock: &[Vec<i32>], wanted: &[i32]) -> Vec<Giver> {
        let capped = |here: &Vec<i32>| here.iter().zip(wanted).map(|(here, wanted)| (*here).min(*wanted)).collect();
        stock.iter().map(|here| Giver { location: LocationId::new(), gives: capped(here) }).collect()
    }

    #[test]
    fn the_only_location_that_has_a_rare_variant_is_among_the_eight() {
        let mut stock = vec![vec![100, 0]; 11];
        stock.push(vec![0, 1]);
        let givers = givers(&stock, &[1, 1]);
        let found = cover(&[1, 1], &givers, 8);
        assert!(found.is_enough && found.locations.contains(&givers[11].location));
        assert_eq!(found.needed, [givers[0].location, givers[11].location]);
        assert_eq!(found.locations.len(), 8);
    }

    #[test]
    fn more_than_are_asked_for_are_taken_where_fewer_do_not_suffice() {
        let givers = givers(&vec![vec![1]; 12], &[12]);
        assert_eq!(cover(&[12], &givers, 8).locations.len(), 12);
        assert!(!cover(&[13], &givers, 8).is_enough);
    }

    proptest! {
        #[test]
        fn whatever_all_locations_have_together_is_found(
            stock in prop::collection::vec(prop::collection::vec(0_i32..4, 3), 0..40),
            wanted in prop::collection::vec(1_i32..12, 3), most in 1_usize..9,
        ) {
            let givers = givers(&stock, &wanted);
            let found = cover(&wanted, &givers, most);
            let sum = |at: &dyn Fn(&Giver) -> bool, line: usize| {
                givers.iter().filter(|giver| at(giver)).map(|giver| giver.gives[line]).sum::<i32>()
            };
            let has_all = |at: &dyn Fn(&Giver) -> bool| (0..3).all(|line| sum(at, line) >= wanted[line]);
            prop_assert_eq!(found.is_enough, has_all(&|_| true));
            prop_assert_eq!(found.is_enough, has_all(&|giver| found.needed.contains(&giver.location)));
            prop_assert!(found.needed.iter().all(|needed| found.locations.contains(needed)));
            let rank = |location: &LocationId| givers.iter().position(|giver| giver.location == *location);
            prop_assert!(found.locations.is_sorted_by_key(rank));
            prop_assert!(found.locations.len() <= most.max(found.needed.len()));
        }
    }
}

//! Tests of splitting orders.
use super::{SITES, Site, split};
use crate::kernel::LocationId;
use proptest::{prelude::prop, prop_assert, prop_assert_eq, proptest, strategy::Strategy as _};

fn sites(stock: &[Vec<i32>]) -> Vec<Site> {
    let site = |available: &Vec<i32>| Site { location: LocationId::new(), available: available.clone() };
    stock.iter().map(site).collect()
}

/// The units that each site gives, by number.
fn divided(wanted: &[i32], stock: &[Vec<i32>]) -> Option<Vec<(usize, Vec<i32>)>> {
    let sites = sites(stock);
    let number = |site: &Site| sites.iter().position(|of| of.location == site.location).unwrap();
    let shares = split(wanted, &sites)?;
    Some(shares.into_iter().map(|(site, given)| (number(site), given)).collect())
}

/// The least number of locations, by recursion over taking or leaving each.
fn least(missing: &[i32], stock: &[Vec<i32>]) -> Option<usize> {
    if missing.iter().all(|units| *units <= 0) {
        return Some(0);
    }
    let (first, rest) = stock.split_first()?;
    let after: Vec<_> = missing.iter().zip(first).map(|(units, here)| units - here.max(&0)).collect();
    let (with, without) = (least(&after, rest).map(|n| n + 1), least(missing, rest));
    with.into_iter().chain(without).min()
}

#[test]
fn thirteen_over_ten_and_fifteen_are_thirteen() {
    let both = divided(&[13, 1, 1], &[vec![10, 1, 0], vec![15, 0, 1]]).unwrap();
    assert_eq!(both, [(0, vec![0, 1, 0]), (1, vec![13, 0, 1])]);
    assert_eq!(divided(&[13], &[vec![10], vec![3]]), Some(vec![(0, vec![10]), (1, vec![3])]));
    assert_eq!(divided(&[26], &[vec![10], vec![15]]), None);
}

#[test]
fn of_as_few_places_those_first_by_priority_are_taken() {
    let stock = [vec![5, 0], vec![5, 0], vec![0, 5], vec![0, 5]];
    let chosen: Vec<_> = divided(&[5, 5], &stock).unwrap().into_iter().map(|share| share.0).collect();
    assert_eq!(chosen, [0, 2]);
}

proptest! {
    #[test]
    fn all_that_is_wanted_is_given_and_never_from_where_it_is_not(
        (wanted, stock) in (1usize..=24).prop_flat_map(|lines| (
            prop::collection::vec(1i32..9, lines),
            prop::collection::vec(prop::collection::vec(-2i32..9, lines), 0..=10),
        )),
    ) {
        let available = |n: usize| stock.iter().map(|site| site[n].max(0)).sum::<i32>();
        let has_enough = (0..wanted.len()).all(|n| available(n) >= wanted[n]);
        match divided(&wanted, &stock) {
            None => prop_assert!(!has_enough),
            Some(shares) => {
                for (line, units) in wanted.iter().enumerate() {
                    prop_assert_eq!(shares.iter().map(|(_, given)| given[line]).sum::<i32>(), *units);
                }
                for (site, given) in &shares {
                    let may_give = |(given, here): (&i32, &i32)| (0..=(*here).max(0)).contains(given);
                    prop_assert!(given.iter().zip(&stock[*site]).all(may_give));
                    prop_assert!(given.iter().any(|units| *units > 0));
                }
            }
        }
    }

    #[test]
    fn no_choice_of_fewer_places_has_everything(
        (wanted, stock) in (1usize..=6).prop_flat_map(|lines| (
            prop::collection::vec(1i32..7, lines),
            prop::collection::vec(prop::collection::vec(-1i32..7, lines), 0..=SITES),
        )),
    ) {
        prop_assert_eq!(divided(&wanted, &stock).map(|shares| shares.len()), least(&wanted, &stock));
    }
}

//! The chain prefers what it says, and no choice is better than the one taken.
use super::*;
use crate::kernel::LocationId;
use proptest::{prelude::prop, prop_assert, prop_assert_eq, proptest, strategy::Strategy as _};

const ALL: [Strategy; 5] = [
    Strategy::LocationPriority,
    Strategy::FewestParcels,
    Strategy::Nearest,
    Strategy::Cheapest,
    Strategy::BalanceStock,
];

fn sites(stock: &[Vec<i32>]) -> Vec<Site> {
    stock.iter().map(|available| Site { location: LocationId::new(), available: available.clone() }).collect()
}

fn cost_of(km: u32, parcel: i64) -> ShippingCost {
    ShippingCost { distance_km: Some(km), parcel_minor: Some(parcel), unit_minor: Some(0) }
}

fn chosen(
    chain: &[Strategy],
    wanted: &[i32],
    stock: &[Vec<i32>],
    shipping_costs: &[ShippingCost],
) -> Option<Vec<usize>> {
    let sites = sites(stock);
    let number = |site: &Site| sites.iter().position(|of| of.location == site.location).unwrap();
    let mut locations: Vec<_> =
        choose(chain, wanted, &sites, shipping_costs)?.into_iter().map(|(site, _)| number(site)).collect();
    locations.sort_unstable();
    Some(locations)
}

#[test]
fn each_strategy_prefers_what_it_says() {
    let stock = [vec![5], vec![9], vec![5], vec![3]];
    let shipping_costs = [cost_of(900, 500), cost_of(700, 900), cost_of(20, 700), cost_of(1, 100)];
    assert_eq!(chosen(&[Strategy::LocationPriority], &[5], &stock, &shipping_costs), Some(vec![0]));
    assert_eq!(chosen(&[Strategy::Nearest], &[5], &stock, &shipping_costs), Some(vec![2]));
    assert_eq!(chosen(&[Strategy::Cheapest], &[5], &stock, &shipping_costs), Some(vec![0]));
    assert_eq!(chosen(&[Strategy::BalanceStock], &[5], &stock, &shipping_costs), Some(vec![1]));
    assert_eq!(chosen(&[Strategy::FewestParcels, Strategy::Nearest], &[5], &stock, &shipping_costs), Some(vec![2]));
    assert_eq!(chosen(&[Strategy::Cheapest], &[3], &stock, &shipping_costs), Some(vec![3]));
}

#[test]
fn two_cheap_parcels_may_be_cheaper_than_a_dear_one() {
    let stock = [vec![5, 5], vec![5, 0], vec![0, 5]];
    let shipping_costs = [cost_of(1, 1_000), cost_of(1, 300), cost_of(1, 300)];
    assert_eq!(chosen(&[Strategy::Cheapest], &[5, 5], &stock, &shipping_costs), Some(vec![1, 2]));
    assert_eq!(chosen(&[Strategy::FewestParcels, Strategy::Cheapest], &[5, 5], &stock, &shipping_costs), Some(vec![0]));
}

#[test]
fn what_is_not_known_comes_last() {
    let stock = [vec![5], vec![5]];
    assert_eq!(
        chosen(&[Strategy::Nearest], &[5], &stock, &[ShippingCost::default(), cost_of(9_000, 1)]),
        Some(vec![1])
    );
    assert_eq!(
        chosen(&[Strategy::Cheapest], &[5], &stock, &[ShippingCost::default(), cost_of(1, 9_000)]),
        Some(vec![1])
    );
}

#[test]
fn paris_is_392_kilometres_from_lyon() {
    let (paris, lyon) = ((48.8566, 2.3522), (45.7640, 4.8357));
    assert!((391..=393).contains(&distance_km(paris, lyon)));
    assert_eq!(distance_km(paris, paris), 0);
    assert_eq!(distance_km((0.0, 0.0), (0.0, 180.0)), 20_015);
}

proptest! {
    #[test]
    fn no_choice_that_has_everything_is_better_than_the_one_taken(
        chain in prop::collection::vec(prop::sample::select(ALL.to_vec()), 1..4),
        (wanted, stock, known) in (1_usize..4, 1_usize..6).prop_flat_map(|(lines, locations)| (
            prop::collection::vec(1_i32..6, lines),
            prop::collection::vec(prop::collection::vec(-1_i32..6, lines), locations),
            prop::collection::vec((0_u32..2_000, 0_i64..2_000, 0_i64..50), locations),
        )),
    ) {
        let sites = sites(&stock);
        let shipping_costs: Vec<_> = known.iter().map(|(km, parcel, unit)| ShippingCost {
            distance_km: Some(*km), parcel_minor: Some(*parcel), unit_minor: Some(*unit),
        }).collect();
        let scored = |shares: &[Share], step: &Strategy| score(*step, shares, &shipping_costs, &sites);
        let of = |shares: &[Share]| chain.iter().map(|step| scored(shares, step)).collect::<Vec<_>>();
        let has_all = (0..wanted.len()).all(|n| stock.iter().map(|site| site[n].max(0)).sum::<i32>() >= wanted[n]);
        let taken = choose(&chain, &wanted, &sites, &shipping_costs);
        prop_assert_eq!(taken.is_some(), has_all);
        if let Some(taken) = taken {
            for (line, units) in wanted.iter().enumerate() {
                prop_assert_eq!(taken.iter().map(|(_, given)| given[line]).sum::<i32>(), *units);
            }
            for (site, given) in &taken {
                let may_give = |(given, here): (&i32, &i32)| (0..=(*here).max(0)).contains(given);
                prop_assert!(given.iter().zip(&site.available).all(may_give));
            }
            for set in 1_u32..1 << sites.len() {
                let chosen = (0..sites.len()).filter(|n| set & (1 << n) != 0);
                let some: Vec<Site> = chosen.map(|n| sites[n].clone()).collect();
                if let Some(shares) = split::whole(&wanted, &some) {
                    prop_assert!(of(&taken) <= of(&shares));
                }
            }
        }
    }
}

//! A chain of strategies: of all choices of locations that have everything, the first strategy prefers some, the next
//! one decides among those, and so on; what is left is decided by the locations' priority. All choices are tried for up
//! to eight locations and twenty lines; beyond, locations are taken one after the other as the chain prefers each
//! alone.
use super::split::{self, EXACT_LINES, SITES, Share, Site, Strategy};
use crate::{
    inventory::Demand,
    kernel::{LocationId, Result},
    orders::sourcing::split::{ShippingCost, divided},
};

/// A far place and a dear one: what is not known is taken for worse than anything that is.
const FAR: u32 = 40_000;
const DEAR: i64 = 1_000_000_000;

/// The score of a choice by one strategy: less is better.
fn score(strategy: Strategy, shares: &[Share], shipping_costs: &[ShippingCost], sites: &[Site]) -> i64 {
    let at = |site: &Site| sites.iter().position(|of| of.location == site.location).unwrap_or(0);
    let of = |site: &Site| shipping_costs.get(at(site)).copied().unwrap_or_default();
    let sum = |each: &dyn Fn(&Share) -> i64| shares.iter().map(each).fold(0_i64, i64::saturating_add);
    match strategy {
        Strategy::FewestParcels => i64::try_from(shares.len()).unwrap_or(i64::MAX),
        Strategy::LocationPriority => sum(&|(site, _)| i64::try_from(at(site)).unwrap_or(i64::MAX)),
        Strategy::Nearest => sum(&|(site, _)| of(site).distance_km.unwrap_or(FAR).into()),
        Strategy::Cheapest => sum(&|(site, given)| cost(&of(site), given)),
        // What stays behind of what is wanted, at the location that keeps least of it.
        Strategy::BalanceStock => {
            let left = |(site, given): &Share| -> i64 {
                let stays = given.iter().zip(&site.available).filter(|(units, _)| **units > 0);
                stays.map(|(units, here)| i64::from(*here) - i64::from(*units)).min().unwrap_or(0)
            };
            shares.iter().map(left).min().map_or(0, |least| -least)
        }
    }
}

/// The price of a parcel of these units.
pub fn cost(shipping_cost: &ShippingCost, given: &[i32]) -> i64 {
    let units: i64 = given.iter().map(|units| i64::from(*units)).sum();
    let per_unit = shipping_cost.unit_minor.unwrap_or(0).saturating_mul(units);
    shipping_cost.parcel_minor.unwrap_or(DEAR).saturating_add(per_unit)
}

/// The units that each location gives, as the chain prefers; none if they do not have everything. The shipping costs
/// stand in the order of the sites.
pub fn choose<'a>(
    chain: &[Strategy],
    wanted: &[i32],
    sites: &'a [Site],
    shipping_costs: &[ShippingCost],
) -> Option<Vec<Share<'a>>> {
    let scores =
        |shares: &[Share]| chain.iter().map(|step| score(*step, shares, shipping_costs, sites)).collect::<Vec<_>>();
    if sites.len() <= SITES && wanted.len() <= EXACT_LINES {
        let choices = split::choices(wanted, sites);
        // Those that use fewer locations, and earlier ones, stand first: of equals the first is taken.
        return choices.into_iter().min_by_key(|shares| scores(shares));
    }
    let alone = |site: &&Site| {
        let given: Vec<_> =
            wanted.iter().zip(&site.available).map(|(units, here)| (*units).min((*here).max(0))).collect();
        scores(&[(*site, given)])
    };
    let mut preferred: Vec<&Site> = sites.iter().collect();
    preferred.sort_by_key(alone);
    let preferred: Vec<Site> = preferred.into_iter().cloned().collect();
    let shares = split::split(wanted, &preferred)?;
    let own = |(site, given): Share| Some((sites.iter().find(|of| of.location == site.location)?, given));
    shares.into_iter().map(own).collect()
}

/// Kilometres between two points of the globe, by the haversine formula.
pub fn distance_km(from: (f64, f64), to: (f64, f64)) -> u32 {
    const RADIUS_KM: f64 = 6_371.0;
    let (lat1, lat2) = (from.0.to_radians(), to.0.to_radians());
    let (dlat, dlon) = ((to.0 - from.0).to_radians(), (to.1 - from.1).to_radians());
    let a = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    let km = 2.0 * RADIUS_KM * a.sqrt().min(1.0).asin();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most half the globe")]
    let whole = km.round() as u32;
    whole
}

/// The demand divided among the locations that a chain of strategies chooses; none where they do not have all of it.
pub fn parts_by(
    chain: &[Strategy],
    demand: &Demand,
    sites: &[Site],
    shipping_costs: &[ShippingCost],
) -> Result<Option<Vec<(LocationId, Demand)>>> {
    let units: Vec<_> = demand.iter().map(|(_, units)| units).collect();
    choose(chain, &units, sites, shipping_costs).map(|shares| divided(demand, shares)).transpose()
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;

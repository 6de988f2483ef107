//! Pure decisions about where an order is filled. One location that has everything comes before all others; where there
//! is none, the fewest locations that together have everything, so that the customer gets the fewest parcels.
use crate::{
    inventory::Demand,
    kernel::{LocationId, Result},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// The strategy by which the locations of an order were chosen.
    Strategy {
        /// The first location by priority that has everything.
        LocationPriority = "location_priority",
        /// The fewest locations that together have everything; of as few, those that come first by priority.
        FewestParcels = "fewest_parcels",
        /// The locations that are nearest to the customer.
        Nearest = "nearest",
        /// The locations from which the parcels cost least.
        Cheapest = "cheapest",
        /// The locations that keep most of what is wanted.
        BalanceStock = "balance_stock",
    }
}

impl Strategy {
    /// Reads a chain of them, the most important first.
    pub fn chain(text: &str) -> std::result::Result<Vec<Self>, String> {
        text.split(',').map(|word| word.trim().parse()).collect()
    }
}

/// The chain that needs no look at where locations are and what parcels cost.
pub const PLAIN: [Strategy; 2] = [Strategy::FewestParcels, Strategy::LocationPriority];

/// Locations that are looked at for one order.
pub const SITES: usize = 8;

/// Lines up to which the fewest locations are found exactly, by trying all choices. Beyond, the location that has the
/// most of what is missing is taken again and again, which may take more locations than needed.
pub const EXACT_LINES: usize = 20;

/// A location, and how many units of each wanted variant it can give: in the order in which they are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    pub location: LocationId,
    pub available: Vec<i32>,
}

/// The units that a location gives, in the order in which they are wanted.
pub type Share<'a> = (&'a Site, Vec<i32>);

/// A location that could have filled an order, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// Identifies the location.
    pub location_id: LocationId,
    /// The code of the location.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location_code: Option<String>,
    /// Its score: how many of the wanted units it could give.
    pub units: i64,
    /// True if it was chosen.
    pub chosen: bool,
    /// The units that it could give, in the order in which they are wanted.
    #[serde(default)]
    pub available: Vec<i32>,
    /// Distance to the customer and parcel prices; null where the strategies do not use them.
    #[serde(default, alias = "terms")]
    pub shipping_cost: ShippingCost,
}

impl Site {
    /// Units that it can give of what is wanted at a place in the order.
    fn gives(&self, line: usize) -> i32 {
        self.available.get(line).map_or(0, |units| (*units).max(0))
    }

    /// The number of wanted units that it can give.
    pub fn units(&self, wanted: &[i32]) -> i64 {
        wanted.iter().enumerate().map(|(line, units)| i64::from(self.gives(line).min(*units))).sum()
    }
}

/// Which locations give what of a demand: the first that has everything or else the fewest that together do; none if
/// they do not.
pub fn parts_of(demand: &Demand, sites: &[Site]) -> Result<Option<Vec<(LocationId, Demand)>>> {
    let units: Vec<_> = demand.iter().map(|(_, units)| units).collect();
    let has_all = |site: &&Site| has_all(&units, &[site]);
    if let Some(site) = sites.iter().find(has_all) {
        return Ok(Some(vec![(site.location, demand.clone())]));
    }
    split(&units, sites).map(|shares| divided(demand, shares)).transpose()
}

/// The demands of the locations that give these shares.
pub fn divided(demand: &Demand, shares: Vec<Share>) -> Result<Vec<(LocationId, Demand)>> {
    let mut parts = vec![];
    for (site, given) in shares {
        let mut part = Demand::default();
        for ((variant, _), units) in demand.iter().zip(given).filter(|(_, units)| *units > 0) {
            part.add(variant, units)?;
        }
        parts.push((site.location, part));
    }
    Ok(parts)
}

/// Divides a demand among locations, which stand in order of priority; none if they do not have it all.
pub fn split<'a>(wanted: &[i32], sites: &'a [Site]) -> Option<Vec<Share<'a>>> {
    let chosen = match sites.len() <= SITES && wanted.len() <= EXACT_LINES {
        true => fewest(wanted, sites)?,
        false => most_first(wanted, sites)?,
    };
    Some(shares(wanted, &chosen))
}

/// Every choice of locations that has everything, with what each gives; those of fewer locations, and earlier ones,
/// first. A choice whose locations are not all needed is not among them.
pub fn choices<'a>(wanted: &[i32], sites: &'a [Site]) -> Vec<Vec<Share<'a>>> {
    let members = |set: u32| (0..sites.len()).filter(|n| set & (1 << n) != 0).collect::<Vec<_>>();
    let mut sets: Vec<_> = (1..1_u32 << sites.len()).map(members).collect();
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let sited = sets.into_iter().map(|set| set.into_iter().filter_map(|n| sites.get(n)).collect::<Vec<_>>());
    sited.filter(|choice| has_all(wanted, choice)).map(|choice| shares(wanted, &choice)).collect()
}

/// The units that each of these locations gives if together they have everything.
#[cfg(test)]
pub fn whole<'a>(wanted: &[i32], sites: &'a [Site]) -> Option<Vec<Share<'a>>> {
    let all: Vec<_> = sites.iter().collect();
    has_all(wanted, &all).then(|| shares(wanted, &all))
}

/// The smallest choice that has everything. Of equally small ones, the one whose locations come first.
fn fewest<'a>(wanted: &[i32], sites: &'a [Site]) -> Option<Vec<&'a Site>> {
    let members = |set: u32| (0..sites.len()).filter(|n| set & (1 << n) != 0).collect::<Vec<_>>();
    let mut choices: Vec<_> = (1..1_u32 << sites.len()).map(members).collect();
    choices.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let chosen = choices.into_iter().map(|choice| choice.into_iter().filter_map(|n| sites.get(n)).collect::<Vec<_>>());
    chosen.into_iter().find(|choice| has_all(wanted, choice))
}

fn has_all(wanted: &[i32], choice: &[&Site]) -> bool {
    let here = |line: usize| choice.iter().map(|site| i64::from(site.gives(line))).sum::<i64>();
    wanted.iter().enumerate().all(|(line, units)| here(line) >= i64::from(*units))
}

fn most_first<'a>(wanted: &[i32], sites: &'a [Site]) -> Option<Vec<&'a Site>> {
    let (mut missing, mut chosen, mut left) = (wanted.to_vec(), vec![], sites.iter().collect::<Vec<_>>());
    while missing.iter().any(|units| *units > 0) {
        // The last of the greatest is taken: reversed, the first by priority.
        let best =
            *left.iter().rev().max_by_key(|site| site.units(&missing)).filter(|site| site.units(&missing) > 0)?;
        missing.iter_mut().enumerate().for_each(|(line, units)| *units -= best.gives(line).min(*units));
        left.retain(|site| site.location != best.location);
        chosen.push(best);
    }
    Some(chosen)
}

/// The units that each chosen location gives. A line stays whole where one of them has all of it; only others are
/// divided.
fn shares<'a>(wanted: &[i32], chosen: &[&'a Site]) -> Vec<Share<'a>> {
    let mut shares: Vec<Share> = chosen.iter().map(|site| (*site, Vec::with_capacity(wanted.len()))).collect();
    for (line, units) in wanted.iter().enumerate() {
        let whole = chosen.iter().find(|site| site.gives(line) >= *units).map(|site| site.location);
        let mut missing = *units;
        for (site, given) in &mut shares {
            let may_give = whole.is_none_or(|only| only == site.location);
            let units = if may_give { site.gives(line).min(missing) } else { 0 };
            given.push(units);
            missing -= units;
        }
    }
    shares.retain(|(_, given)| given.iter().any(|units| *units > 0));
    shares
}

/// The facts by which the strategies rank a location, for one order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ShippingCost {
    /// Kilometres to the customer, if both are known.
    pub distance_km: Option<u32>,
    /// The price of a parcel from here, in minor units, if the rates say so.
    pub parcel_minor: Option<i64>,
    /// And each unit in it.
    pub unit_minor: Option<i64>,
}

#[cfg(test)]
mod tests;

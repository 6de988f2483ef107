//! Which locations are looked at for an order that names none, and by which chain of strategies one of them is chosen.
use super::{
    shipping_cost::{Destination, Gazetteer},
    split::{self, Strategy},
};
use crate::{
    inventory::{Claim, Demand, Inventory, Reach},
    kernel::{Channel, LocationId, Result, VariantId},
    orders::{model::Customer, sourcing::split::ShippingCost},
    platform::config,
};
use std::collections::HashMap;

/// The faults of settings that name no chain of strategies, one for each channel.
pub fn faults_of_chains(settings: &config::Orders) -> Vec<String> {
    let fault = |channel: &Channel| {
        let why = Strategy::chain(text_of(settings, *channel)).err()?;
        Some(format!("orders.sourcing_{channel}: {why}"))
    };
    Channel::ALL.iter().filter_map(fault).collect()
}

fn text_of(settings: &config::Orders, channel: Channel) -> &str {
    match channel {
        Channel::Web => &settings.sourcing_web,
        Channel::Mobile => &settings.sourcing_mobile,
        Channel::Pos => &settings.sourcing_pos,
        Channel::Marketplace => &settings.sourcing_marketplace,
    }
}

/// The chain of a channel.
pub fn strategies_of(settings: &config::Orders, channel: Channel) -> Result<Vec<Strategy>> {
    Strategy::chain(text_of(settings, channel)).map_err(|why| anyhow::anyhow!("orders.sourcing: {why}").into())
}

/// The locations that are looked at for an order.
pub struct Candidates {
    pub locations: Vec<LocationId>,
    /// The facts that the chain knows of each.
    pub shipping_costs: Vec<ShippingCost>,
    /// One of them seems to have everything.
    pub has_whole: bool,
    /// The units of the location that will most likely be chosen.
    pub claim: Option<Claim>,
    /// All locations together do not have everything: what they have of each variant.
    pub too_few: Option<HashMap<VariantId, i64>>,
}

impl Candidates {
    /// Nowhere yet.
    fn nowhere() -> Self {
        Self { locations: vec![], shipping_costs: vec![], has_whole: false, claim: None, too_few: None }
    }

    /// At a location that was named.
    pub fn named(location: LocationId) -> Self {
        Self { locations: vec![location], shipping_costs: vec![], has_whole: false, claim: None, too_few: None }
    }
}

/// The wants of an order that is sourced.
pub struct Wanted<'a> {
    /// The units that a location must have, with what its channel leaves to others.
    pub padded: &'a Demand,
    /// The units themselves.
    pub demand: &'a Demand,
    /// The strategies of the channel.
    pub chain: &'a [Strategy],
    /// The customer, whose address tells how far locations are.
    pub customer: &'a Customer,
}

/// The locations that are looked at, and what the chain knows of them. A chain that looks at more than priorities sees
/// more locations, and keeps those that it prefers.
pub async fn looked_at(inventory: &Inventory, mut reach: Reach, wanted: Wanted<'_>) -> Result<Candidates> {
    let Wanted { padded, demand, chain, customer } = wanted;
    let is_plain = *chain == split::PLAIN;
    let (fits, by_tables) = (reach.most, reach.by_tables);
    if !is_plain {
        reach.most = MOST_LOOKED_AT;
    }
    let mut locations = inventory.candidates(padded, reach.clone()).await?;
    let whole = locations.clone();
    let mut needed = vec![];
    // Several together may be what the chain prefers; where one must do, those that have everything suffice.
    if locations.is_empty() || !(is_plain || chain.first() == Some(&Strategy::FewestParcels)) {
        let found = inventory.sources(demand, reach).await?;
        if locations.is_empty() && !found.is_enough {
            return Ok(Candidates { too_few: Some(found.available), ..Candidates::nowhere() });
        }
        locations.extend(found.locations.into_iter().filter(|location| !whole.contains(location)));
        needed = if whole.is_empty() { found.needed } else { vec![] };
    }
    if is_plain {
        let claim = whole.first().map(|first| inventory.claim(*first, demand));
        if !whole.is_empty() && !by_tables {
            locations.truncate(LOCKED);
        }
        return Ok(Candidates { locations, has_whole: !whole.is_empty(), claim, ..Candidates::nowhere() });
    }
    let gazetteer = Gazetteer::of(inventory, locations.clone()).await?;
    let to = Destination::from(customer);
    let mut known: Vec<_> =
        locations.iter().map(|location| (*location, gazetteer.shipping_cost(*location, &to))).collect();
    if known.len() > fits {
        known.sort_by_key(|(_, cost)| (cost.distance_km.unwrap_or(u32::MAX), cost.parcel_minor.unwrap_or(i64::MAX)));
        // One that has everything is always among them, or those that together have it.
        let best = known.iter().map(|(location, _)| *location).find(|location| whole.contains(location));
        let is_needed = |location: &LocationId| needed.contains(location) || best == Some(*location);
        let (kept, mut others): (Vec<_>, Vec<_>) = known.into_iter().partition(|(location, _)| is_needed(location));
        others.truncate(fits.saturating_sub(kept.len()));
        known = kept.into_iter().chain(others).collect();
        let rank = |location: &LocationId| locations.iter().position(|of| of == location);
        known.sort_by_key(|(location, _)| rank(location));
    }
    let (locations, shipping_costs) = known.into_iter().unzip();
    // A chain may prefer several locations, or none of those.
    Ok(Candidates { locations, shipping_costs, ..Candidates::nowhere() })
}

/// Locations that seem to have everything and are locked for an order: the first, and others in case it is emptied
/// meanwhile.
const LOCKED: usize = 3;

/// Locations that a chain looks at when it knows more of them than their priority.
const MOST_LOOKED_AT: usize = 64;

//! The sourcing of a new order, as it is written down.
use super::split::{Candidate, Site, Strategy};
use crate::{
    inventory::Demand,
    kernel::{LocationId, OrderId},
    orders::{
        sourcing::split::ShippingCost,
        store::{SourcedPart, SourcedUnits, SourcingDecision},
    },
};
use chrono::{DateTime, Utc};

/// The locations that fill an order, and the reason.
pub struct SourcedLocations {
    pub strategy: Strategy,
    pub parts: Vec<(LocationId, Demand)>,
}

/// The locations that were compared for a demand, and their shipping costs.
pub struct SourcingChoice<'a> {
    pub demand: &'a Demand,
    pub sites: &'a [Site],
    pub shipping_costs: &'a [ShippingCost],
}

impl SourcedLocations {
    /// As it is written down: what was looked at, and what was chosen.
    pub fn told(
        &self,
        order_id: OrderId,
        choice: SourcingChoice<'_>,
        country: Option<String>,
        now: DateTime<Utc>,
    ) -> SourcingDecision {
        let SourcingChoice { demand, sites, shipping_costs } = choice;
        let wanted: Vec<_> = demand.iter().map(|(_, units)| units).collect();
        let candidate = |(at, site): (usize, &Site)| Candidate {
            location_id: site.location,
            location_code: None,
            units: site.units(&wanted),
            chosen: self.parts.iter().any(|(location, _)| *location == site.location),
            available: site.available.clone(),
            shipping_cost: shipping_costs.get(at).copied().unwrap_or_default(),
        };
        let units = |(variant_id, quantity)| SourcedUnits { variant_id, quantity };
        let part = |(location, demand): &(LocationId, Demand)| SourcedPart {
            location_id: *location,
            location_code: None,
            units: demand.iter().map(units).collect(),
        };
        let reason = match self.strategy {
            Strategy::LocationPriority => "the first location by priority that has everything".to_owned(),
            Strategy::FewestParcels => format!(
                "no location has everything; these {} together do, and no fewer of those looked at",
                self.parts.len()
            ),
            Strategy::Nearest => "nearest to the customer of all choices that have everything".to_owned(),
            Strategy::Cheapest => "the cheapest parcels of all choices that have everything".to_owned(),
            Strategy::BalanceStock => "keeps most of what is wanted of all choices that have everything".to_owned(),
        };
        SourcingDecision {
            order_id,
            attempt: 1,
            strategy: self.strategy,
            candidates: sites.iter().enumerate().map(candidate).collect(),
            parts: self.parts.iter().map(part).collect(),
            reason,
            decided_at: now,
            wanted,
            country,
        }
    }
}

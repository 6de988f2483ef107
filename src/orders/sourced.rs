//! Where a new order is filled, as it is written down.
use super::{
    sourcing::{Candidate, Site, Strategy},
    store::{Decision, SourcedPart, SourcedUnits},
};
use crate::{
    inventory::Demand,
    kernel::{LocationId, OrderId},
};
use chrono::{DateTime, Utc};

/// Where an order is filled, and why there.
pub struct Sourced {
    pub strategy: Strategy,
    pub parts: Vec<(LocationId, Demand)>,
}

impl Sourced {
    /// As it is written down: what was looked at, and what was chosen.
    pub fn told(&self, order_id: OrderId, demand: &Demand, sites: &[Site], now: DateTime<Utc>) -> Decision {
        let wanted: Vec<_> = demand.iter().map(|(_, units)| units).collect();
        let candidate = |site: &Site| Candidate {
            location_id: site.location,
            units: site.units(&wanted),
            chosen: self.parts.iter().any(|(location, _)| *location == site.location),
        };
        let units = |(variant_id, quantity)| SourcedUnits { variant_id, quantity };
        let part = |(location, demand): &(LocationId, Demand)| SourcedPart {
            location_id: *location,
            units: demand.iter().map(units).collect(),
        };
        let reason = match self.strategy {
            Strategy::LocationPriority => "the first place by priority that has everything".to_owned(),
            Strategy::FewestParcels => format!(
                "no place has everything; these {} together do, and no fewer of those looked at",
                self.parts.len()
            ),
        };
        Decision {
            order_id,
            attempt: 1,
            strategy: self.strategy,
            candidates: sites.iter().map(candidate).collect(),
            parts: self.parts.iter().map(part).collect(),
            reason,
            decided_at: now,
        }
    }
}

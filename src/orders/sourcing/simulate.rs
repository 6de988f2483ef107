//! Past orders under other rules: the same stock at the same moment, sourced by another chain.
use super::{
    ranking::{self},
    shipping_cost::{Destination, Gazetteer},
    split::{Site, Strategy},
};
use crate::{
    inventory::Inventory,
    kernel::{Channel, LocationId, Locations, OrderId, Result},
    orders::{read::orders_by_id, sourcing::split::ShippingCost, store::SourcingDecision},
    platform::db::{Read, Write},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;

/// Decisions that are looked at, the newest first.
const MOST: i64 = 10_000;
/// Orders that are told one by one.
const EXAMPLES: usize = 20;

/// Which orders, and by which rules.
#[derive(Debug, Clone)]
pub struct Question {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub channel: Option<Channel>,
    pub chain: Vec<Strategy>,
}

/// The parcels and costs that orders came to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Tally {
    /// Parcels that it takes.
    pub parcels: i64,
    /// By today's rates, in minor units; of locations for which a rate is known.
    pub cost_minor: i64,
}

/// An order that would have been filled from elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub struct Example {
    /// Identifies the order.
    pub order_id: OrderId,
    /// The result of the strategies that were used.
    pub actual: Vec<LocationId>,
    /// The result of the strategies that were asked about.
    pub simulated: Vec<LocationId>,
}

/// Past orders under other rules.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Simulation {
    /// Orders that were compared.
    pub orders: usize,
    /// Orders of the time whose choices were not kept, or that named their location.
    pub skipped: usize,
    /// The result of the strategies that were used.
    pub actual: Tally,
    /// The result of the strategies that were asked about.
    pub simulated: Tally,
    /// Orders that would have been filled from other locations.
    pub changed: usize,
    /// Some of them.
    pub examples: Vec<Example>,
}

/// Sources past orders by another chain.
pub async fn simulate(inventory: &Inventory, question: Question) -> Result<Simulation> {
    // All of it off the event loop: thousands of orders are many choices.
    inventory.db.read(move |db| simulated(db, &question)).await
}

/// Deletes at most `most` decisions that were made before a time, and returns how many.
pub fn delete_decisions_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    Ok(super::store::delete_decisions(tx.conn(), before, most)?)
}

fn simulated(db: &mut Read, question: &Question) -> Result<Simulation> {
    let Question { from, to, channel, chain } = question;
    let decisions = super::store::first_decisions(db.conn(), *from, *to, *channel, MOST)?;
    let ids: Vec<_> = decisions.iter().map(|decision| decision.order_id).collect();
    let orders = orders_by_id(db, &Locations::Everywhere, &ids)?;
    let to: HashMap<_, _> = orders.iter().map(|order| (order.id, Destination::from(order.customer()))).collect();
    let locations: BTreeSet<_> = decisions.iter().flat_map(|d| d.candidates.iter().map(|c| c.location_id)).collect();
    let gazetteer = Gazetteer::read(db, &locations.into_iter().collect::<Vec<_>>())?;
    let (mut simulation, nowhere) = (Simulation::default(), Destination::default());
    for decision in &decisions {
        let to = to.get(&decision.order_id).unwrap_or(&nowhere);
        if !simulation.add(decision, chain, |location| gazetteer.shipping_cost(location, to)) {
            simulation.skipped += 1;
        }
    }
    Ok(simulation)
}

impl Simulation {
    /// Adds an order; false if what was known of its locations then was not kept.
    fn add(
        &mut self,
        decision: &SourcingDecision,
        chain: &[Strategy],
        shipping_cost: impl Fn(LocationId) -> ShippingCost,
    ) -> bool {
        let site = |c: &super::split::Candidate| Site { location: c.location_id, available: c.available.clone() };
        let sites: Vec<_> = decision.candidates.iter().map(site).collect();
        let known: Vec<_> = sites.iter().map(|site| shipping_cost(site.location)).collect();
        let is_kept =
            !decision.wanted.is_empty() && sites.iter().all(|site| site.available.len() == decision.wanted.len());
        let Some(shares) = ranking::choose(chain, &decision.wanted, &sites, &known).filter(|_| is_kept) else {
            return false;
        };
        let cost = |place, units: &[i32]| match shipping_cost(place) {
            known if known.parcel_minor.is_some() => ranking::cost(&known, units),
            _ => 0,
        };
        for part in &decision.parts {
            let units: Vec<_> = part.units.iter().map(|units| units.quantity).collect();
            self.actual.parcels += 1;
            self.actual.cost_minor = self.actual.cost_minor.saturating_add(cost(part.location_id, &units));
        }
        for (site, given) in &shares {
            self.simulated.parcels += 1;
            self.simulated.cost_minor = self.simulated.cost_minor.saturating_add(cost(site.location, given));
        }
        self.orders += 1;
        let actual: BTreeSet<_> = decision.parts.iter().map(|part| part.location_id).collect();
        let simulated: BTreeSet<_> = shares.iter().map(|(site, _)| site.location).collect();
        if actual != simulated {
            self.changed += 1;
            if self.examples.len() < EXAMPLES {
                let (actual, simulated) = (actual.into_iter().collect(), simulated.into_iter().collect());
                self.examples.push(Example { order_id: decision.order_id, actual, simulated });
            }
        }
        true
    }
}

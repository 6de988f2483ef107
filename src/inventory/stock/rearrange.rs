//! The units that are reserved for an order or allocated to it, moved to other locations or amounts: all of it, or
//! nothing changes.
use super::change::NewReservation;
use crate::{
    inventory::{
        model::{AllocationStatus, Delta, Demand, LevelKey, ReservationStatus},
        rules::{self},
        stock::{
            rows::holds::{AllocationScope, HeldReservation},
            working_set::Stock,
        },
        store::{Allocation, counters::Counters},
    },
    kernel::{LocationId, OrderId, ReservationId, Result, VariantId},
    platform::events::Outbox,
};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// An order's goods to be put elsewhere.
#[derive(Debug, Clone)]
pub struct Rearrangement<'a> {
    /// Whose.
    pub order: OrderId,
    /// The part that is given up, of what has not left.
    pub given_up: AllocationScope,
    /// Days for which goods that are taken anew must be good.
    pub good_for_days: i64,
    /// The units that are reserved or allocated in its location.
    pub parts: &'a [(LocationId, Demand)],
}

impl Stock {
    /// Gives up a part of what an order has and holds other goods in its location; promised where the order's goods
    /// were. Returns the new holds, one for each part that is wanted. Refused, it has changed nothing.
    pub fn rearrange(
        &mut self,
        change: &Rearrangement<'_>,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<Vec<ReservationId>> {
        let (before, told) = (self.clone(), outbox.count());
        let done = self.put_elsewhere(change, outbox, now);
        if done.is_err() {
            *self = before;
            outbox.forget_after(told);
        }
        done
    }

    fn put_elsewhere(
        &mut self,
        change: &Rearrangement<'_>,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<Vec<ReservationId>> {
        let Rearrangement { order, given_up, good_for_days, parts } = change;
        let order = *order;
        let held = self.held_for(order)?;
        let is_promised = held.iter().any(|held| held.reservation.status == ReservationStatus::Converted);
        let first = held.first().ok_or_else(|| anyhow::anyhow!("order {order} has no hold"))?;
        let (principal, expires_at) = (first.reservation.principal_id, first.reservation.expires_at);
        let is_over = |held: &&HeldReservation| given_up.has(held) && (!held.open.is_empty() || !is_promised);
        let over: Vec<_> = held.iter().copied().filter(is_over).map(|held| held.reservation.id).collect();
        let mut own = self.units_of(&over);
        let uncovered: Vec<_> = own
            .keys()
            .filter_map(|level_key| Some((*level_key, self.levels.get(level_key)?.level().uncovered)))
            .collect();
        match is_promised {
            true => self.deallocate(order, given_up)?,
            false => self.give_back_all(order, outbox, now)?,
        }
        for id in &over {
            self.replace(*id);
        }
        let mut made = vec![];
        for (location, demand) in *parts {
            let new = NewReservation {
                location: *location,
                demand: demand.clone(),
                names: super::change::SkuNames::default(),
                good_for_days: *good_for_days,
                reference: None,
                order: Some(order),
                principal,
                expires_at,
            };
            made.push(self.hold_of_own(&new, &mut own, outbox, now)?);
        }
        if is_promised {
            self.convert(order, outbox, now)?;
        }
        for (level_key, before) in uncovered {
            if let Some(kept) = self.levels.get_mut(&level_key) {
                kept.tracked.record.uncovered = before.min(kept.tracked.record.short());
            }
        }
        Ok(made)
    }

    /// The units that reservations have of each level and that have not left.
    fn units_of(&self, ids: &[ReservationId]) -> HashMap<LevelKey, i32> {
        let mut units = HashMap::new();
        for held in ids.iter().filter_map(|id| self.holds.get(id)) {
            let at = held.reservation.location_id;
            let open = held.open.iter().map(|allocation| (allocation.variant_id, allocation.quantity));
            let lines = held.lines.iter().map(|line| (line.variant_id, line.quantity));
            let is_held = held.reservation.status == ReservationStatus::Active;
            for (variant, quantity) in open.chain(lines.filter(|_| is_held)) {
                *units.entry((at, variant)).or_insert(0) += quantity;
            }
        }
        units
    }

    /// Holds units that were the order's own a moment ago, whatever else is promised of them; others as anyone does.
    fn hold_of_own(
        &mut self,
        new: &NewReservation,
        own: &mut HashMap<LevelKey, i32>,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<ReservationId> {
        let was_own =
            |(variant, units): (VariantId, i32)| own.get(&(new.location, variant)).is_some_and(|had| *had >= units);
        if !new.demand.iter().all(was_own) {
            return Ok(self.hold(new, outbox, now)?.reservation.id);
        }
        for (variant, units) in new.demand.iter() {
            own.entry((new.location, variant)).and_modify(|had| *had -= units);
        }
        Ok(self.held_anew(new, &rules::reserved(new.location, &new.demand), outbox, now)?.reservation.id)
    }

    /// The units of an order at each location that have not left: reserved, or allocated and still open. Refused when a
    /// hold has run out.
    pub fn standing(&self, order: OrderId) -> Result<Vec<(LocationId, Demand)>> {
        let mut locations: Vec<(LocationId, Demand)> = vec![];
        for held in self.held_for(order)? {
            if held.reservation.status == ReservationStatus::Expired {
                crate::inventory::stock::rows::holds::require_active(&held.reservation)?;
            }
            let at = held.reservation.location_id;
            for ((_, variant), units) in self.units_of(&[held.reservation.id]) {
                let found = locations.iter().position(|(location, _)| *location == at);
                let index = found.unwrap_or_else(|| {
                    locations.push((at, Demand::default()));
                    locations.len() - 1
                });
                if let Some((_, demand)) = locations.get_mut(index) {
                    demand.add(variant, units)?;
                }
            }
        }
        Ok(locations)
    }

    /// Notes that other holds stand for this one now.
    pub(super) fn replace(&mut self, id: ReservationId) {
        if let Some(held) = self.holds.get_mut(&id) {
            held.reservation.is_replaced = true;
            held.is_changed = true;
            self.noted += 1;
        }
        for of_order in self.of_orders.values_mut() {
            of_order.retain(|of| *of != id);
        }
    }
}

impl AllocationScope {
    /// True if a hold belongs to it.
    pub(super) fn has(&self, held: &HeldReservation) -> bool {
        match self {
            Self::All => true,
            Self::At(location) => held.reservation.location_id == *location,
            Self::Of(ids) => ids.contains(&held.reservation.id),
        }
    }
}

impl Stock {
    /// Gives up what is promised to an order and not yet shipped, or a part of it.
    pub fn deallocate(&mut self, order: OrderId, part: &AllocationScope) -> Result<()> {
        let give_up = |a: &Allocation| {
            let level = self.level((a.location_id, a.variant_id))?;
            level.ok_or_else(|| anyhow::anyhow!("a promise without a level"))?;
            Ok(Delta::of((a.location_id, a.variant_id), Counters { allocated: -a.quantity, ..Counters::default() }))
        };
        let deltas: Vec<_> = self.open_of(order, part)?.iter().map(give_up).collect::<Result<_>>()?;
        self.apply(&deltas);
        self.ended(order, part, AllocationStatus::Released);
        Ok(())
    }
}

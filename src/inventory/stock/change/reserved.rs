//! Holds of orders are turned into allocations, given back, or kept for longer.
use super::{NewReservation, SkuNames};
use crate::{
    inventory::{
        events,
        model::{AllocationStatus, Delta, Demand, ReservationStatus},
        reservations::ReservationLine,
        stock::{
            rows::holds::{AllocationChange, AllocationScope, HeldReservation, require_active},
            working_set::Stock,
        },
        store::{Allocation, counters::Counters},
    },
    kernel::{Error, OrderId, ReservationId, Result},
    platform::events::Outbox,
};
use chrono::{DateTime, Utc};

impl Stock {
    /// Turns an order's holds into promises. The units are the same ones: nothing is allocated anew, so this never
    /// runs out of stock; it is refused if one of the holds has ended.
    pub fn convert(&mut self, order: OrderId, outbox: &mut Outbox, now: DateTime<Utc>) -> Result<()> {
        let ids = self.all_endable(order)?;
        let turned = |line: &ReservationLine| (-line.quantity, line.quantity);
        for id in ids {
            self.end(id, ReservationStatus::Converted, turned, outbox, now)?;
            let held = self.holds.get_mut(&id).ok_or_else(|| anyhow::anyhow!("the hold has vanished"))?;
            let location_id = held.reservation.location_id;
            let promised = |line: &ReservationLine| Allocation {
                reservation_id: id,
                location_id,
                variant_id: line.variant_id,
                quantity: line.quantity,
            };
            held.open = held.lines.iter().map(promised).collect();
            let promise = |allocation: &Allocation| AllocationChange {
                order,
                allocation: *allocation,
                status: AllocationStatus::Open,
            };
            self.promised.extend(held.open.iter().map(promise));
        }
        Ok(())
    }

    /// The reservations of an order that are not allocations yet, all of which can be ended now.
    pub(super) fn all_endable(&self, order: OrderId) -> Result<Vec<ReservationId>> {
        let held = self.held_for(order)?.into_iter();
        let held: Vec<_> = held.filter(|held| held.reservation.status != ReservationStatus::Converted).collect();
        held.iter().try_for_each(|held| self.require_endable(held))?;
        Ok(held.iter().map(|held| held.reservation.id).collect())
    }

    /// Refuses unless a hold is active and the levels of its units are at hand.
    pub(super) fn require_endable(&self, held: &HeldReservation) -> Result<()> {
        require_active(&held.reservation)?;
        let at = held.reservation.location_id;
        held.lines.iter().try_for_each(|line| self.level((at, line.variant_id)).map(|_| ()))
    }

    /// Gives up what is still held for an order; a hold that has run out has nothing left to give.
    pub fn give_back_all(&mut self, order: OrderId, outbox: &mut Outbox, now: DateTime<Utc>) -> Result<()> {
        let held = self.held_for(order)?.into_iter();
        let active: Vec<_> = held.filter(|held| held.reservation.status == ReservationStatus::Active).collect();
        active.iter().try_for_each(|held| self.require_endable(held))?;
        for id in active.iter().map(|held| held.reservation.id).collect::<Vec<_>>() {
            self.give_back(id, ReservationStatus::Released, outbox, now)?;
        }
        Ok(())
    }

    /// Gives a hold back, or lets it run out: its units can be sold again.
    pub fn give_back(
        &mut self,
        id: ReservationId,
        status: ReservationStatus,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<&HeldReservation> {
        self.end(id, status, |line| (-line.quantity, 0), outbox, now)?;
        self.held(id)?.ok_or_else(|| Error::not_found("reservation"))
    }

    /// Holds anew what was held for an order and has run out, all of it or, refused, nothing; what is still held is
    /// held on. The units are others now: they may be gone.
    pub fn renew(
        &mut self,
        order: OrderId,
        good_for_days: i64,
        until: DateTime<Utc>,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (mut ended, mut again) = (vec![], vec![]);
        for held in self.held_for(order)? {
            let hold = &held.reservation;
            if hold.status != ReservationStatus::Expired {
                self.require_endable(held)?;
                continue;
            }
            let mut demand = Demand::default();
            held.lines.iter().try_for_each(|line| demand.add(line.variant_id, line.quantity))?;
            if let Some(shortage) = self.shortage(hold.location_id, &demand, &SkuNames::default(), good_for_days)? {
                return Err(shortage);
            }
            ended.push(hold.id);
            again.push(NewReservation {
                location: hold.location_id,
                demand,
                names: SkuNames::default(),
                good_for_days,
                reference: None,
                order: Some(order),
                principal: hold.principal_id,
                expires_at: until,
            });
        }
        // An order has one hold at a location, so that none takes what the next one counts on.
        again.iter().try_for_each(|new| self.hold(new, outbox, now).map(|_| ()))?;
        for id in ended {
            self.replace(id);
        }
        Ok(())
    }

    /// Gives a hold until another moment; its state decides whether it is held, not the clock.
    pub fn hold_until(&mut self, id: ReservationId, until: DateTime<Utc>) -> Result<&HeldReservation> {
        let held = self.holds.get_mut(&id).ok_or_else(|| Error::not_found("reservation"))?;
        require_active(&held.reservation)?;
        held.reservation.expires_at = until;
        held.reservation.version += 1;
        held.is_changed = true;
        self.noted += 1;
        Ok(held)
    }

    /// Refuses unless an order's goods are held still.
    pub fn require_reserved(&self, order: OrderId) -> Result<()> {
        self.held_for(order)?.iter().try_for_each(|held| require_active(&held.reservation))
    }

    /// Gives an order's holds more time.
    pub fn extend(&mut self, order: OrderId, until: DateTime<Utc>) -> Result<()> {
        let held = self.held_for(order)?;
        held.iter().try_for_each(|held| require_active(&held.reservation))?;
        for id in held.iter().map(|held| held.reservation.id).collect::<Vec<_>>() {
            let held = self.holds.get_mut(&id).ok_or_else(|| Error::not_found("reservation"))?;
            held.reservation.expires_at = held.reservation.expires_at.max(until);
            held.reservation.version += 1;
            held.is_changed = true;
            self.noted += 1;
        }
        Ok(())
    }

    pub(super) fn end(
        &mut self,
        id: ReservationId,
        status: ReservationStatus,
        change: impl Fn(&ReservationLine) -> (i32, i32),
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let held = self.held(id)?.ok_or_else(|| Error::not_found("reservation"))?;
        self.require_endable(held)?;
        let at = held.reservation.location_id;
        let delta = |line: &ReservationLine| {
            let (reserved, allocated) = change(line);
            Delta::of((at, line.variant_id), Counters { allocated, reserved, ..Counters::default() })
        };
        let deltas: Vec<_> = held.lines.iter().map(delta).collect();
        let mut closed = held.reservation.clone();
        (closed.status, closed.closed_at, closed.version) = (status, Some(now), closed.version + 1);
        if closed.order_id.is_none() || status == ReservationStatus::Expired {
            events::reservation_closed(outbox, &closed, now)?;
        }
        self.apply(&deltas);
        let versions: Vec<_> = deltas.iter().map(|d| self.version((d.location, d.variant))).collect();
        if let Some(held) = self.holds.get_mut(&id) {
            held.reservation = closed;
            held.is_changed = true;
            held.lines.iter_mut().zip(versions).for_each(|(line, version)| line.level_version = version);
        }
        self.noted += 1;
        Ok(())
    }

    /// Ends what is promised to an order, or a part of it.
    pub(in crate::inventory::stock) fn ended(
        &mut self,
        order: OrderId,
        part: &AllocationScope,
        status: AllocationStatus,
    ) {
        for id in self.of_orders.get(&order).into_iter().flatten() {
            let Some(held) = self.holds.get_mut(id).filter(|held| part.has(held)) else { continue };
            let open = std::mem::take(&mut held.open);
            // A promise made in this very batch is not in the table yet: it is written as it ends.
            let is_of = |promise: &&mut AllocationChange| {
                promise.allocation.reservation_id == *id && promise.status == AllocationStatus::Open
            };
            let mut is_new = false;
            for promise in self.promised.iter_mut().filter(is_of) {
                (promise.status, is_new) = (status, true);
            }
            if !is_new {
                self.closed.extend(open.into_iter().map(|allocation| AllocationChange { order, allocation, status }));
            }
        }
    }
}

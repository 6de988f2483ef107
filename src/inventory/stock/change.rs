//! The changes of stock: reserve, allocate, release, ship, adjust.
use crate::{
    inventory::{
        events,
        levels::store::{Level, Thresholds},
        model::{AllocationStatus, Delta, Demand, LevelKey, ReservationStatus},
        reservations::{Reservation, ReservationLine},
        rules::{self, Short},
        stock::{
            rows::holds::{AllocationChange, AllocationScope, HeldReservation, require_active},
            working_set::Stock,
        },
        store::{Allocation, counters::Counters},
    },
    kernel::{Code, Error, Fault, LocationId, OrderId, PrincipalId, Refusal, ReservationId, Result, VariantId},
    platform::events::Outbox,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// SKUs of the variants of a demand, for what is told to people.
pub type SkuNames = Arc<[(VariantId, String)]>;

/// A hold to be made.
#[derive(Debug, Clone)]
pub struct NewReservation {
    /// The location.
    pub location: LocationId,
    /// Of what.
    pub demand: Demand,
    /// The SKUs of it.
    pub names: SkuNames,
    /// Days for which the goods must still be good, from the location's own day.
    pub good_for_days: i64,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// The order it is for.
    pub order: Option<OrderId>,
    /// The principal who reserves.
    pub principal: PrincipalId,
    /// Until when, unless converted or released before.
    pub expires_at: DateTime<Utc>,
}

impl Stock {
    /// The refusal of a demand that the levels, as they stand, cannot fill with goods that are good for so many days.
    pub fn shortage(
        &self,
        location: LocationId,
        demand: &Demand,
        names: &SkuNames,
        good_for_days: i64,
    ) -> Result<Option<Error>> {
        let levels = self.levels_for(location, demand, good_for_days)?;
        Ok(rules::hold(location, &levels, demand, self.mutant).err().map(|shorts| out_of_stock(&shorts, names)))
    }

    /// The units of each variant of a demand, good for so many days, that may be promised here, in the demand's order.
    pub fn available(&self, location: LocationId, demand: &Demand, good_for_days: i64) -> Result<Vec<i32>> {
        let here = |(variant, _)| {
            let free = self.level((location, variant))?.map_or(0, Level::available);
            Ok(free.saturating_sub(self.short_dated((location, variant), good_for_days)))
        };
        demand.iter().map(here).collect()
    }

    /// The units of a variant, good for so many days, that a new promise may take here, backorders included.
    pub fn available_to_promise(&self, location: LocationId, variant: VariantId, good_for_days: i64) -> Result<i32> {
        let level = self.level((location, variant))?;
        let free = level.map_or(0, |level| level.available().saturating_add(level.backorder_limit));
        Ok(free.saturating_sub(self.short_dated((location, variant), good_for_days)))
    }

    /// Holds the whole demand, or refuses with `out_of_stock`.
    pub fn hold(&mut self, new: &NewReservation, outbox: &mut Outbox, now: DateTime<Utc>) -> Result<&HeldReservation> {
        let levels = self.levels_for(new.location, &new.demand, new.good_for_days)?;
        let deltas = rules::hold(new.location, &levels, &new.demand, self.mutant)
            .map_err(|shorts| out_of_stock(&shorts, &new.names))?;
        self.held_anew(new, &deltas, outbox, now)
    }

    /// Writes a hold down.
    pub(super) fn held_anew(
        &mut self,
        new: &NewReservation,
        deltas: &[Delta],
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<&HeldReservation> {
        let reservation = Reservation {
            id: ReservationId::new(),
            location_id: new.location,
            status: ReservationStatus::Active,
            reference: new.reference.clone(),
            order_id: new.order,
            principal_id: new.principal,
            expires_at: new.expires_at,
            closed_at: None,
            version: 1,
            created_at: now,
            is_replaced: false,
        };
        let id = reservation.id;
        if new.order.is_none() {
            events::reservation_made(outbox, &reservation, &new.demand, now)?;
        }
        self.apply(deltas);
        let line = |(variant_id, quantity)| ReservationLine {
            reservation_id: id,
            variant_id,
            quantity,
            level_version: self.levels.get(&(new.location, variant_id)).map_or(0, |kept| kept.tracked.record.version),
        };
        let lines = new.demand.iter().map(line).collect();
        self.noted += 1;
        if let Some(order) = new.order {
            self.of_orders.entry(order).or_default().push(id);
        }
        let held = HeldReservation { reservation, lines, open: vec![], is_new: true, is_changed: false };
        Ok(self.holds.entry(id).insert_entry(held).into_mut())
    }

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
    fn all_endable(&self, order: OrderId) -> Result<Vec<ReservationId>> {
        let held = self.held_for(order)?.into_iter();
        let held: Vec<_> = held.filter(|held| held.reservation.status != ReservationStatus::Converted).collect();
        held.iter().try_for_each(|held| self.require_endable(held))?;
        Ok(held.iter().map(|held| held.reservation.id).collect())
    }

    /// Refuses unless a hold is active and the levels of its units are at hand.
    fn require_endable(&self, held: &HeldReservation) -> Result<()> {
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

    fn end(
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

    fn version(&self, level_key: LevelKey) -> i64 {
        self.levels.get(&level_key).map_or(0, |kept| kept.tracked.record.version)
    }

    /// Ends what is promised to an order, or a part of it.
    pub(super) fn ended(&mut self, order: OrderId, part: &AllocationScope, status: AllocationStatus) {
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

    /// Sets the thresholds of a level and returns it as it is now; refused when they would leave less than what is
    /// promised.
    pub(in crate::inventory) fn set_thresholds(&mut self, level_key: LevelKey, set: &Thresholds) -> Result<Level> {
        let now = self.level(level_key)?.copied().unwrap_or_else(|| Level::empty(level_key.0, level_key.1));
        let after = rules::with_thresholds(&now, set)?;
        self.apply(&[Delta::none(level_key)]);
        let kept = self.levels.get_mut(&level_key).ok_or_else(|| anyhow::anyhow!("the level has vanished"))?;
        kept.tracked.record = Level { version: kept.tracked.record.version, ..after };
        Ok(*kept.level())
    }
}

fn out_of_stock(shorts: &[Short], names: &SkuNames) -> Error {
    let sku_of = |short: &Short| names.iter().find(|(id, _)| *id == short.variant).map_or("a part", |(_, sku)| sku);
    let said = |short: &Short| format!("{} of {}: {} available", short.wanted, sku_of(short), short.available.max(0));
    let faults = shorts.iter().map(|short| Fault::at("/lines", "out_of_stock", said(short))).collect();
    let detail = format!("reserve {}", shorts.iter().map(said).collect::<Vec<_>>().join("; "));
    Refusal::new(Code::OutOfStock, detail).with_faults(faults).into()
}

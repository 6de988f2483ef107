//! The changes of stock: reserve, allocate, release, ship, adjust.
mod reserved;

use crate::{
    inventory::{
        events,
        levels::store::{Level, Thresholds},
        model::{Delta, Demand, LevelKey, ReservationStatus},
        reservations::{Reservation, ReservationLine},
        rules::{self, Short},
        stock::{rows::holds::HeldReservation, working_set::Stock},
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

    fn version(&self, level_key: LevelKey) -> i64 {
        self.levels.get(&level_key).map_or(0, |kept| kept.tracked.record.version)
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

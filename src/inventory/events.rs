//! The events of stock.
use super::{
    locations::Location,
    model::{Demand, State},
    reservations::Reservation,
};
use crate::{
    inventory::levels::store::Level,
    kernel::{Result, VariantId},
    platform::{
        db::Write,
        events::{Event, Outbox, Subject, publish},
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

/// A location came into being or changed.
#[derive(Debug, Serialize)]
pub struct LocationChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name now.
    pub name: &'a str,
}
impl Event for LocationChanged<'_> {
    const TYPE: &'static str = "inventory.location_changed.v1";
}

/// Stock was held; what is held for an order is told by the order's own event.
#[derive(Debug, Serialize)]
pub struct ReservationMade {
    pub lines: Vec<HeldTold>,
}

/// Units of a variant that are held.
#[derive(Debug, Serialize)]
pub struct HeldTold {
    pub variant_id: VariantId,
    pub quantity: i32,
}
impl Event for ReservationMade {
    const TYPE: &'static str = "inventory.reservation_made.v1";
}

/// A hold ended.
#[derive(Debug, Serialize)]
pub struct ReservationClosed {
    /// `converted`, `released` or `expired`.
    pub status: &'static str,
}
impl Event for ReservationClosed {
    const TYPE: &'static str = "inventory.reservation_closed.v1";
}

/// Stock was adjusted.
#[derive(Debug, Serialize)]
pub struct StockAdjusted<'a> {
    /// Of which variant.
    pub variant_id: VariantId,
    /// The adjustment's own id, as in the ledger.
    pub adjustment_id: Uuid,
    /// Which state.
    pub state: State,
    /// By how much.
    pub units: i32,
    /// Why: a code of the list of reasons.
    pub reason: &'a str,
    /// In someone's words.
    pub note: Option<&'a str>,
    /// On hand afterwards.
    pub on_hand: i32,
    /// Available afterwards.
    pub available: i32,
}
impl Event for StockAdjusted<'_> {
    const TYPE: &'static str = "inventory.stock_adjusted.v1";
}

/// Levels of a location changed: how each stands after all that one batch of work did to it.
#[derive(Debug, Serialize)]
pub struct LevelsChanged {
    pub levels: Vec<LevelTold>,
}

/// A level as it stands now.
#[derive(Debug, Serialize)]
pub struct LevelTold {
    /// Of which variant.
    pub variant_id: VariantId,
    /// The units that may be promised; below zero where more is promised than there is.
    pub available: i32,
    /// Everything that is physically there.
    pub on_hand: i32,
    /// Held for a while.
    pub reserved: i32,
    /// Promised to orders.
    pub allocated: i32,
    /// On its way there.
    pub in_transit: i32,
    /// The version of the level: of two events about it, the one with the higher version is the later.
    pub version: i64,
}
impl Event for LevelsChanged {
    const TYPE: &'static str = "inventory.levels_changed.v1";
}

/// Thresholds were set.
#[derive(Debug, Serialize)]
pub struct ThresholdsSet {
    /// Of which variant.
    pub variant_id: VariantId,
    /// Kept back from sale.
    pub safety_stock: i32,
    /// When to order.
    pub reorder_threshold: i32,
    /// The units to order.
    pub reorder_quantity: i32,
    /// The units that may be promised below zero.
    pub backorder_limit: i32,
}
impl Event for ThresholdsSet {
    const TYPE: &'static str = "inventory.thresholds_set.v1";
}

/// A level has fallen to its reorder threshold; told once, and again only after it has been above it.
#[derive(Debug, Serialize)]
pub struct ReorderDue {
    /// Of which variant.
    pub variant_id: VariantId,
    /// Available afterwards.
    pub available: i32,
    /// The threshold.
    pub reorder_threshold: i32,
    /// The units to order by the level's own setting; `/v1/replenishment` reckons with demand.
    pub suggested_quantity: i32,
}
impl Event for ReorderDue {
    const TYPE: &'static str = "inventory.reorder_due.v1";
}

/// An adjustment, as it is told.
pub(super) struct Adjustment<'a> {
    pub id: Uuid,
    pub state: State,
    pub units: i32,
    pub reason: &'a str,
    pub note: Option<&'a str>,
}

pub(super) fn location_changed(tx: &mut Write, location: &Location) -> Result<()> {
    let subject =
        Subject { aggregate: "location", id: location.id.0, version: location.version, location: Some(location.id) };
    publish(tx, subject, &LocationChanged { code: &location.code, name: &location.name })
}

pub(super) fn reservation_made(
    outbox: &mut Outbox,
    reservation: &Reservation,
    demand: &Demand,
    now: DateTime<Utc>,
) -> Result<()> {
    let event = ReservationMade {
        lines: demand.iter().map(|(variant_id, quantity)| HeldTold { variant_id, quantity }).collect(),
    };
    outbox.publish(of_reservation(reservation), &event, now)
}

pub(super) fn reservation_closed(outbox: &mut Outbox, reservation: &Reservation, now: DateTime<Utc>) -> Result<()> {
    outbox.publish(of_reservation(reservation), &ReservationClosed { status: reservation.status.as_str() }, now)
}

pub(super) fn stock_adjusted(
    outbox: &mut Outbox,
    level: &Level,
    adjustment: Adjustment<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let Adjustment { id, state, units, reason, note } = adjustment;
    let event = StockAdjusted {
        variant_id: level.variant_id,
        adjustment_id: id,
        state,
        units,
        reason,
        note,
        on_hand: level.on_hand,
        available: level.available(),
    };
    outbox.publish(of_level(level), &event, now)
}

/// Levels in one event at most.
const TOLD_TOGETHER: usize = 100;

/// Tells how levels stand, those of one location together; they are in order of location.
pub(super) fn levels_changed(outbox: &mut Outbox, levels: &[&Level], now: DateTime<Utc>) -> Result<()> {
    let told = |level: &&Level| LevelTold {
        variant_id: level.variant_id,
        available: level.available(),
        on_hand: level.on_hand,
        reserved: level.reserved,
        allocated: level.allocated,
        in_transit: level.in_transit,
        version: level.version,
    };
    for at_one in levels.chunk_by(|a, b| a.location_id == b.location_id) {
        for some in at_one.chunks(TOLD_TOGETHER) {
            let Some(location) = some.first().map(|level| level.location_id) else { continue };
            let subject = Subject { aggregate: "stock", id: location.0, version: 1, location: Some(location) };
            outbox.publish(subject, &LevelsChanged { levels: some.iter().map(told).collect() }, now)?;
        }
    }
    Ok(())
}

pub(super) fn thresholds_set(outbox: &mut Outbox, level: &Level, now: DateTime<Utc>) -> Result<()> {
    let event = ThresholdsSet {
        variant_id: level.variant_id,
        safety_stock: level.safety_stock,
        reorder_threshold: level.reorder_threshold,
        reorder_quantity: level.reorder_quantity,
        backorder_limit: level.backorder_limit,
    };
    outbox.publish(of_level(level), &event, now)
}

pub(super) fn reorder_due(outbox: &mut Outbox, level: &Level, now: DateTime<Utc>) -> Result<()> {
    let event = ReorderDue {
        variant_id: level.variant_id,
        available: level.available(),
        reorder_threshold: level.reorder_threshold,
        suggested_quantity: level.reorder_quantity,
    };
    outbox.publish(of_level(level), &event, now)
}

fn of_reservation(reservation: &Reservation) -> Subject {
    Subject {
        aggregate: "reservation",
        id: reservation.id.0,
        version: reservation.version,
        location: Some(reservation.location_id),
    }
}

/// A level has no id of its own: its variant and the event's location name it together, and so does its version.
fn of_level(level: &Level) -> Subject {
    Subject {
        aggregate: "stock_level",
        id: level.variant_id.0,
        version: level.version,
        location: Some(level.location_id),
    }
}

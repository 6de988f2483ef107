//! What others may learn of stock.
use super::{
    model::{Demand, Reason, State},
    store::{Level, Location, Reservation},
};
use crate::{
    kernel::{Result, VariantId},
    platform::{
        db::Write,
        events::{Event, Subject, publish},
    },
};
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

/// Stock was held.
#[derive(Debug, Serialize)]
pub struct ReservationMade {
    /// The variants and units held.
    pub lines: Vec<(VariantId, i32)>,
    /// Whether it is for an order.
    pub is_for_order: bool,
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
    /// Why.
    pub reason: Reason,
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

/// Thresholds were set.
#[derive(Debug, Serialize)]
pub struct ThresholdsSet {
    /// Of which variant.
    pub variant_id: VariantId,
    /// Kept back from sale.
    pub safety_stock: i32,
    /// When to order.
    pub reorder_threshold: i32,
    /// How much to order.
    pub reorder_quantity: i32,
    /// How far below zero may be promised.
    pub backorder_limit: i32,
}
impl Event for ThresholdsSet {
    const TYPE: &'static str = "inventory.thresholds_set.v1";
}

/// An adjustment, as it is told.
pub(super) struct Adjustment<'a> {
    pub id: Uuid,
    pub state: State,
    pub units: i32,
    pub reason: Reason,
    pub note: Option<&'a str>,
}

pub(super) fn location_changed(tx: &mut Write, location: &Location) -> Result<()> {
    let subject =
        Subject { aggregate: "location", id: location.id.0, version: location.version, location: Some(location.id) };
    publish(tx, subject, &LocationChanged { code: &location.code, name: &location.name })
}

pub(super) fn reservation_made(tx: &mut Write, reservation: &Reservation, demand: &Demand) -> Result<()> {
    let event = ReservationMade { lines: demand.iter().collect(), is_for_order: reservation.order_id.is_some() };
    publish(tx, of_reservation(reservation), &event)
}

pub(super) fn reservation_closed(tx: &mut Write, reservation: &Reservation) -> Result<()> {
    publish(tx, of_reservation(reservation), &ReservationClosed { status: reservation.status.as_str() })
}

pub(super) fn stock_adjusted(tx: &mut Write, level: &Level, adjustment: Adjustment<'_>) -> Result<()> {
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
    publish(tx, of_level(level), &event)
}

pub(super) fn thresholds_set(tx: &mut Write, level: &Level) -> Result<()> {
    let event = ThresholdsSet {
        variant_id: level.variant_id,
        safety_stock: level.safety_stock,
        reorder_threshold: level.reorder_threshold,
        reorder_quantity: level.reorder_quantity,
        backorder_limit: level.backorder_limit,
    };
    publish(tx, of_level(level), &event)
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

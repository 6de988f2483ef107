//! What others may learn of orders. Customers are not told of here.
use super::{
    model::OrderStatus,
    store::{Order, OrderLine},
};
use crate::{
    kernel::{Result, VariantId, words::Channel},
    platform::{
        db::Write,
        events::{Event, Outbox, Subject},
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// An order was placed and its units are held.
#[derive(Debug, Serialize)]
pub struct OrderPlaced {
    /// The number that people use.
    pub number: i64,
    /// Where it came from.
    pub channel: Channel,
    /// In minor units.
    pub total_minor: i64,
    /// ISO 4217.
    pub currency: String,
    /// Variants and units.
    pub lines: Vec<(VariantId, i32)>,
}
impl Event for OrderPlaced {
    const TYPE: &'static str = "orders.order_placed.v1";
}

/// An order moved on.
#[derive(Debug, Serialize)]
pub struct OrderMoved {
    /// The number that people use.
    pub number: i64,
    /// How it stands now.
    pub status: OrderStatus,
    /// What has been paid, in minor units.
    pub paid_minor: i64,
}
impl Event for OrderMoved {
    const TYPE: &'static str = "orders.order_moved.v1";
}

pub(super) fn placed(outbox: &mut Outbox, order: &Order, lines: &[OrderLine], now: DateTime<Utc>) -> Result<()> {
    let lines = lines.iter().map(|line| (line.variant_id, line.quantity)).collect();
    let Order { number, channel, total_minor, .. } = *order;
    let currency = order.currency().to_string();
    outbox.tell(of(order), &OrderPlaced { number, channel, total_minor, currency, lines }, now)
}

pub(super) fn told_moved(outbox: &mut Outbox, order: &Order, now: DateTime<Utc>) -> Result<()> {
    let Order { number, status, paid_minor, .. } = *order;
    outbox.tell(of(order), &OrderMoved { number, status, paid_minor }, now)
}

pub(super) fn moved(tx: &mut Write, order: &Order) -> Result<()> {
    let now = tx.now();
    told_moved(tx.outbox(), order, now)
}

fn of(order: &Order) -> Subject {
    Subject { aggregate: "order", id: order.id.0, version: order.version, location: Some(order.location_id) }
}

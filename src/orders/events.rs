//! The events of orders: each kind of change is a type of its own, told to every location that has a part of
//! the order. Customers are not told of here.
use super::{
    model::{OrderEventKind, OrderStatus, ParcelStatus, PaymentState},
    store::{Order, OrderLine, OrderRow, ParcelLine, Shipment},
};
use crate::{
    kernel::{Channel, LocationId, Result, ShipmentId, VariantId},
    platform::{
        db::Write,
        events::{Outbox, Subject},
    },
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// An order as it stands after a change.
#[derive(Debug, Serialize)]
struct OrderTold<'a> {
    /// The number that people use.
    number: i64,
    /// The channel's own name of it.
    external_ref: Option<&'a str>,
    /// The channel from which it came.
    channel: Channel,
    status: OrderStatus,
    payment_status: PaymentState,
    /// In minor units.
    total_minor: i64,
    /// The charge for shipping, which is within the total, in minor units.
    shipping_minor: i64,
    /// The amount taken and not given back, in minor units.
    paid_minor: i64,
    /// ISO 4217.
    currency: String,
    lines: Vec<LineTold<'a>>,
    parcels: Vec<ParcelTold<'a>>,
}

/// Units of a line, all whole.
#[derive(Debug, Serialize)]
struct LineTold<'a> {
    line_no: i32,
    sku: &'a str,
    variant_id: VariantId,
    quantity: i32,
    canceled: i32,
    returned: i32,
}

/// A parcel that has left.
#[derive(Debug, Serialize)]
struct ParcelTold<'a> {
    id: ShipmentId,
    location_id: LocationId,
    carrier: Option<&'a str>,
    tracking_number: Option<&'a str>,
    delivered_at: Option<DateTime<Utc>>,
    status: ParcelStatus,
    /// The lines whose units are in it.
    lines: Vec<ParcelLine>,
}

/// The type of an event about each kind of change; never reused.
fn type_of(kind: OrderEventKind) -> &'static str {
    use OrderEventKind as K;
    match kind {
        K::Placed => "orders.order_placed.v1",
        K::PartPaid => "orders.order_part_paid.v1",
        K::Confirmed => "orders.order_confirmed.v1",
        K::Processing => "orders.order_processing.v1",
        K::PartShipped => "orders.order_part_shipped.v1",
        K::Shipped => "orders.order_shipped.v1",
        K::Delivered => "orders.order_delivered.v1",
        K::Canceled => "orders.order_canceled.v1",
        K::PaymentBegun => "orders.order_payment_begun.v1",
        K::PartAuthorized => "orders.order_part_authorized.v1",
        K::PaymentDeclined => "orders.order_payment_declined.v1",
        K::PaymentCaptured => "orders.order_payment_captured.v1",
        K::PaymentRefunded => "orders.order_payment_refunded.v1",
        K::PaymentVoided => "orders.order_payment_voided.v1",
        K::PartCanceled => "orders.order_part_canceled.v1",
        K::PartRejected => "orders.order_part_rejected.v1",
        K::PartDelivered => "orders.order_part_delivered.v1",
        K::ParcelLost => "orders.order_parcel_lost.v1",
        K::ParcelReturnedToSender => "orders.order_parcel_returned_to_sender.v1",
        K::Changed => "orders.order_changed.v1",
        K::ReadyForPickup => "orders.order_ready_for_pickup.v1",
        K::Short => "orders.order_short.v1",
        K::PartReturned => "orders.order_part_returned.v1",
        K::Returned => "orders.order_returned.v1",
        K::Reviewed => "orders.order_reviewed.v1",
        K::PaymentFailed => "orders.order_payment_failed.v1",
    }
}

pub(super) fn placed(outbox: &mut Outbox, order: &Order, lines: &[OrderLine], now: DateTime<Utc>) -> Result<()> {
    publish(outbox, OrderEventKind::Placed, Published { order, lines, parcels: &[] }, now)
}

pub(super) fn changed(outbox: &mut Outbox, kind: OrderEventKind, row: &OrderRow, now: DateTime<Utc>) -> Result<()> {
    publish(outbox, kind, Published { order: &row.order, lines: &row.lines, parcels: &row.shipments }, now)
}

/// The same of a change outside the lanes.
pub(super) fn told(tx: &mut Write, kind: OrderEventKind, row: &OrderRow) -> Result<()> {
    let now = tx.now();
    changed(tx.outbox(), kind, row, now)
}

/// An order with its lines and parcels.
struct Published<'a> {
    order: &'a Order,
    lines: &'a [OrderLine],
    parcels: &'a [Shipment],
}

fn publish(outbox: &mut Outbox, kind: OrderEventKind, parts: Published<'_>, now: DateTime<Utc>) -> Result<()> {
    let Published { order, lines, parcels } = parts;
    let event = OrderTold {
        number: order.number,
        external_ref: order.external_ref.as_deref(),
        channel: order.channel,
        status: order.status,
        payment_status: order.payment_state(),
        total_minor: order.total_minor,
        shipping_minor: order.shipping_minor,
        paid_minor: order.paid_minor - order.refunded_minor,
        currency: order.currency().to_string(),
        lines: lines.iter().map(LineTold::from).collect(),
        parcels: parcels.iter().map(ParcelTold::from).collect(),
    };
    let also: Vec<_> = order.locations().filter(|location| *location != order.location_id).collect();
    outbox.publish_all(type_of(kind), of(order), &also, &event, now)
}

impl<'a> From<&'a OrderLine> for LineTold<'a> {
    fn from(line: &'a OrderLine) -> Self {
        Self {
            line_no: line.line_no,
            sku: &line.sku,
            variant_id: line.variant_id,
            quantity: line.quantity,
            canceled: line.canceled,
            returned: line.returned,
        }
    }
}

impl<'a> From<&'a Shipment> for ParcelTold<'a> {
    fn from(parcel: &'a Shipment) -> Self {
        Self {
            id: parcel.id,
            location_id: parcel.location_id,
            carrier: parcel.carrier.as_deref(),
            tracking_number: parcel.tracking_number.as_deref(),
            delivered_at: parcel.delivered_at,
            status: parcel.status(),
            lines: parcel.lines().to_vec(),
        }
    }
}

fn of(order: &Order) -> Subject {
    Subject { aggregate: "order", id: order.id.0, version: order.version, location: Some(order.location_id) }
}

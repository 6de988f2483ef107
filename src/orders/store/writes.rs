//! Writes of orders; each raises the version.
use super::rows::{NewLine, Order};
use crate::{
    catalog::Offer,
    inventory::Reservation,
    kernel::{Money, OrderId, PrincipalId, Quantity, Result, ShipmentId},
    orders::{
        model::{NewOrder, OrderStatus},
        rules::Priced,
        schema::{order_lines, orders as o, shipments as s},
    },
    platform::db::Write,
};
use diesel::prelude::*;

pub fn insert(
    tx: &mut Write,
    id: OrderId,
    new: &NewOrder,
    held: &Reservation,
    total: Money,
    by: PrincipalId,
) -> Result<Order> {
    let now = tx.now();
    let row = (
        o::id.eq(id),
        o::channel.eq(new.channel),
        o::currency.eq(new.currency.code()),
        o::location_id.eq(held.location_id),
        o::reservation_id.eq(held.id),
        o::total_minor.eq(total.amount_minor),
        o::customer.eq(serde_json::to_value(&new.customer).map_err(anyhow::Error::from)?),
        o::placed_by.eq(by),
        o::hold_expires_at.eq(held.expires_at),
        o::created_at.eq(now),
        o::updated_at.eq(now),
    );
    Ok(diesel::insert_into(o::table).values(row).get_result(tx.conn())?)
}

/// A line to be written.
pub fn new_line(order_id: OrderId, line_no: i32, offer: &Offer, quantity: Quantity, priced: &Priced) -> NewLine {
    NewLine {
        order_id,
        line_no,
        variant_id: offer.variant.id,
        sku: offer.variant.sku.clone(),
        name: offer.title(),
        quantity: quantity.get(),
        unit_minor: priced.unit.amount_minor,
        total_minor: priced.total.amount_minor,
    }
}

pub fn insert_lines(tx: &mut Write, lines: &[NewLine]) -> Result<()> {
    diesel::insert_into(order_lines::table).values(lines).execute(tx.conn())?;
    Ok(())
}

pub fn set_status(tx: &mut Write, id: OrderId, status: OrderStatus) -> Result<Order> {
    let now = tx.now();
    let set = (o::status.eq(status), o::version.eq(o::version + 1), o::updated_at.eq(now));
    Ok(diesel::update(o::table.find(id)).set(set).get_result(tx.conn())?)
}

pub fn add_paid(tx: &mut Write, id: OrderId, amount_minor: i64) -> Result<Order> {
    let now = tx.now();
    let set = (o::paid_minor.eq(o::paid_minor + amount_minor), o::version.eq(o::version + 1), o::updated_at.eq(now));
    Ok(diesel::update(o::table.find(id)).set(set).get_result(tx.conn())?)
}

pub fn close(tx: &mut Write, id: OrderId, reason: Option<&str>, refunded_minor: i64) -> Result<Order> {
    let now = tx.now();
    let set = (
        o::status.eq(OrderStatus::Canceled),
        o::cancel_reason.eq(reason),
        o::refunded_minor.eq(o::refunded_minor + refunded_minor),
        o::version.eq(o::version + 1),
        o::updated_at.eq(now),
    );
    Ok(diesel::update(o::table.find(id)).set(set).get_result(tx.conn())?)
}

pub fn insert_shipment(
    tx: &mut Write,
    order: &Order,
    carrier: Option<&str>,
    tracking_number: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    let row = (
        s::id.eq(ShipmentId::new()),
        s::order_id.eq(order.id),
        s::location_id.eq(order.location_id),
        s::carrier.eq(carrier),
        s::tracking_number.eq(tracking_number),
        s::shipped_at.eq(now),
        s::created_at.eq(now),
    );
    diesel::insert_into(s::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn deliver_shipments(tx: &mut Write, id: OrderId) -> Result<()> {
    let now = tx.now();
    let set = (s::delivered_at.eq(now), s::version.eq(s::version + 1));
    diesel::update(s::table.filter(s::order_id.eq(id)).filter(s::delivered_at.is_null()))
        .set(set)
        .execute(tx.conn())?;
    Ok(())
}

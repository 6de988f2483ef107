//! The parts of orders that are written outside the lanes: their arrival, which moves no stock.
use super::rows::{Order, OrderEvent, OrderLine};
use crate::{
    catalog::Offer,
    kernel::{OrderId, Quantity, Result, ShipmentId},
    orders::{
        model::{BundleComponent, OrderStatus},
        rules::Priced,
        schema::{order_events as e, orders as o, shipments as s},
    },
    platform::db::{Json, Write},
};
use diesel::prelude::*;

/// An offer as it is sold.
pub struct SoldLine<'a> {
    pub offer: &'a Offer,
    pub quantity: Quantity,
    pub priced: &'a Priced,
    /// The parts of one unit, if it is a bundle.
    pub parts: Option<Json<Vec<BundleComponent>>>,
}

/// A line of a new order, with the parts of one unit if it is a bundle.
pub fn new_line(order_id: OrderId, line_no: i32, sold: SoldLine<'_>) -> OrderLine {
    let SoldLine { offer, quantity, priced, parts } = sold;
    OrderLine {
        order_id,
        line_no,
        variant_id: offer.variant.id,
        sku: offer.variant.sku.clone(),
        name: offer.title(),
        quantity: quantity.get(),
        unit_minor: priced.unit.amount_minor,
        total_minor: priced.total.amount_minor,
        canceled: 0,
        returned: 0,
        parts,
        returned_parts: None,
        tax: priced.tax.clone().map(Json),
        discount_minor: priced.discounts.iter().map(|discount| discount.amount_minor).sum(),
        discounts: (!priced.discounts.is_empty()).then(|| Json(priced.discounts.clone())),
        tax_included: priced.tax_included,
    }
}

/// Adds to the timeline of an order.
pub fn add_event(tx: &mut Write, event: &OrderEvent) -> Result<()> {
    let OrderEvent { order_id, version, event, actor_id, reason, at } = event;
    let row = (e::order_id.eq(order_id), e::version.eq(version), e::event.eq(event), e::actor_id.eq(actor_id));
    let row = (row, e::reason.eq(reason), e::at.eq(at));
    diesel::insert_into(e::table).values(row).execute(tx.conn())?;
    Ok(())
}

pub fn set_status(tx: &mut Write, id: OrderId, status: OrderStatus) -> Result<Order> {
    let now = tx.now();
    let set = (o::status.eq(status), o::version.eq(o::version + 1), o::updated_at.eq(now));
    Ok(diesel::update(o::table.find(id)).set(set).get_result(tx.conn())?)
}

/// Notes that someone has looked at an order.
pub fn set_reviewed(tx: &mut Write, id: OrderId) -> Result<Order> {
    let now = tx.now();
    let set = (o::reviewed_at.eq(now), o::version.eq(o::version + 1), o::updated_at.eq(now));
    Ok(diesel::update(o::table.find(id)).set(set).get_result(tx.conn())?)
}

/// Marks the parcels of an order, or one of them, as delivered.
pub fn deliver_shipments(tx: &mut Write, id: OrderId, parcel: Option<ShipmentId>) -> Result<()> {
    let now = tx.now();
    let set = (s::delivered_at.eq(now), s::version.eq(s::version + 1));
    let open = s::table.filter(s::order_id.eq(id)).filter(s::delivered_at.is_null()).filter(s::problem.is_null());
    match parcel {
        Some(parcel) => diesel::update(open.filter(s::id.eq(parcel))).set(set).execute(tx.conn())?,
        None => diesel::update(open).set(set).execute(tx.conn())?,
    };
    Ok(())
}

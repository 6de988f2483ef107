//! Reads of orders, batch-shaped, each limited to the locations the caller may see.
mod export;
mod views;
pub use export::{EXPORT_COLUMNS, export_rows};
pub use views::{
    LineComponent, LineDiscountView, LineTaxView, OrderLineView, OrderTotals, OrderView, PaidView, ShippingView,
    TaxTotal,
};

use super::{
    model::{PaymentState, Sort},
    rules, sourcing,
    store::{self, Order, OrderLine, OrderRow, Shipment, SourcingDecision},
};
use crate::{
    inventory,
    kernel::{Error, Locations, OrderId, Page, PageRequest, Result, ShipmentId},
    orders::model::{OrderFilter, OrderKey},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// A page of the orders one may see.
pub fn orders(
    db: &mut Read,
    locations: &Locations,
    filter: &OrderFilter,
    sort: Sort,
    page: &PageRequest<OrderKey>,
) -> Result<Page<Order>> {
    Ok(Page::of(store::orders(db.conn(), locations.ids(), filter, sort, page)?, page.limit))
}

/// Orders by id, as far as one may see them.
pub fn orders_by_id(db: &mut Read, locations: &Locations, ids: &[OrderId]) -> Result<Vec<Order>> {
    let found = store::orders_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|order| order.is_at(locations)).collect())
}

/// The lines of orders.
pub fn lines_of(db: &mut Read, ids: &[OrderId]) -> Result<Vec<OrderLine>> {
    Ok(store::lines_of(db.conn(), ids)?)
}

/// Shipments by id, as far as one may see their locations.
pub fn shipments_by_id(db: &mut Read, locations: &Locations, ids: &[ShipmentId]) -> Result<Vec<Shipment>> {
    let found = store::shipments_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|shipment| locations.include(shipment.location_id)).collect())
}

/// The shipments of orders.
pub fn shipments_of(db: &mut Read, ids: &[OrderId]) -> Result<Vec<Shipment>> {
    Ok(store::shipments_of(db.conn(), ids)?)
}

/// The decisions about where an order is filled from, with the candidates and parts of the locations that the caller
/// may read: stock elsewhere is not told by way of an order.
pub fn decisions_of(db: &mut Read, locations: &Locations, id: OrderId) -> Result<Vec<SourcingDecision>> {
    let order = orders_by_id(db, locations, &[id])?.pop().ok_or_else(|| Error::not_found("order"))?;
    let mut decisions = sourcing::decisions_of(db.conn(), order.id)?;
    for decision in &mut decisions {
        decision.candidates.retain(|candidate| locations.include(candidate.location_id));
        decision.parts.retain(|part| locations.include(part.location_id));
    }
    name_locations(db, &mut decisions)?;
    Ok(decisions)
}

fn name_locations(db: &mut Read, decisions: &mut [SourcingDecision]) -> Result<()> {
    let candidates = decisions.iter().flat_map(|decision| &decision.candidates).map(|one| one.location_id);
    let parts = decisions.iter().flat_map(|decision| &decision.parts).map(|part| part.location_id);
    let ids: Vec<_> = candidates.chain(parts).collect();
    let found = inventory::locations_by_id(db, &Locations::Everywhere, &ids)?;
    let codes: HashMap<_, _> = found.into_iter().map(|location| (location.id, location.code)).collect();
    for decision in decisions {
        for candidate in &mut decision.candidates {
            candidate.location_code = codes.get(&candidate.location_id).cloned();
        }
        for part in &mut decision.parts {
            part.location_code = codes.get(&part.location_id).cloned();
        }
    }
    Ok(())
}

/// An order as the interface shows it.
pub(super) fn order_view(db: &mut Read, order: Order) -> Result<OrderView> {
    let mut views = order_views(db, vec![order])?;
    views.pop().ok_or_else(|| anyhow::anyhow!("the order has vanished").into())
}

/// An order with its lines and parcels.
pub(super) fn order_row(db: &mut Read, order: Order) -> Result<OrderRow> {
    let id = [order.id];
    Ok(OrderRow { lines: store::lines_of(db.conn(), &id)?, shipments: store::shipments_of(db.conn(), &id)?, order })
}

/// The same for many, in two more queries.
pub(super) fn order_views(db: &mut Read, orders: Vec<Order>) -> Result<Vec<OrderView>> {
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let (lines, shipments) = (store::lines_of(db.conn(), &ids)?, store::shipments_of(db.conn(), &ids)?);
    let view = |order: &Order| {
        let lines = lines.iter().filter(|line| line.order_id == order.id);
        let parcels: Vec<_> = shipments.iter().filter(|s| s.order_id == order.id).cloned().collect();
        OrderView::of(order, lines, &parcels)
    };
    Ok(orders.iter().map(view).collect())
}

/// An order holds goods for at most so many times what it is given at first, however often it is paid for.
const MOST_HOLDS: i32 = 4;

impl Order {
    /// Until when its goods are held if they are given their time again: not for ever.
    pub fn reserved_until(&self, now: DateTime<Utc>, hold: chrono::Duration) -> DateTime<Utc> {
        (now + hold).min(self.created_at + hold * MOST_HOLDS)
    }

    /// The payment status.
    pub fn payment_state(&self) -> PaymentState {
        rules::payment_state(rules::Purse {
            total: self.kept_minor(),
            paid: self.paid_minor,
            refunded: self.refunded_minor,
            credited: self.credited_minor,
            authorized: self.authorized_minor,
            is_free: self.total_minor == 0,
        })
    }
}

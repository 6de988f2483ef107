//! Whom a lot has reached: stores, transfers, orders and, for those who may know, customers. What a recall begins with.
use crate::{
    inventory::{self, Carried, LotView},
    kernel::{Actor, Channel, LocationId, Locations, LotId, OrderId, Result, actor::Permission},
    orders::{model::Customer, read::orders_by_id},
    platform::db::Read,
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Whom a lot has reached, as far as one may see the locations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trace {
    /// The lot, with the locations where goods of it are now.
    pub lot: LotView,
    /// The transfers that carried the lot.
    pub transfers: Vec<Carried>,
    /// The orders that were sent units of the lot.
    pub orders: Vec<TracedOrder>,
}

/// An order that goods of the lot went to.
#[derive(Debug, Serialize, ToSchema)]
pub struct TracedOrder {
    /// Identifies the order.
    pub order_id: OrderId,
    /// The number that people use.
    pub number: i64,
    /// The channel of sale.
    pub channel: Channel,
    /// From where the goods were sent or handed over.
    pub location_id: LocationId,
    /// Units.
    pub units: i64,
    /// When it left.
    pub shipped_at: DateTime<Utc>,
    /// The customer; null without the permission `customers:read`.
    pub customer: Option<Customer>,
}

/// Orders looked up at once.
const AT_ONCE: usize = 1_000;

/// Follows a lot.
pub fn trace(db: &mut Read, actor: &Actor, id: LotId) -> Result<Trace> {
    let (stock, sales) = (actor.places(Permission::InventoryRead), actor.places(Permission::OrdersRead));
    let customers = actor.places(Permission::CustomersRead);
    let lot = inventory::lot_view(db, &stock, id)?;
    let transfers = inventory::carried_by(db, &stock, id)?;
    let mut orders = vec![];
    let reached = inventory::reached_orders(db, &sales, id)?;
    for some in reached.chunks(AT_ONCE) {
        let ids: Vec<_> = some.iter().map(|row| row.order_id).collect();
        let found = orders_by_id(db, &Locations::Everywhere, &ids)?;
        let found: HashMap<_, _> = found.into_iter().map(|order| (order.id, order)).collect();
        for row in some {
            let order = found.get(&row.order_id).context("the ledger names an order that is not there")?;
            let may_know = customers.include(row.location_id);
            orders.push(TracedOrder {
                order_id: order.id,
                number: order.number,
                channel: order.channel,
                location_id: row.location_id,
                units: row.units,
                shipped_at: row.shipped_at,
                customer: may_know.then(|| order.customer().clone()),
            });
        }
    }
    Ok(Trace { lot, transfers, orders })
}

impl Trace {
    /// The same as CSV: a row for each location, transfer and order.
    pub fn csv(&self) -> Result<String> {
        let mut csv = csv::Writer::from_writer(vec![]);
        let head =
            ["kind", "id", "number", "location_id", "to_location_id", "units", "at", "customer", "email", "phone"];
        csv.write_record(head).context("writing CSV")?;
        for location in &self.lot.locations {
            let units =
                location.sellable + location.damaged + location.quality_hold + location.returned + location.expired;
            let (id, at) = (self.lot.lot.id.to_string(), location.location_id.to_string());
            csv.write_record(["place", &id, "", &at, "", &units.to_string(), "", "", "", ""]).context("writing CSV")?;
        }
        for row in &self.transfers {
            let (from, to) = (row.from_location_id.to_string(), row.to_location_id.to_string());
            let (id, units) = (row.transfer_id.to_string(), row.shipped.to_string());
            csv.write_record(["transfer", &id, "", &from, &to, &units, "", "", "", ""]).context("writing CSV")?;
        }
        for row in &self.orders {
            let (id, at) = (row.order_id.to_string(), row.location_id.to_string());
            let (number, units, time) = (row.number.to_string(), row.units.to_string(), row.shipped_at.to_rfc3339());
            let customer = row.customer.clone().unwrap_or_default();
            let name = customer.name.as_deref().map(harmless).unwrap_or_default();
            let email = customer.email.map(|email| harmless(&email.to_string())).unwrap_or_default();
            let phone = customer.phone.as_deref().map(harmless).unwrap_or_default();
            csv.write_record(["order", &id, &number, &at, "", &units, &time, &name, &email, &phone])
                .context("writing CSV")?;
        }
        let bytes = csv.into_inner().map_err(|error| anyhow::anyhow!("writing CSV: {error}"))?;
        Ok(String::from_utf8(bytes).context("CSV is text")?)
    }
}

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

//! Orders on their way out, a row for each line, the oldest first.
use super::{order_views, views::OrderView};
use crate::{
    inventory,
    kernel::{LocationId, Locations, PageRequest, Result},
    orders::{
        model::{OrderFilter, OrderKey, Sort},
        store,
    },
    platform::db::Read,
};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Orders in a page.
const PAGE: i64 = 500;

/// The columns of orders. What is of the whole order, such as `order_total_minor`, is on each of its lines.
pub const EXPORT_COLUMNS: [&str; 36] = [
    "number",
    "line_no",
    "channel",
    "location",
    "status",
    "payment_status",
    "fulfillment_status",
    "created_at",
    "occurred_at",
    "business_date",
    "external_ref",
    "pickup",
    "customer_id",
    "customer_name",
    "customer_email",
    "customer_country",
    "sku",
    "name",
    "quantity",
    "canceled",
    "returned",
    "currency",
    "unit_price_minor",
    "discount_minor",
    "line_total_minor",
    "tax_rate_ppm",
    "tax_minor",
    "order_shipping_minor",
    "order_discount_minor",
    "order_tax_minor",
    "order_total_minor",
    "order_paid_minor",
    "order_credited_minor",
    "order_id",
    "variant_id",
    "tax_included",
];

/// The rows of the orders after one of them, and the place after them.
pub fn export_rows(
    db: &mut Read,
    places: &Locations,
    filter: &OrderFilter,
    after: Option<OrderKey>,
) -> Result<(Vec<Value>, Option<OrderKey>)> {
    let page = PageRequest { limit: PAGE - 1, after };
    let orders = store::orders(db.conn(), places.ids(), filter, Sort::OldestFirst, &page)?;
    let is_full = i64::try_from(orders.len()).is_ok_and(|count| count == PAGE);
    let next = orders.last().filter(|_| is_full).map(|order| (order.created_at, order.id));
    let ids: Vec<_> = orders.iter().map(|order| order.location_id).collect();
    let found = inventory::locations_by_id(db, &Locations::Everywhere, &ids)?;
    let codes: HashMap<_, _> = found.into_iter().map(|place| (place.id, place.code)).collect();
    let views = order_views(db, orders)?;
    Ok((views.iter().flat_map(|view| rows(view, &codes)).collect(), next))
}

fn rows(order: &OrderView, codes: &HashMap<LocationId, String>) -> Vec<Value> {
    let (customer, totals) = (&order.customer, &order.totals);
    let of_order = json!({
        "number": order.number, "order_id": order.id, "channel": order.channel,
        "location": codes.get(&order.location_id), "status": order.status,
        "payment_status": order.payment_status, "fulfillment_status": order.fulfillment_status,
        "created_at": order.created_at, "occurred_at": order.occurred_at, "business_date": order.business_date,
        "external_ref": order.external_ref, "pickup": order.pickup, "currency": order.currency,
        "customer_id": customer.id, "customer_name": customer.name, "customer_email": customer.email,
        "customer_country": customer.country(),
        "order_shipping_minor": totals.shipping.amount_minor, "order_discount_minor": totals.discount.amount_minor,
        "order_tax_minor": totals.tax.amount_minor, "order_total_minor": totals.total.amount_minor,
        "order_paid_minor": order.paid.amount_minor, "order_credited_minor": order.credited.amount_minor,
    });
    let row = |line: &super::OrderLineView| {
        let of_line = json!({
            "line_no": line.line_no, "sku": line.sku, "name": line.name, "variant_id": line.variant_id,
            "quantity": line.quantity, "canceled": line.canceled, "returned": line.returned,
            "unit_price_minor": line.unit_price.amount_minor,
            "tax_included": line.tax_included, "discount_minor": line.discount.amount_minor,
            "line_total_minor": line.total.amount_minor,
            "tax_rate_ppm": line.tax.as_ref().map(|tax| tax.tax.rate_ppm),
            "tax_minor": line.tax.as_ref().map(|tax| tax.amount.amount_minor),
        });
        let (mut all, of_line) = (of_order.clone(), of_line);
        if let (Some(all), Value::Object(of_line)) = (all.as_object_mut(), of_line) {
            all.extend(of_line);
        }
        all
    };
    order.lines.iter().map(row).collect()
}

//! The orders of a batch: locked and read in two statements, written in a few of many rows each.
mod write;
pub use write::{insert_events, insert_orders, save_orders};

use super::rows::{Order, OrderLine, OrderRow, Shipment};
use crate::{
    catalog::LineTax,
    kernel::{Channel, LocationId, OrderId, PrincipalId, ReservationId, Result, ReturnId, ShipmentId, VariantId},
    orders::{
        model::{BundleComponent, Customer, LineDiscount, Mark, OrderStatus, ParcelProblem, ShippingCharge},
        store::choices::{ParcelLine, SourcedUnits},
    },
    platform::{
        db::{Json, Statement},
        group_commit::Patience,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use serde::Deserialize;
use std::collections::HashSet;

#[derive(QueryableByName)]
#[diesel(table_name = crate::orders::schema::orders)]
struct Found {
    id: OrderId,
    number: i64,
    channel: Channel,
    #[diesel(sql_type = Text)]
    currency: super::rows::CurrencyColumn,
    location_id: LocationId,
    reservation_id: ReservationId,
    status: OrderStatus,
    total_minor: i64,
    paid_minor: i64,
    refunded_minor: i64,
    customer: Json<Box<Customer>>,
    placed_by: PrincipalId,
    hold_expires_at: DateTime<Utc>,
    cancel_reason: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    also_from: Vec<LocationId>,
    authorized_minor: i64,
    credited_minor: i64,
    exchange_for: Option<ReturnId>,
    external_ref: Option<String>,
    is_pickup: bool,
    occurred_at: DateTime<Utc>,
    business_date: chrono::NaiveDate,
    marks: Vec<Mark>,
    sale_fingerprint: Option<Vec<u8>>,
    conflict_with: Option<OrderId>,
    reviewed_at: Option<DateTime<Utc>>,
    shipping_minor: i64,
    shipping: Option<Json<Box<ShippingCharge>>>,
    #[diesel(sql_type = Jsonb)]
    lines: Json<Vec<LineJson>>,
    #[diesel(sql_type = Jsonb)]
    shipments: Json<Vec<ShipmentJson>>,
}

#[derive(Deserialize)]
struct LineJson {
    line_no: i32,
    variant_id: VariantId,
    sku: String,
    name: String,
    quantity: i32,
    unit_minor: i64,
    total_minor: i64,
    canceled: i32,
    returned: i32,
    parts: Option<Json<Vec<BundleComponent>>>,
    returned_parts: Option<Json<Vec<SourcedUnits>>>,
    tax: Option<Json<LineTax>>,
    discount_minor: i64,
    discounts: Option<Json<Vec<LineDiscount>>>,
    tax_included: bool,
}

#[derive(Deserialize)]
struct ShipmentJson {
    id: ShipmentId,
    location_id: LocationId,
    carrier: Option<String>,
    tracking_number: Option<String>,
    shipped_at: DateTime<Utc>,
    delivered_at: Option<DateTime<Utc>>,
    version: i64,
    created_at: DateTime<Utc>,
    units: Json<Vec<SourcedUnits>>,
    problem: Option<ParcelProblem>,
    problem_at: Option<DateTime<Utc>>,
    return_id: Option<ReturnId>,
    lines: Json<Vec<ParcelLine>>,
}

impl From<Found> for OrderRow {
    #[expect(clippy::too_many_lines, reason = "a line for each column")]
    fn from(found: Found) -> Self {
        let order_id = found.id;
        let line = |l: LineJson| OrderLine {
            order_id,
            line_no: l.line_no,
            variant_id: l.variant_id,
            sku: l.sku,
            name: l.name,
            quantity: l.quantity,
            unit_minor: l.unit_minor,
            total_minor: l.total_minor,
            canceled: l.canceled,
            returned: l.returned,
            parts: l.parts,
            returned_parts: l.returned_parts,
            tax: l.tax,
            discount_minor: l.discount_minor,
            discounts: l.discounts,
            tax_included: l.tax_included,
        };
        let shipment = |s: ShipmentJson| Shipment {
            id: s.id,
            order_id,
            location_id: s.location_id,
            carrier: s.carrier,
            tracking_number: s.tracking_number,
            shipped_at: s.shipped_at,
            delivered_at: s.delivered_at,
            version: s.version,
            created_at: s.created_at,
            units: s.units,
            problem: s.problem,
            problem_at: s.problem_at,
            return_id: s.return_id,
            lines: s.lines,
        };
        Self {
            lines: found.lines.0.into_iter().map(line).collect(),
            shipments: found.shipments.0.into_iter().map(shipment).collect(),
            order: Order {
                id: found.id,
                number: found.number,
                channel: found.channel,
                currency: found.currency,
                location_id: found.location_id,
                reservation_id: found.reservation_id,
                status: found.status,
                total_minor: found.total_minor,
                paid_minor: found.paid_minor,
                refunded_minor: found.refunded_minor,
                customer: found.customer,
                placed_by: found.placed_by,
                hold_expires_at: found.hold_expires_at,
                cancel_reason: found.cancel_reason,
                version: found.version,
                created_at: found.created_at,
                updated_at: found.updated_at,
                also_from: found.also_from,
                authorized_minor: found.authorized_minor,
                credited_minor: found.credited_minor,
                exchange_for: found.exchange_for,
                external_ref: found.external_ref,
                is_pickup: found.is_pickup,
                occurred_at: found.occurred_at,
                business_date: found.business_date,
                marks: found.marks,
                sale_fingerprint: found.sale_fingerprint,
                conflict_with: found.conflict_with,
                reviewed_at: found.reviewed_at,
                shipping_minor: found.shipping_minor,
                shipping: found.shipping,
            },
        }
    }
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    id: Option<OrderId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    number: Option<i64>,
}

/// The orders of a batch: those it locked, those that others hold, and fresh numbers.
#[derive(Default)]
pub struct LockedOrders {
    pub rows: Vec<OrderRow>,
    pub locked_away: Vec<OrderId>,
    /// No one else gets them, once the transaction is committed.
    pub numbers: Vec<i64>,
}

/// Locks orders in order of id and fetches so many numbers for new ones; then, seeing all that was committed before the
/// locks were had, reads the orders whole. Those that others hold are left out and named if they are not waited for.
pub fn lock_orders(
    conn: &mut PgConnection,
    ids: Vec<OrderId>,
    numbers: usize,
    patience: Patience,
) -> Result<LockedOrders> {
    let sql = match patience {
        Patience::Wait => include_str!("../sql/lock_orders.sql"),
        Patience::SkipLocked => include_str!("../sql/lock_free_orders.sql"),
    };
    let taken: Vec<Taken> = Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(ids.clone())
        .bind::<Integer, _>(i32::try_from(numbers).unwrap_or(i32::MAX))
        .load(conn)?;
    let numbers = taken.iter().filter_map(|row| row.number).collect();
    if ids.is_empty() {
        return Ok(LockedOrders { numbers, ..LockedOrders::default() });
    }
    let locked: HashSet<_> = taken.into_iter().filter_map(|row| row.id).collect();
    let found: Vec<Found> =
        Statement::new(include_str!("../sql/read_orders.sql")).bind::<Array<SqlUuid>, _>(ids).load(conn)?;
    let (held, left): (Vec<_>, Vec<_>) = found.into_iter().partition(|row| locked.contains(&row.id));
    let rows = held.into_iter().map(OrderRow::from).collect();
    let locked_away = left.into_iter().map(|row| row.id).collect();
    Ok(LockedOrders { rows, locked_away, numbers })
}

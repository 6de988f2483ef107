//! Payments in PostgreSQL.
use super::schema::payments as p;
use crate::{
    kernel::{Currency, LocationId, OrderId, PaymentId, Result},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

crate::words! {
    /// Who takes the money.
    Gateway {
        /// A person or a till: cash, or a terminal that Coffret does not know.
        Manual = "manual",
    }
}

crate::words! {
    /// How a payment stands.
    PaymentStatus {
        /// The money is here.
        Captured = "captured",
        /// The money was given back.
        Refunded = "refunded",
    }
}
crate::words_in_sql!(Gateway, PaymentStatus);

/// A payment towards an order. Amounts are minor units of its currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payment {
    pub id: PaymentId,
    pub order_id: OrderId,
    #[serde(skip)]
    pub location_id: LocationId,
    pub gateway: Gateway,
    pub status: PaymentStatus,
    pub currency: Currency,
    pub authorised_minor: i64,
    pub captured_minor: i64,
    pub refunded_minor: i64,
    pub reference: Option<String>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct Row {
    id: PaymentId,
    order_id: OrderId,
    location_id: LocationId,
    gateway: Gateway,
    status: PaymentStatus,
    currency: String,
    authorised_minor: i64,
    captured_minor: i64,
    refunded_minor: i64,
    reference: Option<String>,
    version: i64,
    created_at: DateTime<Utc>,
    _updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Payment {
    type Error = crate::kernel::Error;
    fn try_from(row: Row) -> Result<Self> {
        let Row {
            id,
            order_id,
            location_id,
            gateway,
            status,
            authorised_minor,
            captured_minor,
            refunded_minor,
            reference,
            version,
            created_at,
            ..
        } = row;
        let currency = row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        Ok(Self {
            id,
            order_id,
            location_id,
            gateway,
            status,
            currency,
            authorised_minor,
            captured_minor,
            refunded_minor,
            reference,
            version,
            created_at,
        })
    }
}

/// The payments of orders of which something may still be given back, in order of id.
pub fn refundable(conn: &mut PgConnection, orders: Vec<OrderId>) -> Result<Vec<Payment>> {
    let open = p::table.filter(p::order_id.eq_any(orders)).filter(p::refunded_minor.lt(p::captured_minor));
    let rows: Vec<Row> = open.order(p::id).load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

/// Writes new payments, as they stand after the batch.
pub fn insert(bulk: &mut Bulk, rows: &[&Payment], now: DateTime<Utc>) {
    bulk.add("new_payments", rows.len(), || {
        Statement::new(include_str!("sql/insert.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.gateway.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.currency.code()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.authorised_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.captured_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.refunded_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.version).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.reference.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.created_at).collect::<Vec<_>>())
    });
}

/// Writes what was given back.
pub fn save_refunds(bulk: &mut Bulk, rows: &[&Payment], now: DateTime<Utc>) {
    bulk.add("saved_payments", rows.len(), || {
        Statement::new(include_str!("sql/refund.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.refunded_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.version).collect::<Vec<_>>())
    });
}

pub fn payments_of(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = p::table.filter(p::order_id.eq_any(orders)).order((p::created_at, p::id)).load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

pub fn payments_by_id(conn: &mut PgConnection, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = p::table.filter(p::id.eq_any(ids)).order(p::id).load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

//! Payments in PostgreSQL.
use super::{NewPayment, schema::payments as p};
use crate::{
    kernel::{Currency, LocationId, OrderId, PaymentId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
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

pub fn insert(tx: &mut Write, new: &NewPayment) -> Result<Payment> {
    let now = tx.now();
    let row = (
        p::id.eq(PaymentId::new()),
        p::order_id.eq(new.order),
        p::location_id.eq(new.location),
        p::gateway.eq(new.gateway),
        p::status.eq(PaymentStatus::Captured),
        p::currency.eq(new.amount.currency.code()),
        p::authorised_minor.eq(new.amount.amount_minor),
        p::captured_minor.eq(new.amount.amount_minor),
        p::reference.eq(&new.reference),
        p::created_at.eq(now),
        p::updated_at.eq(now),
    );
    diesel::insert_into(p::table).values(row).get_result::<Row>(tx.conn())?.try_into()
}

/// Refunds what is left of each payment and returns them with the amounts given back.
pub fn refund_all(tx: &mut Write, order: OrderId) -> Result<Vec<(Payment, i64)>> {
    let now = tx.now();
    let open: Vec<Row> = p::table
        .filter(p::order_id.eq(order))
        .filter(p::refunded_minor.lt(p::captured_minor))
        .order(p::id)
        .for_no_key_update()
        .load(tx.conn())?;
    open.into_iter()
        .map(|row| {
            let amount = row.captured_minor - row.refunded_minor;
            let set = (
                p::refunded_minor.eq(row.captured_minor),
                p::status.eq(PaymentStatus::Refunded),
                p::version.eq(p::version + 1),
                p::updated_at.eq(now),
            );
            let after: Row = diesel::update(p::table.find(row.id)).set(set).get_result(tx.conn())?;
            Ok((after.try_into()?, amount))
        })
        .collect()
}

pub fn payments_of(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = p::table.filter(p::order_id.eq_any(orders)).order((p::created_at, p::id)).load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

pub fn payments_by_id(conn: &mut PgConnection, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    let rows: Vec<Row> = p::table.filter(p::id.eq_any(ids)).order(p::id).load(conn)?;
    rows.into_iter().map(Payment::try_from).collect()
}

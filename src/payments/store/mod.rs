//! Payments in PostgreSQL.
mod batch;
mod rows;
mod sandbox;

use super::schema::{payment_operations as o, payments as p};
use crate::{
    kernel::{LocationId, OperationId, OrderId, PageRequest, PaymentId, Result},
    platform::db::Statement,
};
pub use batch::{insert, insert_operations, save, save_operations};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz, Uuid as SqlUuid},
};
use rows::PaymentRow;
pub use rows::{Operation, Payment};
pub use sandbox::{Call, Intent, IntentStatus, answer_of, call, calls_of, challenge, intent, keep_answer, keep_intent};

crate::text_enum_in_sql!(
    crate::payments::status::GatewayKind,
    crate::payments::status::PaymentStatus,
    crate::payments::status::OperationKind,
    crate::payments::status::OperationState
);

fn payments(rows: Vec<PaymentRow>) -> Result<Vec<Payment>> {
    rows.into_iter().map(Payment::try_from).collect()
}

/// The payments of orders, oldest first.
pub fn payments_of(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<Payment>> {
    payments(p::table.filter(p::order_id.eq_any(orders)).order((p::created_at, p::id)).load(conn)?)
}

pub fn payments_by_id(conn: &mut PgConnection, ids: &[PaymentId]) -> Result<Vec<Payment>> {
    payments(p::table.filter(p::id.eq_any(ids)).order(p::id).load(conn)?)
}

/// Money of one means in one currency, in minor units.
#[derive(QueryableByName)]
pub struct TakingRow {
    #[diesel(sql_type = Text)]
    pub means: String,
    #[diesel(sql_type = Text)]
    pub currency: String,
    #[diesel(sql_type = BigInt)]
    pub payments: i64,
    #[diesel(sql_type = BigInt)]
    pub captured: i64,
    #[diesel(sql_type = BigInt)]
    pub rounding: i64,
    #[diesel(sql_type = BigInt)]
    pub tips: i64,
    #[diesel(sql_type = BigInt)]
    pub refunded: i64,
}

/// Money that a location has taken and given back from one moment to another, by means and currency.
pub fn takings(
    conn: &mut PgConnection,
    location: LocationId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> QueryResult<Vec<TakingRow>> {
    Statement::new(include_str!("../sql/takings.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(to)
        .load(conn)
}

/// Payments of which something failed, oldest first, at most one more than the page.
pub fn failed_payments(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    page: &PageRequest<PaymentId>,
) -> Result<Vec<Payment>> {
    let failed = p::table
        .filter(p::failure.is_not_null())
        .filter(p::status.ne(crate::payments::status::PaymentStatus::Declined));
    let mut query = failed.order(p::id).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(p::location_id.eq_any(at));
    }
    if let Some(after) = page.after {
        query = query.filter(p::id.gt(after));
    }
    payments(query.load(conn)?)
}

/// The payment that a gateway knows by this id of its own.
pub fn payment_by_ref(
    conn: &mut PgConnection,
    gateway: crate::payments::status::GatewayKind,
    reference: &str,
) -> Result<Option<Payment>> {
    let found = p::table.filter(p::gateway.eq(gateway)).filter(p::gateway_ref.eq(reference)).load(conn)?;
    Ok(payments(found)?.pop())
}

/// The operations of orders that are still open, in the order in which it was asked.
pub fn open_operations(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<Operation>> {
    let open =
        o::table.filter(o::order_id.eq_any(orders)).filter(o::state.eq(crate::payments::status::OperationState::Open));
    Ok(open.order(o::id).load(conn)?)
}

/// The next operation of a payment at its gateway, due or not.
pub fn first_open(conn: &mut PgConnection, payment: PaymentId) -> Result<Option<Operation>> {
    let open =
        o::table.filter(o::payment_id.eq(payment)).filter(o::state.eq(crate::payments::status::OperationState::Open));
    Ok(open.order(o::id).first(conn).optional()?)
}

/// Payments whose next operation is due, the longest due first.
pub fn due(conn: &mut PgConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<PaymentId>> {
    #[derive(QueryableByName)]
    struct Due {
        #[diesel(sql_type = diesel::sql_types::Uuid)]
        payment_id: PaymentId,
    }
    let rows: Vec<Due> = Statement::new(include_str!("../sql/due.sql"))
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(most)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.payment_id).collect())
}

/// Notes that a gateway was asked in vain, and when to ask again.
pub fn put_off(
    conn: &mut PgConnection,
    id: OperationId,
    next_at: DateTime<Utc>,
    why: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let open = o::table.find(id).filter(o::state.eq(crate::payments::status::OperationState::Open));
    let set = (o::attempts.eq(o::attempts + 1), o::next_at.eq(next_at), o::failure.eq(why), o::updated_at.eq(now));
    diesel::update(open).set(set).execute(conn)?;
    Ok(())
}

/// Makes what is open of a payment due.
pub fn hurry(conn: &mut PgConnection, payment: PaymentId, now: DateTime<Utc>) -> Result<()> {
    let open =
        o::table.filter(o::payment_id.eq(payment)).filter(o::state.eq(crate::payments::status::OperationState::Open));
    diesel::update(open.filter(o::next_at.gt(now))).set((o::next_at.eq(now), o::updated_at.eq(now))).execute(conn)?;
    Ok(())
}

/// The time to wait after so many attempts in vain: twice as long each time, at most an hour.
pub fn pause(attempts: i32) -> Duration {
    Duration::seconds(5 << attempts.clamp(0, 10)).min(Duration::hours(1))
}

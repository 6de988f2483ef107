//! Orders that wait at the counters of stores.
use crate::{
    kernel::{LocationId, OrderId, PageRequest},
    orders::model,
    orders::schema::{orders as o, pickups as p},
    orders::store,
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};

crate::text_enum! {
    /// The status of a pickup.
    PickupStatus {
        /// It waits for its customer.
        Ready = "ready",
        /// It was handed over.
        Collected = "collected",
        /// It has waited too long.
        Expired = "expired",
        /// Its order was given up.
        Canceled = "canceled",
    }
}

/// An order at the counter of a store.
#[derive(Debug, Clone, Queryable)]
pub struct Pickup {
    pub order_id: OrderId,
    pub location_id: LocationId,
    pub status: PickupStatus,
    pub code: String,
    /// Wrong codes that were said.
    pub attempts: i32,
    pub ready_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub version: i64,
}

crate::text_enum_in_sql!(PickupStatus);

/// The pickups of orders.
pub fn pickups_of(conn: &mut PgConnection, orders: &[OrderId]) -> QueryResult<Vec<Pickup>> {
    p::table.filter(p::order_id.eq_any(orders)).load(conn)
}

/// Orders that have waited too long, the longest due first.
pub fn due_pickups(conn: &mut PgConnection, now: DateTime<Utc>, most: usize) -> QueryResult<Vec<OrderId>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let waiting = p::table.filter(p::status.eq(PickupStatus::Ready)).filter(p::expires_at.le(now));
    waiting.order((p::expires_at, p::order_id)).limit(most).select(p::order_id).load(conn)
}

/// Orders that customers will fetch, the oldest first, ready or still to be made so.
pub fn waiting(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    location: Option<LocationId>,
    page: &PageRequest<(DateTime<Utc>, OrderId)>,
) -> QueryResult<Vec<store::Order>> {
    use model::OrderStatus as S;
    let mut query = o::table.filter(o::is_pickup).limit(page.limit + 1).into_boxed();
    query = query.filter(o::status.eq_any([S::Confirmed, S::Processing]));
    if let Some(at) = at {
        query = query.filter(o::location_id.eq_any(at));
    }
    if let Some(location) = location {
        query = query.filter(o::location_id.eq(location));
    }
    if let Some((at, id)) = page.after {
        let beyond = sql::<Bool>("(created_at, id) > (").bind::<Timestamptz, _>(at).sql(", ");
        query = query.filter(beyond.bind::<SqlUuid, _>(id).sql(")"));
    }
    query.order((o::created_at, o::id)).load(conn)
}

/// Writes how pickups stand after the batch.
pub fn save_pickups(bulk: &mut Bulk, rows: &[&Pickup]) {
    bulk.add("saved_pickups", rows.len(), || {
        Statement::new(include_str!("sql/save_pickups.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.attempts).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.ready_at).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.expires_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|row| row.ended_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.version).collect::<Vec<_>>())
    });
}

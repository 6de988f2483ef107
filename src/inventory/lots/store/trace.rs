//! The traces of lots.
use crate::{
    kernel::{LocationId, LotId, OrderId, TransferId, VariantId},
    platform::db::Statement,
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An order that goods of a lot went to.
#[derive(Debug, Clone, QueryableByName)]
pub struct Reached {
    #[diesel(sql_type = SqlUuid)]
    pub order_id: OrderId,
    /// From where.
    #[diesel(sql_type = SqlUuid)]
    pub location_id: LocationId,
    #[diesel(sql_type = BigInt)]
    pub units: i64,
    #[diesel(sql_type = Timestamptz)]
    pub shipped_at: DateTime<Utc>,
}

/// A transfer that carried goods of a lot.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct Carried {
    /// Identifies the transfer.
    #[diesel(sql_type = SqlUuid)]
    pub transfer_id: TransferId,
    /// The location that sends the goods.
    #[diesel(sql_type = SqlUuid)]
    pub from_location_id: LocationId,
    /// The location that receives the goods.
    #[diesel(sql_type = SqlUuid)]
    pub to_location_id: LocationId,
    /// The state that it is in.
    #[diesel(sql_type = Text)]
    pub status: String,
    /// Units that were shipped.
    #[diesel(sql_type = BigInt)]
    pub shipped: i64,
    /// Units that are still on their way.
    #[diesel(sql_type = BigInt)]
    pub in_transit: i64,
}

/// Orders that goods of a lot went to, from some locations, in order of time.
pub fn reached_orders(conn: &mut PgConnection, lot: LotId, at: Option<Vec<LocationId>>) -> QueryResult<Vec<Reached>> {
    sql_query(include_str!("../sql/reached_orders.sql"))
        .bind::<SqlUuid, _>(lot)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .load(conn)
}

/// Transfers that carried goods of a lot, from or to some locations.
pub fn carried_by(conn: &mut PgConnection, lot: LotId, at: Option<Vec<LocationId>>) -> QueryResult<Vec<Carried>> {
    sql_query(include_str!("../sql/carried_by.sql"))
        .bind::<SqlUuid, _>(lot)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .load(conn)
}

/// Units of a variant, of one lot or of none, that an order was sent.
#[derive(Debug, QueryableByName)]
struct Sent {
    #[diesel(sql_type = SqlUuid)]
    variant_id: VariantId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lot_id: Option<LotId>,
    #[diesel(sql_type = Integer)]
    units: i32,
}

/// The units that an order was sent and that have not come back, lot by lot.
pub fn sent_to_order(
    conn: &mut PgConnection,
    order: OrderId,
    first: Option<LocationId>,
) -> QueryResult<Vec<(VariantId, Option<LotId>, i32)>> {
    let query = Statement::new(include_str!("../sql/sent_to_order.sql"));
    let query = query.bind::<SqlUuid, _>(order).bind::<Nullable<SqlUuid>, _>(first);
    let rows: Vec<Sent> = query.load(conn)?;
    Ok(rows.into_iter().map(|row| (row.variant_id, row.lot_id, row.units)).collect())
}

/// Orders and locations of the youngest promises whose goods are gone.
pub fn uncovered_allocations(conn: &mut PgConnection, levels: i64) -> QueryResult<Vec<(OrderId, LocationId)>> {
    #[derive(QueryableByName)]
    struct Promise {
        #[diesel(sql_type = SqlUuid)]
        order_id: OrderId,
        #[diesel(sql_type = SqlUuid)]
        location_id: LocationId,
    }
    let query = Statement::new(include_str!("../sql/uncovered_allocations.sql")).bind::<BigInt, _>(levels);
    let rows: Vec<Promise> = query.load(conn)?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.location_id)).collect())
}

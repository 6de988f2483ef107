//! Levels that run low.
use crate::{
    inventory::{
        replenishment::model::{Horizon, ReplenishmentScope, Sales},
        schema::accepted_finds as a,
    },
    kernel::{LocationId, OrderId, PageRequest, SupplierId, VariantId},
    platform::db::Write,
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Double, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};

/// A level that runs low, with what is to be done about it.
#[derive(Debug, QueryableByName)]
pub struct Low {
    #[diesel(sql_type = SqlUuid)]
    pub location_id: LocationId,
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Integer)]
    pub available: i32,
    #[diesel(sql_type = Integer)]
    pub in_transit: i32,
    #[diesel(sql_type = Integer)]
    pub reorder_threshold: i32,
    #[diesel(sql_type = Integer)]
    pub reorder_quantity: i32,
    #[diesel(sql_type = Integer)]
    pub safety_stock: i32,
    /// Units sold in the days over which demand is measured.
    #[diesel(sql_type = BigInt)]
    pub sold: i64,
    /// Units that suppliers still owe.
    #[diesel(sql_type = Integer)]
    pub on_order: i32,
    #[diesel(sql_type = Integer)]
    pub suggested: i32,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub source_id: Option<LocationId>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub source_surplus: Option<i32>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub supplier_id: Option<SupplierId>,
    #[diesel(sql_type = Nullable<Text>)]
    pub supplier_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub supplier_sku: Option<String>,
    /// The suggested quantity, in packs of the supplier.
    #[diesel(sql_type = Integer)]
    pub to_buy: i32,
}

/// Levels at or below their threshold at some locations, after a level, at most one more than the page, with what was
/// sold since a moment, so many days ago.
pub fn running_low(
    conn: &mut PgConnection,
    locations: &ReplenishmentScope<'_>,
    page: &PageRequest<(LocationId, VariantId)>,
    demand: Sales,
    horizon: Horizon,
) -> QueryResult<Vec<Low>> {
    let (at, seen, Sales { since, days }) = (locations.at.ids(), locations.sources.ids(), demand);
    sql_query(include_str!("sql/replenishment.sql"))
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<Nullable<SqlUuid>, _>(page.after.map(|key| key.0))
        .bind::<Nullable<SqlUuid>, _>(page.after.map(|key| key.1))
        .bind::<BigInt, _>(page.limit + 1)
        .bind::<Double, _>(f64::from(days))
        .bind::<Timestamptz, _>(since)
        .bind::<Nullable<Array<SqlUuid>>, _>(seen)
        .bind::<Integer, _>(horizon.most_found)
        .bind::<Integer, _>(i32::try_from(horizon.lead_days).unwrap_or(i32::MAX))
        .bind::<Integer, _>(i32::try_from(horizon.review_days).unwrap_or(i32::MAX))
        .load(conn)
}

/// Notes that someone has looked at what a sale has found.
pub fn accept_finds(tx: &mut Write, order: OrderId) -> QueryResult<usize> {
    let now = tx.now();
    let row = (a::order_id.eq(order), a::accepted_at.eq(now));
    diesel::insert_into(a::table).values(row).on_conflict_do_nothing().execute(tx.conn())
}

//! Costs of goods in PostgreSQL.
use crate::{
    inventory::{model::LevelKey, schema::cost_changes as c},
    kernel::{LocationId, PageRequest, PrincipalId, TransferId, VariantId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use uuid::Uuid;

/// Units of a transfer that left for the way, or came from it.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Transit {
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Integer)]
    pub quantity: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub unit_cost: Option<i64>,
    #[diesel(sql_type = Bool)]
    pub is_leaving: bool,
}

/// The moves of a transfer between its locations and the way, in the order in which they were written.
pub fn moves_in_transit(conn: &mut PgConnection, id: TransferId) -> QueryResult<Vec<Transit>> {
    Statement::new(include_str!("sql/moves_in_transit.sql")).bind::<SqlUuid, _>(id).load(conn)
}

/// The units on hand of a variant with their average cost.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Costed {
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Integer)]
    pub on_hand: i32,
    #[diesel(sql_type = Integer)]
    pub costed: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub average_cost: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// The stock of a location after a variant that has a cost, or lies there without one; at most one more than the page.
pub fn costs_at(
    conn: &mut PgConnection,
    location: LocationId,
    only: Option<Vec<VariantId>>,
    page: &PageRequest<VariantId>,
) -> QueryResult<Vec<Costed>> {
    Statement::new(include_str!("sql/costs_at.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<Nullable<Array<SqlUuid>>, _>(only)
        .bind::<Nullable<SqlUuid>, _>(page.after)
        .bind::<BigInt, _>(page.limit + 1)
        .load(conn)
}

/// An average cost that somebody has set.
#[derive(Debug, Clone)]
pub struct CostChange {
    pub id: Uuid,
    pub level_key: LevelKey,
    /// On hand at that moment.
    pub units: i32,
    pub costed_before: i32,
    pub average_before: Option<i64>,
    pub average_after: i64,
    pub note: Option<String>,
    pub actor: PrincipalId,
}

/// An average cost that somebody has set, as it was written down.
#[derive(Debug, Clone, Queryable)]
pub struct CostChanged {
    pub id: Uuid,
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub units: i32,
    pub costed_before: i32,
    pub average_before: Option<i64>,
    pub average_after: i64,
    pub note: Option<String>,
    pub actor_id: PrincipalId,
    pub changed_at: DateTime<Utc>,
}

/// The key by which changes of costs are listed: time, then id.
pub type CostChangeKey = (DateTime<Utc>, Uuid);

/// The averages that were set at a location, the latest first, at most one more than the page.
pub fn cost_changes(
    conn: &mut PgConnection,
    location: LocationId,
    only: Option<VariantId>,
    page: &PageRequest<CostChangeKey>,
) -> QueryResult<Vec<CostChanged>> {
    let all = c::table.filter(c::location_id.eq(location)).order((c::changed_at.desc(), c::id.desc()));
    let mut query = all.limit(page.limit + 1).into_boxed();
    if let Some(variant) = only {
        query = query.filter(c::variant_id.eq(variant));
    }
    if let Some((at, id)) = page.after {
        query = query.filter(c::changed_at.lt(at).or(c::changed_at.eq(at).and(c::id.lt(id))));
    }
    query.load(conn)
}

/// Notes averages that were set.
pub fn insert_cost_changes(bulk: &mut Bulk, rows: &[CostChange], now: DateTime<Utc>) {
    bulk.add("new_cost_changes", rows.len(), || {
        Statement::new(include_str!("sql/insert_cost_changes.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.level_key.0).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.level_key.1).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.units).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.costed_before).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(rows.iter().map(|row| row.average_before).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.average_after).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.note.clone()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.actor).collect::<Vec<_>>())
    });
}

#[derive(QueryableByName)]
struct Book {
    #[diesel(sql_type = Text)]
    currency: String,
}

/// Takes the currency for the books unless costs are known in another one, and returns the one that they are kept in.
pub fn take_currency(conn: &mut PgConnection, wanted: &str) -> QueryResult<String> {
    let row: Book =
        Statement::new(include_str!("sql/take_currency.sql")).bind::<Text, _>(wanted.to_owned()).get_result(conn)?;
    Ok(row.currency)
}

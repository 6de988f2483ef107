//! Orders that locations take a day.
use crate::{inventory::schema::locations as l, kernel::LocationId, platform::db::Statement};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Timestamptz, Uuid as SqlUuid},
};

/// A location that takes so many orders a day.
#[derive(Debug, Clone, Copy, QueryableByName)]
#[diesel(table_name = l)]
pub struct Capacity {
    pub id: LocationId,
    #[diesel(sql_type = Integer)]
    pub daily_orders: i32,
    /// Orders of today that it has to pack.
    #[diesel(sql_type = Integer)]
    pub taken: i32,
}

/// Locks those of some locations that take only so many orders a day, in order of id, and counts once they are locked:
/// no order is placed there meanwhile.
pub fn lock_capacities(conn: &mut PgConnection, ids: &[LocationId], now: DateTime<Utc>) -> QueryResult<Vec<Capacity>> {
    let limited: Vec<LocationId> = l::table
        .filter(l::id.eq_any(ids))
        .filter(l::daily_orders.is_not_null())
        .order(l::id)
        .select(l::id)
        .for_no_key_update()
        .load(conn)?;
    if limited.is_empty() {
        return Ok(vec![]);
    }
    let counting = Statement::new(include_str!("../sql/capacity.sql"));
    counting.bind::<Array<SqlUuid>, _>(limited).bind::<Timestamptz, _>(now).load(conn)
}

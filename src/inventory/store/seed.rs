//! Seeds as set-based statements.
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Integer, Timestamptz},
};

pub fn seed_locations(conn: &mut PgConnection, count: i32, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(include_str!("../sql/seed_locations.sql"))
        .bind::<Integer, _>(count)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

pub fn seed_levels(
    conn: &mut PgConnection,
    locations: i32,
    ranged_percent: i32,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    sql_query(include_str!("../sql/seed_levels.sql"))
        .bind::<Integer, _>(locations)
        .bind::<Integer, _>(ranged_percent)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

pub fn ship_history(conn: &mut PgConnection) -> QueryResult<()> {
    sql_query(include_str!("../sql/seed_history.sql")).execute(conn)?;
    Ok(())
}

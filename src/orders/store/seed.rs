//! The seed's statement, which looks across the tables of several modules.
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Integer, Timestamptz},
};

/// Writes so many delivered orders of the past.
pub fn seed(conn: &mut PgConnection, count: i32, locations: i32, variants: i32, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(include_str!("../sql/seed.sql"))
        .bind::<Integer, _>(count)
        .bind::<Integer, _>(locations)
        .bind::<Integer, _>(variants)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

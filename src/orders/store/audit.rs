//! The audit's query and the seed's, which are the only ones to look across the tables of several modules.
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Integer, Text, Timestamptz},
};

#[derive(QueryableByName)]
struct Difference {
    #[diesel(sql_type = Text)]
    invariant: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    detail: String,
}

pub fn differences(conn: &mut PgConnection) -> QueryResult<Vec<(String, String, String)>> {
    let found: Vec<Difference> = sql_query(include_str!("../sql/audit.sql")).load(conn)?;
    Ok(found.into_iter().map(|d| (d.invariant, d.subject, d.detail)).collect())
}

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

//! Places that seem able to fill a demand, found in the tables: where the index of what is available cannot tell.
use crate::{inventory::model::Demand, kernel::LocationId, platform::db::Statement};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    id: LocationId,
}

/// Locations looked at for one demand.
pub const CANDIDATES: usize = 8;

/// Which places may be looked at for a demand.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Only these; all, if none are named.
    pub at: Option<Vec<LocationId>>,
    /// Where the goods go (ISO 3166-1 alpha-2), if that is known.
    pub country: Option<String>,
    /// So many at most.
    pub most: usize,
    /// Days for which goods must still be good at the location's own day.
    pub good_for_days: i64,
    /// The moment by which days are told.
    pub now: DateTime<Utc>,
    /// The tables are asked, whatever the index says.
    pub by_tables: bool,
}

/// Locations that seem able to fill the demand, by priority.
pub fn candidates(conn: &mut PgConnection, demand: &Demand, reach: Reach) -> QueryResult<Vec<LocationId>> {
    // What is sold out is asked for again and again: told by one index, in a tenth of the time.
    if free_anywhere(conn, demand)?.iter().any(|of| i64::from(of.units) > of.free) {
        return Ok(vec![]);
    }
    located(conn, include_str!("../sql/candidates.sql"), demand, reach)
}

/// Locations that have something of the demand, by priority: those that have the most of it.
pub fn sources(conn: &mut PgConnection, demand: &Demand, reach: Reach) -> QueryResult<Vec<LocationId>> {
    if free_anywhere(conn, demand)?.iter().all(|of| of.free == 0) {
        return Ok(vec![]);
    }
    located(conn, include_str!("../sql/sources.sql"), demand, reach)
}

/// Units of a variant that are wanted, and those that all places together may promise at most.
#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Integer)]
    units: i32,
    #[diesel(sql_type = BigInt)]
    free: i64,
}

fn free_anywhere(conn: &mut PgConnection, demand: &Demand) -> QueryResult<Vec<Free>> {
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    let looking = Statement::new(include_str!("../sql/free_anywhere.sql"));
    looking.bind::<Array<SqlUuid>, _>(variants).bind::<Array<Integer>, _>(units).load(conn)
}

fn located(
    conn: &mut PgConnection,
    sql: &'static str,
    demand: &Demand,
    Reach { at, country, most, good_for_days, now, .. }: Reach,
) -> QueryResult<Vec<LocationId>> {
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    let rows: Vec<Candidate> = Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<Integer>, _>(units)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX))
        .bind::<Nullable<Text>, _>(country.clone())
        .bind::<Nullable<Text>, _>(country)
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(i32::try_from(good_for_days).unwrap_or(i32::MAX / 2))
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

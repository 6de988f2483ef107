//! Locations that seem able to fill a demand, found in the tables: where the index of what is available cannot tell.
use crate::{
    inventory::{
        index::{
            fewest_locations as cover,
            fewest_locations::{Giver, MOST_TOGETHER, Sources},
        },
        model::Demand,
    },
    kernel::{LocationId, VariantId},
    platform::db::Statement,
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use std::collections::HashMap;

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    id: LocationId,
}

/// Units of a line of a demand that a location has, and those that all locations have.
#[derive(QueryableByName)]
struct Units {
    #[diesel(sql_type = SqlUuid)]
    id: LocationId,
    /// Counted from 1.
    #[diesel(sql_type = BigInt)]
    line: i64,
    #[diesel(sql_type = Integer)]
    units: i32,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// Locations looked at for one demand.
pub const CANDIDATES: usize = 8;

/// Which locations may be looked at for a demand.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Only these; all, if none are named.
    pub at: Option<Vec<LocationId>>,
    /// None of these.
    pub except: Vec<LocationId>,
    /// Units of each level that are left to others.
    pub buffer: i32,
    /// The destination of the goods (ISO 3166-1 alpha-2), if that is known.
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
    let most = reach.most;
    let rows: Vec<Candidate> = reached(
        concat!(include_str!("sql/open_locations.sql"), include_str!("sql/candidates.sql")),
        demand,
        reach,
        most,
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Locations that together have the demand, or as much of it as there is.
pub fn sources(conn: &mut PgConnection, demand: &Demand, reach: Reach) -> QueryResult<Sources> {
    let wanted: Vec<(VariantId, i32)> = demand.iter().collect();
    if free_anywhere(conn, demand)?.iter().all(|of| of.free == 0) {
        let available = wanted.iter().map(|(variant, _)| (*variant, 0)).collect();
        return Ok(Sources { available, ..Sources::default() });
    }
    let (most, buffer) = (reach.most, reach.buffer);
    let looking = reached(
        concat!(include_str!("sql/open_locations.sql"), include_str!("sql/sources.sql")),
        demand,
        reach,
        MOST_TOGETHER,
    );
    let rows: Vec<Units> = looking.bind::<Integer, _>(buffer).load(conn)?;
    let mut available: HashMap<_, _> = wanted.iter().map(|(variant, _)| (*variant, 0)).collect();
    let mut givers: Vec<Giver> = vec![];
    for row in rows {
        let Some(line) = usize::try_from(row.line - 1).ok().filter(|line| *line < wanted.len()) else { continue };
        if let Some((variant, _)) = wanted.get(line) {
            available.insert(*variant, row.total);
        }
        // The rows of a location stand together.
        if givers.last().is_none_or(|last| last.location != row.id) {
            givers.push(Giver { location: row.id, gives: vec![0; wanted.len()] });
        }
        if let Some(units) = givers.last_mut().and_then(|last| last.gives.get_mut(line)) {
            *units = row.units;
        }
    }
    let units: Vec<_> = wanted.iter().map(|(_, units)| *units).collect();
    Ok(Sources { available, ..cover::cover(&units, &givers, most) })
}

/// Units of a variant that are wanted, and those that all locations together may promise at most.
#[derive(QueryableByName)]
struct Free {
    #[diesel(sql_type = Integer)]
    units: i32,
    #[diesel(sql_type = BigInt)]
    free: i64,
}

fn free_anywhere(conn: &mut PgConnection, demand: &Demand) -> QueryResult<Vec<Free>> {
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    let looking = Statement::new(include_str!("sql/free_anywhere.sql"));
    looking.bind::<Array<SqlUuid>, _>(variants).bind::<Array<Integer>, _>(units).load(conn)
}

/// A statement about a demand and the locations that may be looked at, so many rows of each kind at most.
fn reached(sql: &'static str, demand: &Demand, reach: Reach, most: usize) -> Statement {
    let Reach { at, except, country, good_for_days, now, .. } = reach;
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<Integer>, _>(units)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX))
        .bind::<Nullable<Text>, _>(country.clone())
        .bind::<Nullable<Text>, _>(country)
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(i32::try_from(good_for_days).unwrap_or(i32::MAX / 2))
        .bind::<Array<SqlUuid>, _>(except)
}

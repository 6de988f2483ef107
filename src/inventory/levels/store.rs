//! Stock levels: locked in (location, variant) order by the lanes alone, looked at by everyone.
use crate::{
    inventory::{model::LevelKey, schema::stock_levels, store::counters::Counters},
    kernel::{LocationId, PageRequest, Result, VariantId},
    platform::{db::Statement, group_commit::Patience},
};
use anyhow::Context;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Date, Integer, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid},
};
use serde_json::Value;
use std::{
    fmt,
    ops::{Deref, DerefMut},
};

/// A stock level as it stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
#[diesel(table_name = stock_levels)]
pub struct Level {
    pub location_id: LocationId,
    pub variant_id: VariantId,
    #[diesel(embed)]
    pub counters: Counters,
    pub safety_stock: i32,
    pub reorder_threshold: i32,
    pub reorder_quantity: i32,
    pub backorder_limit: i32,
    pub version: i64,
    /// Units that were promised when their goods had to be withdrawn.
    pub uncovered: i32,
    /// True if some of it came with a lot.
    pub has_lots: bool,
    /// The moment up to which it has been counted, by an approved count.
    pub counted_at: Option<DateTime<Utc>>,
    /// Units on hand of a known cost.
    pub costed: i32,
    /// The average cost of those, in ten-thousandths of a minor unit of the book currency.
    pub average_cost: Option<i64>,
}

impl Deref for Level {
    type Target = Counters;
    fn deref(&self) -> &Counters {
        &self.counters
    }
}

impl DerefMut for Level {
    fn deref_mut(&mut self) -> &mut Counters {
        &mut self.counters
    }
}

/// A level with what is known of the days until which its goods are good.
#[derive(Debug, Clone, QueryableByName)]
pub struct DatedLevel {
    #[diesel(embed)]
    pub level: Level,
    #[diesel(sql_type = Nullable<Jsonb>)]
    dated: Option<Value>,
    #[diesel(sql_type = Nullable<Date>)]
    pub today: Option<NaiveDate>,
}

/// Sellable units of a level by the last day on which they are good, and the day that it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    pub today: NaiveDate,
    pub units: Vec<(NaiveDate, i32)>,
}

impl Deref for DatedLevel {
    type Target = Level;
    fn deref(&self) -> &Level {
        &self.level
    }
}

impl DatedLevel {
    /// Sellable units by the last day on which they are good, where something expires.
    pub fn good_until(&self) -> Result<Vec<(NaiveDate, i32)>> {
        let Some(json) = &self.dated else { return Ok(vec![]) };
        Ok(serde_json::from_value(json.clone()).context("reading until when goods are good")?)
    }

    /// The days of its goods; none while nothing of it expires.
    pub fn dated(&self) -> Result<Option<Dated>> {
        let (Some(_), Some(today)) = (&self.dated, self.today) else { return Ok(None) };
        Ok(Some(Dated { today, units: self.good_until()? }))
    }
}

#[cfg(test)]
impl From<Level> for DatedLevel {
    fn from(level: Level) -> Self {
        Self { level, dated: None, today: None }
    }
}

impl Dated {
    /// Units that are not good for so many days more.
    pub fn shorter_than(&self, days: i64) -> i32 {
        let wanted = self.today + chrono::Duration::days(days);
        self.units.iter().filter(|(until, _)| *until < wanted).map(|(_, units)| units).sum()
    }
}

/// Locks rows in (location, variant) order, everywhere the same, so that no two locks wait in a circle.
pub fn lock_levels(
    conn: &mut PgConnection,
    level_keys: &[LevelKey],
    patience: Patience,
    now: DateTime<Utc>,
    with_days: bool,
) -> QueryResult<Vec<DatedLevel>> {
    let sql = match patience {
        Patience::Wait => include_str!("sql/lock_levels.sql"),
        Patience::SkipLocked => concat!(include_str!("sql/lock_levels.sql"), "skip locked"),
    };
    at(sql, level_keys, Some(now)).bind::<Bool, _>(with_days).load(conn)
}

/// Locks every row, in the same order.
pub fn lock_all_levels(conn: &mut PgConnection) -> QueryResult<()> {
    let sql = "select 1 from stock_levels order by location_id, variant_id for no key update";
    Statement::new(sql).execute(conn)?;
    Ok(())
}

/// Rows as they stand, without locks; their days as of now, unless another moment is told.
pub fn look_at_levels(
    conn: &mut PgConnection,
    level_keys: &[LevelKey],
    now: Option<DateTime<Utc>>,
) -> QueryResult<Vec<DatedLevel>> {
    at(include_str!("sql/look_at_levels.sql"), level_keys, now).load(conn)
}

fn at(sql: &'static str, level_keys: &[LevelKey], now: Option<DateTime<Utc>>) -> Statement {
    let (locations, variants): (Vec<_>, Vec<_>) = level_keys.iter().copied().unzip();
    Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(locations)
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Nullable<Timestamptz>, _>(now)
}

/// As much of a level as the index of what is available remembers.
#[derive(QueryableByName)]
pub struct Glance {
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Integer)]
    pub available: i32,
    #[diesel(sql_type = Integer)]
    pub backorder_limit: i32,
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    #[diesel(sql_type = Nullable<Jsonb>)]
    dated: Option<Value>,
}

impl Glance {
    /// Sellable units by the last day on which they are good, where something expires.
    pub fn good_until(self) -> Result<Vec<(NaiveDate, i32)>> {
        let Some(json) = self.dated else { return Ok(vec![]) };
        Ok(serde_json::from_value(json).context("reading until when goods are good")?)
    }
}

/// All levels of a location at a glance.
pub fn glance_at(conn: &mut PgConnection, location: LocationId) -> QueryResult<Vec<Glance>> {
    Statement::new(include_str!("sql/glance_at.sql")).bind::<SqlUuid, _>(location).load(conn)
}

/// All levels of a location, without the day that it is there.
pub fn all_levels_at(conn: &mut PgConnection, location: LocationId) -> QueryResult<Vec<DatedLevel>> {
    let sql = "select s.*, null::date as today from stock_levels as s where s.location_id = $1";
    Statement::new(sql).bind::<SqlUuid, _>(location).load(conn)
}

#[derive(QueryableByName)]
struct DayAt {
    #[diesel(sql_type = SqlUuid)]
    id: LocationId,
    #[diesel(sql_type = Date)]
    today: NaiveDate,
}

/// The day that it is at locations at a moment.
pub fn days_at(
    conn: &mut PgConnection,
    locations: &[LocationId],
    now: DateTime<Utc>,
) -> QueryResult<Vec<(LocationId, NaiveDate)>> {
    let rows: Vec<DayAt> = Statement::new(include_str!("sql/days_at.sql"))
        .bind::<Array<SqlUuid>, _>(locations.to_vec())
        .bind::<Timestamptz, _>(now)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.id, row.today)).collect())
}

/// A level that does not say yet until when its goods are good.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Undated {
    #[diesel(sql_type = SqlUuid)]
    pub location_id: LocationId,
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
}

impl fmt::Display for Undated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.variant_id, self.location_id)
    }
}

/// Levels that do not say yet until when their goods are good.
pub fn undated_levels(conn: &mut PgConnection, most: usize) -> QueryResult<Vec<Undated>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    Statement::new(include_str!("sql/undated_levels.sql")).bind::<BigInt, _>(most).load(conn)
}

/// Thresholds to be set; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thresholds {
    pub safety_stock: Option<i32>,
    pub reorder_threshold: Option<i32>,
    pub reorder_quantity: Option<i32>,
    pub backorder_limit: Option<i32>,
}

/// For each location its levels after a variant, at most one more than the page.
pub fn levels_at(
    conn: &mut PgConnection,
    at: &[LocationId],
    only: Option<&[VariantId]>,
    page: &PageRequest<VariantId>,
    now: DateTime<Utc>,
) -> QueryResult<Vec<DatedLevel>> {
    sql_query(include_str!("sql/levels_at.sql"))
        .bind::<Array<SqlUuid>, _>(at)
        .bind::<Nullable<SqlUuid>, _>(page.after)
        .bind::<Nullable<Array<SqlUuid>>, _>(only)
        .bind::<BigInt, _>(page.limit + 1)
        .bind::<Timestamptz, _>(now)
        .load(conn)
}

/// The levels of variants, at most so many locations each.
pub fn levels_of(
    conn: &mut PgConnection,
    variants: &[VariantId],
    at: Option<Vec<LocationId>>,
    most: i64,
    now: DateTime<Utc>,
) -> QueryResult<Vec<DatedLevel>> {
    sql_query(include_str!("sql/levels_of.sql"))
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<BigInt, _>(most)
        .bind::<Timestamptz, _>(now)
        .load(conn)
}

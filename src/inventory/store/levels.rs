//! Stock levels: locked in (location, variant) order by the lanes alone, looked at by everyone.
use crate::{
    inventory::{model::Demand, read::LevelKey, schema::stock_levels, stock::Spot},
    kernel::{LocationId, PageRequest, VariantId},
    platform::{db::Statement, intake::Patience},
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid},
};

/// A stock level as it stands in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = stock_levels)]
pub struct Level {
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub on_hand: i32,
    pub damaged: i32,
    pub quality_hold: i32,
    pub returned: i32,
    pub expired: i32,
    pub allocated: i32,
    pub reserved: i32,
    pub in_transit: i32,
    pub safety_stock: i32,
    pub reorder_threshold: i32,
    pub reorder_quantity: i32,
    pub backorder_limit: i32,
    pub version: i64,
    /// Units that were promised when their goods had to be withdrawn.
    pub uncovered: i32,
    /// Whether some of it came with a lot.
    pub has_lots: bool,
}

/// Locks rows in (location, variant) order, everywhere the same, so that no two locks wait in a circle.
pub fn lock_levels(conn: &mut PgConnection, spots: &[Spot], patience: Patience) -> QueryResult<Vec<Level>> {
    let sql = match patience {
        Patience::Wait => include_str!("../sql/lock_levels.sql"),
        Patience::SkipLocked => concat!(include_str!("../sql/lock_levels.sql"), "skip locked"),
    };
    at(sql, spots).load(conn)
}

/// Locks every row, in the same order.
pub fn lock_all_levels(conn: &mut PgConnection) -> QueryResult<()> {
    let sql = "select 1 from stock_levels order by location_id, variant_id for no key update";
    Statement::new(sql).execute(conn)?;
    Ok(())
}

/// Rows as they stand, without locks.
pub fn look_at_levels(conn: &mut PgConnection, spots: &[Spot]) -> QueryResult<Vec<Level>> {
    at(include_str!("../sql/look_at_levels.sql"), spots).load(conn)
}

fn at(sql: &'static str, spots: &[Spot]) -> Statement {
    let (locations, variants): (Vec<_>, Vec<_>) = spots.iter().copied().unzip();
    Statement::new(sql).bind::<Array<SqlUuid>, _>(locations).bind::<Array<SqlUuid>, _>(variants)
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
    page: &PageRequest<LevelKey>,
) -> QueryResult<Vec<Level>> {
    sql_query(include_str!("../sql/levels_at.sql"))
        .bind::<Array<SqlUuid>, _>(at)
        .bind::<Nullable<SqlUuid>, _>(page.after)
        .bind::<Nullable<Array<SqlUuid>>, _>(only)
        .bind::<BigInt, _>(page.limit + 1)
        .load(conn)
}

/// The levels of variants, at most so many places each.
pub fn levels_of(
    conn: &mut PgConnection,
    variants: &[VariantId],
    at: Option<Vec<LocationId>>,
    most: i64,
) -> QueryResult<Vec<Level>> {
    sql_query(include_str!("../sql/levels_of.sql"))
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<BigInt, _>(most)
        .load(conn)
}

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
}

/// Locations that seem able to fill the demand, by priority.
pub fn candidates(conn: &mut PgConnection, demand: &Demand, reach: Reach) -> QueryResult<Vec<LocationId>> {
    located(conn, include_str!("../sql/candidates.sql"), demand, reach)
}

/// Locations that have something of the demand, by priority: those that have the most of it.
pub fn sources(conn: &mut PgConnection, demand: &Demand, reach: Reach) -> QueryResult<Vec<LocationId>> {
    located(conn, include_str!("../sql/sources.sql"), demand, reach)
}

fn located(
    conn: &mut PgConnection,
    sql: &'static str,
    demand: &Demand,
    Reach { at, country, most }: Reach,
) -> QueryResult<Vec<LocationId>> {
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    let rows: Vec<Candidate> = Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<Integer>, _>(units)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX))
        .bind::<Nullable<Text>, _>(country.clone())
        .bind::<Nullable<Text>, _>(country)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

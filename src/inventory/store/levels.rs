//! Stock levels: locked in (location, variant) order, changed by deltas, guarded by the table's own checks.
use crate::{
    inventory::{model::Demand, read::LevelKey, rules::Delta, schema::stock_levels},
    kernel::{Code, Error, LocationId, PageRequest, Result, VariantId},
    platform::db::violated,
};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Integer, Nullable, Uuid as SqlUuid},
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
}

/// Locks rows in (location, variant) order, everywhere the same, so that no two locks wait in a circle.
pub fn lock_levels(conn: &mut PgConnection, rows: &[(LocationId, VariantId)]) -> QueryResult<Vec<Level>> {
    let (locations, variants): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
    sql_query(include_str!("../sql/lock_levels.sql"))
        .bind::<Array<SqlUuid>, _>(locations)
        .bind::<Array<SqlUuid>, _>(variants)
        .load(conn)
}

/// Adds the deltas and raises the versions, in one statement; returns the rows as they are now.
pub fn apply(conn: &mut PgConnection, deltas: &[Delta]) -> Result<Vec<Level>> {
    let of = |part: fn(&Delta) -> i32| deltas.iter().map(part).collect::<Vec<_>>();
    sql_query(include_str!("../sql/apply_deltas.sql"))
        .bind::<Array<SqlUuid>, _>(deltas.iter().map(|d| d.location).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(deltas.iter().map(|d| d.variant).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(of(|d| d.on_hand))
        .bind::<Array<Integer>, _>(of(|d| d.damaged))
        .bind::<Array<Integer>, _>(of(|d| d.quality_hold))
        .bind::<Array<Integer>, _>(of(|d| d.returned))
        .bind::<Array<Integer>, _>(of(|d| d.expired))
        .bind::<Array<Integer>, _>(of(|d| d.allocated))
        .bind::<Array<Integer>, _>(of(|d| d.reserved))
        .load(conn)
        .map_err(refused_by_check)
}

/// The last guard has refused what the rules let pass: the caller is told, and so is the log, for it is a fault.
fn refused_by_check(error: diesel::result::Error) -> Error {
    match violated(&error) {
        Some(constraint) if constraint.0.ends_with("_check") => {
            tracing::error!(constraint = constraint.0, "a check of stock_levels refused what the rules allowed");
            Error::refused(Code::BelowPromised, "the stock does not allow this change")
        }
        _ => error.into(),
    }
}

/// Makes an empty level where there is none.
pub fn insert_level(conn: &mut PgConnection, location: LocationId, variant: VariantId) -> QueryResult<()> {
    let row = (stock_levels::location_id.eq(location), stock_levels::variant_id.eq(variant));
    diesel::insert_into(stock_levels::table).values(row).on_conflict_do_nothing().execute(conn)?;
    Ok(())
}

/// Thresholds to be set; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = stock_levels)]
pub struct Thresholds {
    pub safety_stock: Option<i32>,
    pub reorder_threshold: Option<i32>,
    pub reorder_quantity: Option<i32>,
    pub backorder_limit: Option<i32>,
}

/// Sets thresholds, refused when they would leave less than what is promised.
pub fn set_thresholds(conn: &mut PgConnection, level: &Level, thresholds: &Thresholds) -> Result<Level> {
    diesel::update(stock_levels::table.find((level.location_id, level.variant_id)))
        .set((thresholds, stock_levels::version.eq(stock_levels::version + 1)))
        .get_result(conn)
        .map_err(|error| match violated(&error) {
            Some(constraint) if constraint.0.ends_with("available_check") => Error::refused(
                Code::BelowPromised,
                format!(
                    "the thresholds would leave less than what is promised: {} are available now",
                    level.available()
                ),
            ),
            _ => error.into(),
        })
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

/// Locations that seem able to fill the demand, by priority; at most eight.
pub fn candidates(
    conn: &mut PgConnection,
    demand: &Demand,
    at: Option<Vec<LocationId>>,
) -> QueryResult<Vec<LocationId>> {
    let (variants, units): (Vec<_>, Vec<_>) = demand.iter().unzip();
    let rows: Vec<Candidate> = sql_query(include_str!("../sql/candidates.sql"))
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<Integer>, _>(units)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

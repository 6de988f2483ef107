//! Counts in PostgreSQL.
use super::{AbcClass, Count, CountStatus};
use crate::{
    inventory::{
        counts::model::CountFilter,
        schema::{stock_count_lines as cl, stock_counts as c},
    },
    kernel::{Code, CountId, Error, LocationId, Locations, LotId, PageRequest, PrincipalId, Result, VariantId},
    platform::db::{Bulk, Statement, violated},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The head of a count.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = c)]
pub struct CountHead {
    /// Identifies the stock count.
    pub id: CountId,
    /// Identifies the location that is counted.
    pub location_id: LocationId,
    /// The state that it is in.
    pub status: CountStatus,
    /// The scope of the count, in words.
    pub scope: String,
    /// True if those who count are not told what the books say.
    pub is_blind: bool,
    /// The user who started the count.
    pub started_by: PrincipalId,
    /// The user who submitted the count.
    pub submitted_by: Option<PrincipalId>,
    /// The user who approved the count.
    pub approved_by: Option<PrincipalId>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was started, of which `at_start` of its lines speaks.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it ended; null while it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// The number that people use.
    pub number: i64,
}

/// A variant that is counted, or a lot of it; without a lot, what came without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = cl)]
pub struct CountLine {
    pub id: Uuid,
    pub count_id: CountId,
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    /// The units in the books when the count was started.
    pub at_start: i32,
    /// The units in the books at the moment at which it was counted.
    pub expected: Option<i32>,
    pub counted: Option<i32>,
    pub counted_at: Option<DateTime<Utc>>,
    pub counted_by: Option<PrincipalId>,
}

/// A count as it stands.
pub fn count(conn: &mut PgConnection, id: CountId) -> QueryResult<Option<Count>> {
    let head: Option<CountHead> = c::table.find(id).first(conn).optional()?;
    with_lines(conn, head)
}

/// The same, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: CountId) -> QueryResult<Option<Count>> {
    let head: Option<CountHead> = c::table.find(id).for_no_key_update().first(conn).optional()?;
    with_lines(conn, head)
}

fn with_lines(conn: &mut PgConnection, head: Option<CountHead>) -> QueryResult<Option<Count>> {
    let Some(head) = head else { return Ok(None) };
    let lines = cl::table.filter(cl::count_id.eq(head.id)).order((cl::variant_id, cl::lot_id)).load(conn)?;
    Ok(Some(Count { head, lines }))
}

/// Counts of locations, newest first, at most one more than the page; without their lines.
pub fn counts(
    conn: &mut PgConnection,
    locations: &Locations,
    filter: CountFilter,
    page: &PageRequest<CountId>,
) -> QueryResult<Vec<CountHead>> {
    let mut query = c::table.order(c::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(locations) = locations.ids() {
        query = query.filter(c::location_id.eq_any(locations));
    }
    if let Some(number) = filter.number {
        query = query.filter(c::number.eq(number));
    }
    if let Some(status) = filter.status {
        query = query.filter(c::status.eq(status));
    }
    if let Some(after) = page.after {
        query = query.filter(c::id.lt(after));
    }
    query.load(conn)
}

/// Writes a new count; refused while the location is being counted.
pub fn insert(conn: &mut PgConnection, count: &Count) -> Result<()> {
    let inserted = diesel::insert_into(c::table).values(count.head.clone()).execute(conn);
    inserted.map_err(|error| match violated(&error) {
        Some(constraint) if constraint.0 == "stock_counts_open_key" => {
            Error::refused(Code::CountInProgress, "the location is being counted: finish or cancel that count first")
        }
        _ => error.into(),
    })?;
    diesel::insert_into(cl::table).values(count.lines.clone()).execute(conn)?;
    Ok(())
}

/// The units in the books of one line of a sheet.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Booked {
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub lot_id: Option<LotId>,
    #[diesel(sql_type = Integer)]
    pub units: i32,
}

/// The lines of a sheet: all stock of a location, or of some variants, lot by lot; so many at most.
pub fn sheet(
    conn: &mut PgConnection,
    location: LocationId,
    only: Option<Vec<VariantId>>,
    most: i64,
) -> QueryResult<Vec<Booked>> {
    sql_query(include_str!("sql/sheet.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<Nullable<Array<SqlUuid>>, _>(only)
        .bind::<BigInt, _>(most)
        .load(conn)
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    variant_id: VariantId,
}

/// The variants of a class at a location, by what they sold since a moment.
pub fn of_class(
    conn: &mut PgConnection,
    location: LocationId,
    class: AbcClass,
    since: DateTime<Utc>,
) -> QueryResult<Vec<VariantId>> {
    let rows: Vec<Found> = sql_query(include_str!("sql/of_class.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<Timestamptz, _>(since)
        .bind::<Text, _>(class.as_str())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.variant_id).collect())
}

/// The units that were counted, of which lot, and when.
pub type Point = (VariantId, Option<LotId>, DateTime<Utc>);

#[derive(QueryableByName)]
struct Units {
    #[diesel(sql_type = Integer)]
    units: i32,
}

/// The units in the books at some moments of the past, in their order.
pub fn booked_at(conn: &mut PgConnection, location: LocationId, points: &[Point]) -> QueryResult<Vec<i32>> {
    at_points(conn, include_str!("sql/booked_at.sql"), location, points)
}

/// The units that were reported later and had moved before some moments of the past, in their order.
pub fn told_late(conn: &mut PgConnection, location: LocationId, points: &[Point]) -> QueryResult<Vec<i32>> {
    at_points(conn, include_str!("sql/told_late.sql"), location, points)
}

fn at_points(
    conn: &mut PgConnection,
    sql: &'static str,
    location: LocationId,
    points: &[Point],
) -> QueryResult<Vec<i32>> {
    let rows: Vec<Units> = Statement::new(sql)
        .bind::<SqlUuid, _>(location)
        .bind::<Array<SqlUuid>, _>(points.iter().map(|point| point.0).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(points.iter().map(|point| point.1).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(points.iter().map(|point| point.2).collect::<Vec<_>>())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| row.units).collect())
}

/// Writes counts as they are after a step, with the lines that it changed. Their heads are locked.
pub fn save(bulk: &mut Bulk, rows: &[Count]) {
    let heads: Vec<_> = rows.iter().map(|row| &row.head).collect();
    bulk.add("saved_counts", heads.len(), || {
        Statement::new(include_str!("sql/save_counts.sql"))
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(heads.iter().map(|h| h.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(heads.iter().map(|h| h.submitted_by).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(heads.iter().map(|h| h.approved_by).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(heads.iter().map(|h| h.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(heads.iter().map(|h| h.updated_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(heads.iter().map(|h| h.closed_at).collect::<Vec<_>>())
    });
    let lines: Vec<_> = rows.iter().flat_map(|row| &row.lines).copied().collect();
    bulk.add("saved_count_lines", lines.len(), || {
        Statement::new(include_str!("sql/save_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.count_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(lines.iter().map(|l| l.lot_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.at_start).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(lines.iter().map(|l| l.expected).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(lines.iter().map(|l| l.counted).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(lines.iter().map(|l| l.counted_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(lines.iter().map(|l| l.counted_by).collect::<Vec<_>>())
    });
}

crate::text_enum_in_sql!(CountStatus);

//! The ledger in time: the moves behind a level, what was there at a moment, and the closings that make it quick.
mod moves;
use crate::{
    inventory::schema::stock_moves,
    kernel::{LocationId, LotId, PageRequest, PrincipalId, VariantId},
    platform::db::Statement,
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
pub use moves::LedgerMove;
use uuid::Uuid;

/// The units of a variant that were physically there.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct UnitsByState {
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = Integer)]
    pub on_hand: i32,
    #[diesel(sql_type = Integer)]
    pub damaged: i32,
    #[diesel(sql_type = Integer)]
    pub quality_hold: i32,
    #[diesel(sql_type = Integer)]
    pub returned: i32,
    #[diesel(sql_type = Integer)]
    pub expired: i32,
}

/// A row of the ledger.
#[derive(Debug, Clone, QueryableByName)]
#[diesel(table_name = stock_moves)]
pub struct MoveRow {
    pub id: Uuid,
    pub variant_id: VariantId,
    pub quantity: i32,
    pub from_node: String,
    pub from_location_id: Option<LocationId>,
    pub from_condition: String,
    pub to_node: String,
    pub to_location_id: Option<LocationId>,
    pub to_condition: String,
    pub reason: String,
    pub cause_type: String,
    pub cause_id: Uuid,
    pub actor_id: PrincipalId,
    pub occurred_at: DateTime<Utc>,
    pub recorded_at: DateTime<Utc>,
    pub lot_id: Option<LotId>,
    pub note: Option<String>,
    /// In ten-thousandths of a minor unit of the book currency.
    pub unit_cost: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub lot: Option<String>,
}

#[derive(QueryableByName)]
struct SoldUnits {
    #[diesel(sql_type = SqlUuid)]
    variant_id: VariantId,
    #[diesel(sql_type = BigInt)]
    units: i64,
}

/// The units of each variant that have gone to customers since a moment.
pub fn sold_since(conn: &mut PgConnection, since: DateTime<Utc>) -> QueryResult<Vec<(VariantId, i64)>> {
    let rows: Vec<SoldUnits> =
        Statement::new(include_str!("sql/sold_since.sql")).bind::<Timestamptz, _>(since).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.variant_id, row.units)).collect())
}

/// A moment, and the moment up to which it was known what had happened by then.
#[derive(Debug, Clone, Copy)]
pub struct AsOf {
    pub moment: DateTime<Utc>,
    pub known_at: DateTime<Utc>,
}

/// A location's stock as it was at a moment, as far as it was known at another, after a variant, at most one row more
/// than the page.
pub fn as_of(
    conn: &mut PgConnection,
    location: LocationId,
    only: Option<Vec<VariantId>>,
    page: &PageRequest<VariantId>,
    at: AsOf,
) -> QueryResult<Vec<UnitsByState>> {
    diesel::sql_query(include_str!("sql/as_of.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<Nullable<SqlUuid>, _>(page.after)
        .bind::<Nullable<Array<SqlUuid>>, _>(only)
        .bind::<BigInt, _>(page.limit + 1)
        .bind::<Timestamptz, _>(at.moment.min(at.known_at))
        .bind::<Timestamptz, _>(at.known_at)
        .load(conn)
}

/// The moves of a level, newest first, before one of them, at most one more than the page.
pub fn moves_of(
    conn: &mut PgConnection,
    location: LocationId,
    variant: VariantId,
    page: &PageRequest<(DateTime<Utc>, Uuid)>,
) -> QueryResult<Vec<MoveRow>> {
    diesel::sql_query(include_str!("sql/moves_of.sql"))
        .bind::<SqlUuid, _>(variant)
        .bind::<SqlUuid, _>(location)
        .bind::<Nullable<Timestamptz>, _>(page.after.map(|key| key.0))
        .bind::<Nullable<SqlUuid>, _>(page.after.map(|key| key.1))
        .bind::<BigInt, _>(page.limit + 1)
        .load(conn)
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    recorded_at: Option<DateTime<Utc>>,
}

/// When the first move at or after a moment and before another was written down.
pub fn next_move(
    conn: &mut PgConnection,
    from: DateTime<Utc>,
    before: DateTime<Utc>,
) -> QueryResult<Option<DateTime<Utc>>> {
    let asking = diesel::sql_query(include_str!("sql/next_move.sql"));
    let found: Moment = asking.bind::<Timestamptz, _>(from).bind::<Timestamptz, _>(before).get_result(conn)?;
    Ok(found.recorded_at)
}

/// A move's place among those that were written down, and the moment before which the others are.
type Stretch = ((DateTime<Utc>, Uuid), DateTime<Utc>);

/// The moves that touch some locations, or any, in a stretch of the ledger.
pub fn moves_between(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    stretch: Stretch,
    most: i64,
) -> QueryResult<Vec<MoveRow>> {
    let ((recorded_at, id), before) = stretch;
    diesel::sql_query(include_str!("sql/moves_between.sql"))
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .bind::<Timestamptz, _>(recorded_at)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(before)
        .bind::<BigInt, _>(most)
        .load(conn)
}

#[derive(QueryableByName)]
struct Day {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
}

/// Lets one instance at a time close days.
pub fn lock_closing(conn: &mut PgConnection) -> QueryResult<usize> {
    Statement::new("select pg_advisory_xact_lock(5120261127)").execute(conn)
}

/// Closes the first day that is not closed and is over by now; returns it, or none if there is nothing to close.
pub fn close_next_day(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Option<NaiveDate>> {
    let next: Option<Day> =
        Statement::new(include_str!("sql/next_day.sql")).bind::<Timestamptz, _>(now).get_result(conn).optional()?;
    let Some(Day { day }) = next else { return Ok(None) };
    Statement::new(include_str!("sql/close_day.sql")).bind::<Date, _>(day).execute(conn)?;
    Statement::new("select inventory_close_month($1, clock_timestamp())").bind::<Date, _>(day).execute(conn)?;
    Ok(Some(day))
}

/// Makes the ledger's partitions for some months from a moment on; those that are there stay.
pub fn make_months(conn: &mut PgConnection, from: DateTime<Utc>, months: i32) -> QueryResult<()> {
    Statement::new(include_str!("sql/make_months.sql"))
        .bind::<Timestamptz, _>(from)
        .bind::<Integer, _>(months)
        .execute(conn)
        .map(|_| ())
}

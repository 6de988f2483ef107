//! Holds and their lines.
use crate::{
    inventory::{
        model::ReservationStatus,
        reservations::model::ReservationFilter,
        schema::{reservation_lines as rl, reservations as r},
        store::Allocation,
    },
    kernel::{LocationId, OrderId, PageRequest, PrincipalId, ReservationId, VariantId},
    platform::{db::Statement, group_commit::Patience},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Uuid as SqlUuid},
};

/// A hold.
#[derive(Debug, Clone, Queryable)]
pub struct Reservation {
    pub id: ReservationId,
    pub location_id: LocationId,
    pub status: ReservationStatus,
    pub reference: Option<String>,
    pub order_id: Option<OrderId>,
    pub principal_id: PrincipalId,
    pub expires_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    /// True if other holds stand for it now.
    pub is_replaced: bool,
}

/// A variant's part of a hold.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct ReservationLine {
    pub reservation_id: ReservationId,
    pub variant_id: VariantId,
    pub quantity: i32,
    pub level_version: i64,
}

/// A hold as a lane locks it: with its lines, and the promises it became that are still open.
pub struct HeldRow {
    pub reservation: Reservation,
    pub lines: Vec<ReservationLine>,
    pub open: Vec<Allocation>,
}

#[derive(QueryableByName)]
#[diesel(table_name = r)]
struct Found {
    id: ReservationId,
    location_id: LocationId,
    status: ReservationStatus,
    reference: Option<String>,
    order_id: Option<OrderId>,
    principal_id: PrincipalId,
    expires_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    version: i64,
    created_at: DateTime<Utc>,
    is_replaced: bool,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    line_variants: Option<Vec<VariantId>>,
    #[diesel(sql_type = Nullable<Array<Integer>>)]
    line_quantities: Option<Vec<i32>>,
    #[diesel(sql_type = Nullable<Array<BigInt>>)]
    line_versions: Option<Vec<i64>>,
    #[diesel(sql_type = Array<SqlUuid>)]
    open_variants: Vec<VariantId>,
    #[diesel(sql_type = Array<Integer>)]
    open_quantities: Vec<i32>,
}

impl From<Found> for HeldRow {
    fn from(found: Found) -> Self {
        let Found { id, location_id, status, reference, order_id, principal_id, expires_at, closed_at, .. } = found;
        let (version, created_at) = (found.version, found.created_at);
        let variants = found.line_variants.unwrap_or_default().into_iter();
        let numbers =
            found.line_quantities.unwrap_or_default().into_iter().zip(found.line_versions.unwrap_or_default());
        let line = |(variant_id, (quantity, level_version))| ReservationLine {
            reservation_id: id,
            variant_id,
            quantity,
            level_version,
        };
        let open = |(variant_id, quantity)| Allocation { reservation_id: id, location_id, variant_id, quantity };
        Self {
            lines: variants.zip(numbers).map(line).collect(),
            open: found.open_variants.into_iter().zip(found.open_quantities).map(open).collect(),
            reservation: Reservation {
                id,
                location_id,
                status,
                reference,
                order_id,
                principal_id,
                expires_at,
                closed_at,
                version,
                created_at,
                is_replaced: found.is_replaced,
            },
        }
    }
}

/// Locks holds by id, or by the order they are for, in order of id.
pub fn lock_holds(
    conn: &mut PgConnection,
    ids: Vec<ReservationId>,
    orders: Vec<OrderId>,
    patience: Patience,
) -> QueryResult<Vec<HeldRow>> {
    let sql = match patience {
        Patience::Wait => include_str!("sql/lock_holds.sql"),
        Patience::SkipLocked => concat!(include_str!("sql/lock_holds.sql"), "skip locked"),
    };
    let found: Vec<Found> =
        Statement::new(sql).bind::<Array<SqlUuid>, _>(ids).bind::<Array<SqlUuid>, _>(orders).load(conn)?;
    Ok(found.into_iter().map(HeldRow::from).collect())
}

/// Which of these holds are there, by id or order, locked or not.
pub fn holds_there(
    conn: &mut PgConnection,
    ids: &[ReservationId],
    orders: &[OrderId],
) -> QueryResult<Vec<(ReservationId, Option<OrderId>)>> {
    let of_orders = r::order_id.eq_any(orders).assume_not_null().and(r::is_replaced.eq(false));
    let wanted = r::id.eq_any(ids).or(of_orders);
    r::table.filter(wanted).select((r::id, r::order_id)).load(conn)
}

/// Holds whose time has come, the longest due first.
pub fn due_reservations(conn: &mut PgConnection, now: DateTime<Utc>, most: usize) -> QueryResult<Vec<ReservationId>> {
    r::table
        .filter(r::status.eq(ReservationStatus::Active))
        .filter(r::expires_at.le(now))
        .order((r::expires_at, r::id))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(r::id)
        .load(conn)
}

pub fn reservations_by_id(conn: &mut PgConnection, ids: &[ReservationId]) -> QueryResult<Vec<Reservation>> {
    r::table.filter(r::id.eq_any(ids)).order(r::id).load(conn)
}

/// A page of reservations, the newest first.
pub fn reservations_page(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &ReservationFilter,
    page: &PageRequest<ReservationId>,
) -> QueryResult<Vec<Reservation>> {
    let mut query = r::table.order(r::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(r::location_id.eq_any(at));
    }
    if let Some(location) = filter.location {
        query = query.filter(r::location_id.eq(location));
    }
    if let Some(status) = filter.status {
        query = query.filter(r::status.eq(status));
    }
    if let Some(reference) = &filter.reference {
        query = query.filter(r::reference.eq(reference));
    }
    if let Some(after) = page.after {
        query = query.filter(r::id.lt(after));
    }
    query.load(conn)
}

pub fn reservations_of(conn: &mut PgConnection, orders: &[OrderId]) -> QueryResult<Vec<Reservation>> {
    r::table.filter(r::order_id.eq_any(orders).assume_not_null()).order(r::id).load(conn)
}

pub fn reservation_lines(conn: &mut PgConnection, ids: &[ReservationId]) -> QueryResult<Vec<ReservationLine>> {
    rl::table.filter(rl::reservation_id.eq_any(ids)).order((rl::reservation_id, rl::variant_id)).load(conn)
}

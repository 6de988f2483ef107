//! Holds and their lines.
use super::levels::Level;
use crate::{
    inventory::{
        NewHold,
        model::{Demand, ReservationStatus},
        schema::{reservation_lines as rl, reservations as r},
    },
    kernel::{LocationId, OrderId, PrincipalId, ReservationId, Result, VariantId},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// A hold.
#[derive(Debug, Clone, Queryable)]
pub struct Reservation {
    pub id: ReservationId,
    pub location_id: LocationId,
    pub status: ReservationStatus,
    pub reference: Option<String>,
    pub order_id: Option<OrderId>,
    _principal_id: PrincipalId,
    pub expires_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

/// A variant's part of a hold.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct ReservationLine {
    pub reservation_id: ReservationId,
    pub variant_id: VariantId,
    pub quantity: i32,
    pub level_version: i64,
}

pub fn insert_reservation(tx: &mut Write, new: &NewHold) -> Result<Reservation> {
    let now = tx.now();
    let row = (
        r::id.eq(ReservationId::new()),
        r::location_id.eq(new.location),
        r::reference.eq(&new.reference),
        r::order_id.eq(new.order),
        r::principal_id.eq(new.principal),
        r::expires_at.eq(new.expires_at),
        r::created_at.eq(now),
    );
    Ok(diesel::insert_into(r::table).values(row).get_result(tx.conn())?)
}

pub fn insert_reservation_lines(
    conn: &mut PgConnection,
    id: ReservationId,
    demand: &Demand,
    levels: &[Level],
) -> QueryResult<()> {
    let version_of = |variant| levels.iter().find(|l| l.variant_id == variant).map_or(0, |l| l.version);
    let row = |(variant, units)| {
        (
            rl::reservation_id.eq(id),
            rl::variant_id.eq(variant),
            rl::quantity.eq(units),
            rl::level_version.eq(version_of(variant)),
        )
    };
    diesel::insert_into(rl::table).values(demand.iter().map(row).collect::<Vec<_>>()).execute(conn)?;
    Ok(())
}

pub fn lock_reservation(conn: &mut PgConnection, id: ReservationId) -> QueryResult<Option<Reservation>> {
    r::table.find(id).for_no_key_update().first(conn).optional()
}

/// Holds whose time has come, the longest due first.
pub fn due_reservations(conn: &mut PgConnection, now: DateTime<Utc>, most: i64) -> QueryResult<Vec<ReservationId>> {
    r::table
        .filter(r::status.eq(ReservationStatus::Active))
        .filter(r::expires_at.le(now))
        .order((r::expires_at, r::id))
        .limit(most)
        .select(r::id)
        .load(conn)
}

/// A hold that is still active, locked; none if someone else works on it.
pub fn lock_due_reservation(conn: &mut PgConnection, id: ReservationId) -> QueryResult<Option<Reservation>> {
    let active = r::table.find(id).filter(r::status.eq(ReservationStatus::Active));
    active.for_no_key_update().skip_locked().first(conn).optional()
}

pub fn close_reservation(tx: &mut Write, id: ReservationId, status: ReservationStatus) -> Result<Reservation> {
    let now = tx.now();
    let set = (r::status.eq(status), r::closed_at.eq(now), r::version.eq(r::version + 1));
    Ok(diesel::update(r::table.find(id).filter(r::status.eq(ReservationStatus::Active)))
        .set(set)
        .get_result(tx.conn())?)
}

pub fn reservations_by_id(conn: &mut PgConnection, ids: &[ReservationId]) -> QueryResult<Vec<Reservation>> {
    r::table.filter(r::id.eq_any(ids)).order(r::id).load(conn)
}

pub fn reservation_lines(conn: &mut PgConnection, ids: &[ReservationId]) -> QueryResult<Vec<ReservationLine>> {
    rl::table.filter(rl::reservation_id.eq_any(ids)).order((rl::reservation_id, rl::variant_id)).load(conn)
}

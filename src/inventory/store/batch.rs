//! The changes of a batch, as statements of many rows each.
use crate::{
    inventory::{
        costs::UnitCost,
        ledger::LedgerMove,
        levels::store::Level,
        lots::model::LotPiece,
        model::{AllocationStatus, State},
        movement::Endpoint,
        stock::{AllocationChange, HeldReservation},
    },
    kernel::{AllocationId, LocationId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

/// Writes levels as they are after the batch. The rows are locked, so each still has the version it was read with;
/// one that has not is a broken promise and rolls the batch back.
pub fn save_levels(bulk: &mut Bulk, levels: &[SavedLevel]) {
    bulk.add("saved_levels", levels.len(), || {
        let before = levels.iter().map(|saved| saved.before.unwrap_or(0)).collect::<Vec<_>>();
        columns(include_str!("../sql/save_levels.sql"), levels).bind::<Array<BigInt>, _>(before)
    });
}

/// A level to be written.
#[derive(Debug, Clone)]
pub struct SavedLevel {
    pub level: Level,
    /// The version in the table; none for a row still to be made.
    pub before: Option<i64>,
    /// The days until which its goods are good, where physical work has changed them.
    pub dated: Option<Value>,
}

/// Makes levels where there has been nothing, with all that has happened to them in the batch.
pub fn insert_levels(bulk: &mut Bulk, levels: &[SavedLevel]) {
    bulk.add("new_levels", levels.len(), || columns(include_str!("../sql/insert_levels.sql"), levels));
}

fn columns(sql: &'static str, saved: &[SavedLevel]) -> Statement {
    let levels: Vec<_> = saved.iter().map(|saved| saved.level).collect();
    let of = |part: fn(&Level) -> i32| levels.iter().map(part).collect::<Vec<_>>();
    Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(levels.iter().map(|l| l.location_id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(levels.iter().map(|l| l.variant_id).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(of(|l| l.on_hand))
        .bind::<Array<Integer>, _>(of(|l| l.damaged))
        .bind::<Array<Integer>, _>(of(|l| l.quality_hold))
        .bind::<Array<Integer>, _>(of(|l| l.returned))
        .bind::<Array<Integer>, _>(of(|l| l.expired))
        .bind::<Array<Integer>, _>(of(|l| l.allocated))
        .bind::<Array<Integer>, _>(of(|l| l.reserved))
        .bind::<Array<Integer>, _>(of(|l| l.in_transit))
        .bind::<Array<Integer>, _>(of(|l| l.safety_stock))
        .bind::<Array<Integer>, _>(of(|l| l.reorder_threshold))
        .bind::<Array<Integer>, _>(of(|l| l.reorder_quantity))
        .bind::<Array<Integer>, _>(of(|l| l.backorder_limit))
        .bind::<Array<BigInt>, _>(levels.iter().map(|l| l.version).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(of(|l| l.uncovered))
        .bind::<Array<Bool>, _>(levels.iter().map(|l| l.has_lots).collect::<Vec<_>>())
        .bind::<Array<Nullable<Jsonb>>, _>(saved.iter().map(|saved| saved.dated.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Timestamptz>>, _>(levels.iter().map(|l| l.counted_at).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(of(|l| l.costed))
        .bind::<Array<Nullable<BigInt>>, _>(levels.iter().map(|l| l.average_cost).collect::<Vec<_>>())
}

/// Writes new holds with their lines.
pub fn insert_reservations(bulk: &mut Bulk, holds: &[&HeldReservation]) {
    let rows: Vec<_> = holds.iter().map(|held| &held.reservation).collect();
    bulk.add("new_reservations", rows.len(), || {
        Statement::new(include_str!("../sql/insert_reservations.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|r| r.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.reference.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|r| r.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.principal_id).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|r| r.expires_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|r| r.closed_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|r| r.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|r| r.created_at).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|r| r.is_replaced).collect::<Vec<_>>())
    });
    let lines: Vec<_> = holds.iter().flat_map(|held| &held.lines).copied().collect();
    bulk.add("new_reservation_lines", lines.len(), || {
        Statement::new(include_str!("../sql/insert_reservation_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.reservation_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.quantity).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.level_version).collect::<Vec<_>>())
    });
}

/// Writes how holds stand after the batch.
pub fn save_reservations(bulk: &mut Bulk, holds: &[&HeldReservation]) {
    let rows: Vec<_> = holds.iter().map(|held| &held.reservation).collect();
    bulk.add("saved_reservations", rows.len(), || {
        Statement::new(include_str!("../sql/save_reservations.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|r| r.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|r| r.expires_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|r| r.closed_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|r| r.version).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|r| r.is_replaced).collect::<Vec<_>>())
    });
}

/// Writes new promises, as they stand after the batch.
pub fn insert_allocations(bulk: &mut Bulk, rows: &[AllocationChange], now: DateTime<Utc>) {
    bulk.add("new_allocations", rows.len(), || {
        let closed_at = |row: &AllocationChange| (row.status != AllocationStatus::Open).then_some(now);
        Statement::new(include_str!("../sql/insert_allocations.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|_| AllocationId::new()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.allocation.location_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.allocation.variant_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.allocation.quantity).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(closed_at).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.allocation.reservation_id).collect::<Vec<_>>())
    });
}

/// Ends promises of earlier batches.
pub fn close_allocations(bulk: &mut Bulk, rows: &[AllocationChange], now: DateTime<Utc>) {
    bulk.add("closed_allocations", rows.len(), || {
        Statement::new(include_str!("../sql/close_allocations.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.allocation.reservation_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.allocation.variant_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
    });
}

/// Adds moves to the ledger.
pub fn insert_moves(bulk: &mut Bulk, moves: Vec<LedgerMove>, now: DateTime<Utc>) {
    bulk.add("new_moves", moves.len(), move || {
        let from: Vec<_> = moves.iter().map(|m| node_of(m.carry.from)).collect();
        let to: Vec<_> = moves.iter().map(|m| node_of(m.carry.to)).collect();
        Statement::new(include_str!("../sql/insert_moves.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(moves.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(moves.iter().map(|m| m.carry.variant).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(moves.iter().map(|m| m.carry.units).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(from.iter().map(|end| end.0).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(from.iter().map(|end| end.1).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(from.iter().map(|end| end.2).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(to.iter().map(|end| end.0).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(to.iter().map(|end| end.1).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(to.iter().map(|end| end.2).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(moves.iter().map(|m| m.carry.reason.to_string()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(moves.iter().map(|m| m.cause.0).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(moves.iter().map(|m| m.cause.1).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(moves.iter().map(|m| m.actor).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(moves.iter().map(|m| m.occurred_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(moves.iter().map(|m| m.carry.lot).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(moves.iter().map(|m| m.note.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(
                moves.iter().map(|m| m.carry.cost.map(UnitCost::parts)).collect::<Vec<_>>(),
            )
    });
}

/// An end as the ledger writes it: node, location, condition.
fn node_of(end: Endpoint) -> (&'static str, Option<LocationId>, &'static str) {
    match end {
        Endpoint::At(location, state) => ("location", Some(location), state.condition()),
        Endpoint::Away(node) => (node.as_str(), None, State::OnHand.condition()),
    }
}

/// Writes how many units of lots are where after the batch.
pub fn save_lot_balances(bulk: &mut Bulk, rows: &[(LotPiece, i32)]) {
    bulk.add("saved_lot_balances", rows.len(), || {
        Statement::new(include_str!("../sql/save_lot_balances.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|(p, _)| p.location).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|(p, _)| p.variant).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|(p, _)| p.lot).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|(p, _)| p.state.condition()).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|(_, units)| *units).collect::<Vec<_>>())
    });
}

//! Moves of stock on their way out, in the order in which they were written down.
use super::{history::MoveKey, store};
use crate::{
    catalog,
    inventory::{costs::UnitCost, read::locations_by_id},
    kernel::{LocationId, Locations, Result},
    platform::db::Read,
};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Moves in a page at most.
const PAGE: i64 = 2_000;

/// The columns of moves.
pub const MOVE_COLUMNS: [&str; 20] = [
    "move_id",
    "recorded_at",
    "occurred_at",
    "sku",
    "quantity",
    "from_node",
    "from_location",
    "from_condition",
    "to_node",
    "to_location",
    "to_condition",
    "reason",
    "cause_type",
    "cause_id",
    "lot",
    "note",
    "unit_cost_minor",
    "actor_id",
    "variant_id",
    "lot_id",
];

/// The moves that are wanted: those that touch one of the places, written down in a time.
#[derive(Debug, Clone)]
pub struct MovesOf {
    pub places: Locations,
    /// The places whose costs may be seen.
    pub costs: Locations,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// The rows after a move, and the place after them. The ledger is read a day at a time.
pub fn export_moves(db: &mut Read, of: &MovesOf, after: Option<MoveKey>) -> Result<(Vec<Value>, Option<MoveKey>)> {
    // Days on which nothing moved are passed over.
    let from = after.map_or(of.from, |key| key.0);
    let Some(start) = store::next_move(db.conn(), from, of.to)? else { return Ok((vec![], None)) };
    let end = start.checked_add_signed(Duration::days(1)).map_or(of.to, |end| end.min(of.to));
    let after = after.filter(|key| key.0 >= start).unwrap_or((start, Uuid::nil()));
    let moves = store::moves_between(db.conn(), of.places.ids(), (after, end), PAGE)?;
    let is_full = i64::try_from(moves.len()).is_ok_and(|count| count == PAGE);
    let next = match moves.last() {
        Some(last) if is_full => Some((last.recorded_at, last.id)),
        _ => (end < of.to).then_some((end, Uuid::nil())),
    };
    let ids: Vec<_> = moves.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &ids)?.into_iter().map(|one| (one.id, one.sku)).collect();
    let ids: Vec<_> = moves.iter().flat_map(|row| [row.from_location_id, row.to_location_id]).flatten().collect();
    let places = locations_by_id(db, &Locations::Everywhere, &ids)?;
    let codes: HashMap<_, _> = places.into_iter().map(|place| (place.id, place.code)).collect();
    let code = |id: Option<LocationId>| id.and_then(|id| codes.get(&id));
    let row = |row: store::MoveRow| {
        let ends = [row.from_location_id, row.to_location_id];
        let may_see = ends.into_iter().flatten().any(|place| of.costs.include(place));
        let cost = row.unit_cost.filter(|_| may_see).map(|cost| UnitCost::of_parts(cost).minor());
        json!({
            "move_id": row.id, "recorded_at": row.recorded_at, "occurred_at": row.occurred_at,
            "sku": skus.get(&row.variant_id), "quantity": row.quantity,
            "from_node": row.from_node, "from_location": code(row.from_location_id),
            "from_condition": row.from_condition,
            "to_node": row.to_node, "to_location": code(row.to_location_id), "to_condition": row.to_condition,
            "reason": row.reason, "cause_type": row.cause_type, "cause_id": row.cause_id,
            "lot": row.lot, "note": row.note, "unit_cost_minor": cost, "actor_id": row.actor_id,
            "variant_id": row.variant_id, "lot_id": row.lot_id,
        })
    };
    Ok((moves.into_iter().map(row).collect(), next))
}

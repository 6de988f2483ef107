//! The ledger: rows are added, never changed.
use crate::{
    inventory::schema::stock_moves as m,
    kernel::{LocationId, PrincipalId, VariantId},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// Units on their way from one node and condition to another.
#[derive(Debug, Clone)]
pub struct Move {
    pub variant: VariantId,
    pub quantity: i32,
    pub from: (&'static str, Option<LocationId>, &'static str),
    pub to: (&'static str, Option<LocationId>, &'static str),
    pub reason: &'static str,
    pub cause: (&'static str, Uuid),
    pub actor: PrincipalId,
    pub occurred_at: DateTime<Utc>,
}

/// Adds moves to the ledger.
pub fn insert_moves(conn: &mut PgConnection, moves: &[Move], now: DateTime<Utc>) -> QueryResult<()> {
    let row = |moved: &Move| {
        (
            (
                m::id.eq(Uuid::now_v7()),
                m::variant_id.eq(moved.variant),
                m::quantity.eq(moved.quantity),
                m::from_node.eq(moved.from.0),
                m::from_location_id.eq(moved.from.1),
                m::from_condition.eq(moved.from.2),
                m::to_node.eq(moved.to.0),
                m::to_location_id.eq(moved.to.1),
                m::to_condition.eq(moved.to.2),
            ),
            (
                m::reason.eq(moved.reason),
                m::cause_type.eq(moved.cause.0),
                m::cause_id.eq(moved.cause.1),
                m::actor_id.eq(moved.actor),
                m::occurred_at.eq(moved.occurred_at),
                m::recorded_at.eq(now),
            ),
        )
    };
    diesel::insert_into(m::table).values(moves.iter().map(row).collect::<Vec<_>>()).execute(conn)?;
    Ok(())
}

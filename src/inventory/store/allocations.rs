//! Promises to orders.
use super::reservations::ReservationLine;
use crate::{
    inventory::{model::AllocationStatus, schema::allocations as a},
    kernel::{AllocationId, LocationId, OrderId, Result, VariantId},
    platform::db::Write,
};
use diesel::prelude::*;

/// Units promised to an order.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Allocation {
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub quantity: i32,
}

pub fn insert_allocations(
    tx: &mut Write,
    order: OrderId,
    location: LocationId,
    lines: &[ReservationLine],
) -> Result<()> {
    let now = tx.now();
    let row = |line: &ReservationLine| {
        (
            a::id.eq(AllocationId::new()),
            a::order_id.eq(order),
            a::location_id.eq(location),
            a::variant_id.eq(line.variant_id),
            a::quantity.eq(line.quantity),
            a::created_at.eq(now),
        )
    };
    diesel::insert_into(a::table).values(lines.iter().map(row).collect::<Vec<_>>()).execute(tx.conn())?;
    Ok(())
}

pub fn lock_open_allocations(conn: &mut PgConnection, order: OrderId) -> QueryResult<Vec<Allocation>> {
    a::table
        .filter(a::order_id.eq(order))
        .filter(a::status.eq(AllocationStatus::Open))
        .order((a::location_id, a::variant_id))
        .select((a::location_id, a::variant_id, a::quantity))
        .for_no_key_update()
        .load(conn)
}

pub fn close_allocations(tx: &mut Write, order: OrderId, status: AllocationStatus) -> Result<()> {
    let now = tx.now();
    diesel::update(a::table.filter(a::order_id.eq(order)).filter(a::status.eq(AllocationStatus::Open)))
        .set((a::status.eq(status), a::closed_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

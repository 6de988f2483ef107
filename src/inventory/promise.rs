//! Hard promises to orders: a hold is converted into allocations, which then ship or are given up.
use super::{
    Level, events,
    hold::{apply, at, demand_active},
    model::{AllocationStatus, ReservationStatus},
    rules::{self, Delta},
    store::{self, Allocation, Move},
};
use crate::{
    kernel::{Actor, Error, OrderId, ReservationId, Result},
    platform::db::Write,
};

/// Turns an order's hold into a promise. The units are the same ones: nothing is allocated anew, so this never
/// runs out of stock; it is refused if the hold has ended.
pub fn convert(tx: &mut Write, reservation: ReservationId, order: OrderId) -> Result<()> {
    let held = store::lock_reservation(tx.conn(), reservation)?.ok_or_else(|| Error::not_found("reservation"))?;
    demand_active(&held)?;
    let lines = store::reservation_lines(tx.conn(), &[reservation])?;
    let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    store::lock_levels(tx.conn(), &at(held.location_id, &variants))?;
    let deltas: Vec<_> = lines
        .iter()
        .map(|line| Delta {
            reserved: -line.quantity,
            allocated: line.quantity,
            ..Delta::none(held.location_id, line.variant_id)
        })
        .collect();
    apply(tx, &deltas)?;
    store::insert_allocations(tx, order, held.location_id, &lines)?;
    let closed = store::close_reservation(tx, reservation, ReservationStatus::Converted)?;
    events::reservation_closed(tx, &closed)
}

/// Gives up what is promised to an order and not yet shipped.
pub fn deallocate(tx: &mut Write, order: OrderId) -> Result<()> {
    let give_up =
        |level: &Level, units: i32| Ok(Delta { allocated: -units, ..Delta::none(level.location_id, level.variant_id) });
    close(tx, order, AllocationStatus::Released, give_up)?;
    Ok(())
}

/// Ships what is promised to an order: the units leave the location for the customer. Refused while a part of it
/// is promised beyond what is here.
pub fn ship(tx: &mut Write, actor: &Actor, order: OrderId) -> Result<()> {
    let shipped = close(tx, order, AllocationStatus::Shipped, rules::ship)?;
    let now = tx.now();
    let moved = |a: &Allocation| Move {
        variant: a.variant_id,
        quantity: a.quantity,
        from: ("location", Some(a.location_id), "sellable"),
        to: ("customer", None, "sellable"),
        reason: "sale",
        cause: ("order", order.0),
        actor: actor.id,
        occurred_at: now,
    };
    store::insert_moves(tx.conn(), &shipped.iter().map(moved).collect::<Vec<_>>(), now)?;
    Ok(())
}

fn close(
    tx: &mut Write,
    order: OrderId,
    status: AllocationStatus,
    change: impl Fn(&Level, i32) -> Result<Delta>,
) -> Result<Vec<Allocation>> {
    let open = store::lock_open_allocations(tx.conn(), order)?;
    let rows: Vec<_> = open.iter().map(|a| (a.location_id, a.variant_id)).collect();
    let levels = store::lock_levels(tx.conn(), &rows)?;
    let level_of =
        |a: &Allocation| levels.iter().find(|l| (l.location_id, l.variant_id) == (a.location_id, a.variant_id));
    let delta =
        |a: &Allocation| change(level_of(a).ok_or_else(|| anyhow::anyhow!("a promise without a level"))?, a.quantity);
    let deltas: Vec<_> = open.iter().map(delta).collect::<Result<_>>()?;
    apply(tx, &deltas)?;
    store::close_allocations(tx, order, status)?;
    Ok(open)
}

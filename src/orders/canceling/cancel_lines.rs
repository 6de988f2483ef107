//! Giving units of an order up: what was promised of them can be sold again, what was paid for them is given back.
use crate::{
    inventory::{AllocationScope, StockActions},
    kernel::{Code, Error, LocationId, OrderId, Result},
    orders::{
        actions::OrderActions,
        assignments,
        model::{OrderEventKind, OrderStatus},
        rules::{OrderMove, worth::worth_of_what_left},
        store::{OrderLine, OrderRow},
        timeline::By,
        working_set::Orders,
    },
    payments::{Due, PaymentActions, Sums},
    platform::group_commit::UnitOfWork,
};

/// Gives units of some lines up, those of one location first if it is named. All that is left of an order is the order
/// itself: it is canceled if nothing has left, otherwise what has left is all of it.
pub fn give_up(
    uow: &mut UnitOfWork,
    id: OrderId,
    lines: &CanceledUnits,
    first: Option<LocationId>,
    by: By,
) -> Result<OrderRow> {
    let row = uow.of::<Orders>()?.row(id)?.clone();
    let goods = assignments::goods_of_lines(&row, lines)?;
    let mut standing = uow.unshipped(id)?;
    // What is given up is taken from the last location first.
    standing.sort_by_key(|(location, _)| Some(*location) == first);
    let is_pending = row.order.status == OrderStatus::Pending;
    // A bundle of which a part has left is given up with what is left of it.
    let goods = if first.is_some() { assignments::capped(&goods, &standing)? } else { goods };
    let left = assignments::without(&standing, &goods, row.order.number)?;
    let has_left = !row.shipments.is_empty();
    if left.is_empty() && !has_left {
        return uow.cancel_order(by, id);
    }
    let goods_minor: i64 = row.lines.iter().map(|line| line.total_minor - worth_of(line, lines)).sum();
    let total = goods_minor + row.order.shipping_minor;
    let at_most = total - row.order.credited_minor;
    if at_most < 0 || goods_minor < row.credited_goods_minor() {
        let number = row.order.number;
        let detail =
            format!("a part of a set of order {number} has come back and was paid back: send the rest of the set");
        return Err(Error::refused(Code::OrderReturned, detail));
    }
    uow.reassign(id, AllocationScope::All, &left, 0)?;
    let sums = match is_pending {
        true => uow.collect_due(id, Due { now: 0, at_most, is_last: false })?,
        false => collect_without(uow, id, lines, at_most)?,
    };
    let (locations, hold) = uow.locations_of(id)?;
    let changed = uow.change_lines(by, id, OrderEventKind::PartCanceled, |row| {
        for line in &mut row.lines {
            line.cancel(units_of(line.line_no, lines));
        }
        row.order.total_minor = total;
        row.order.reservation_id = hold;
        row.order.put_at(&locations);
        row.order.take(sums);
    })?;
    match changed.order.status {
        OrderStatus::Pending if changed.order.due_minor() <= 0 => {
            uow.allocate(id)?;
            uow.move_order(by, id, OrderMove::Confirm, |_| {})
        }
        OrderStatus::Processing if left.is_empty() => {
            let shipped = uow.move_order(by, id, OrderMove::Ship, |_| {})?;
            // All that has left may have come back, or was lost.
            match shipped.is_back() {
                true => uow.move_order(by, id, OrderMove::Return, |_| {}),
                false => Ok(shipped),
            }
        }
        _ => Ok(changed),
    }
}

fn units_of(no: i32, lines: &CanceledUnits) -> i32 {
    lines.iter().find(|(of, _)| *of == no).map_or(0, |(_, units)| *units)
}

fn worth_of(line: &OrderLine, lines: &CanceledUnits) -> i64 {
    line.total_minor - line.worth_of_first(line.quantity - units_of(line.line_no, lines))
}

/// The money of an order without units that are being given up.
fn collect_without(uow: &mut UnitOfWork, id: OrderId, lines: &CanceledUnits, at_most: i64) -> Result<Sums> {
    let (goods, left) = uow.goods_of(id)?;
    let row = uow.of::<Orders>()?.row(id)?;
    let mut kept = row.lines.clone();
    for line in &mut kept {
        line.cancel(units_of(line.line_no, lines));
    }
    let is_last = left.values().all(|units| *units == 0);
    let now = (worth_of_what_left(&kept, &left, &goods, row.order.shipping_minor) - row.order.credited_minor)
        .clamp(0, at_most);
    uow.collect_due(id, Due { now, at_most, is_last })
}

/// Lines by number, each at most once, with units of each.
pub type CanceledUnits = Vec<(i32, i32)>;

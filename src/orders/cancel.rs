//! Giving an order up: what is held or promised can be sold again, what was paid is given back.
use super::{
    events,
    model::OrderStatus,
    read,
    rules::{self, Move},
    store::{self, Order},
};
use crate::{
    inventory::{self, ReservationStatus},
    kernel::{Actor, OrderId, Places, Result, actor::Permission},
    payments,
    platform::{
        db::{Db, Write},
        http::IfMatch,
        idempotency::{Answer, Once, write_once},
    },
};

/// Cancels an order that has not left.
pub async fn cancel(
    db: &Db,
    actor: Actor,
    id: OrderId,
    reason: Option<String>,
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    write_once(db, actor, Permission::OrdersCancel, key, move |tx, actor| {
        let order = store::lock(tx, id, actor, Permission::OrdersCancel)?;
        if_match.check("the order", order.version)?;
        let order = undo(tx, &order, reason.as_deref())?;
        let at = order.location_id;
        let view = read::order_view(tx, order)?;
        Answer::ok(&view, view.version, Some(at))
    })
    .await
}

/// Frees the stock, refunds, and closes the order.
pub(super) fn undo(tx: &mut Write, order: &Order, reason: Option<&str>) -> Result<Order> {
    rules::moved(order.number, order.status, Move::Cancel)?;
    if order.status == OrderStatus::Pending {
        let held = inventory::reservations_by_id(tx, &Places::Everywhere, &[order.reservation_id])?;
        if held.first().is_some_and(|r| r.status == ReservationStatus::Active) {
            inventory::release(tx, order.reservation_id)?;
        }
    } else {
        inventory::deallocate(tx, order.id)?;
    }
    let refunded = payments::refund_all(tx, order.id)?;
    let order = store::close(tx, order.id, reason, refunded)?;
    events::moved(tx, &order)?;
    Ok(order)
}

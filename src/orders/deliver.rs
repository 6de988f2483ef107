//! The order has arrived.
use super::{
    events,
    model::OrderEventKind,
    read,
    rules::{self, Move},
    store::{self, OrderEvent},
    timeline::By,
};
use crate::{
    kernel::{Actor, OrderId, Result, actor::Permission},
    platform::{
        db::Db,
        http::IfMatch,
        idempotency::{Answer, Once, write_once},
    },
};

/// Marks a shipped order as delivered.
pub async fn deliver(db: &Db, actor: Actor, id: OrderId, if_match: IfMatch, key: Option<Once>) -> Result<Answer> {
    write_once(db, actor, Permission::OrdersFulfil, key, move |tx, actor| {
        let order = store::lock(tx, id, actor, Permission::OrdersFulfil)?;
        if_match.check("the order", order.version)?;
        let at = order.demand_place(Permission::OrdersFulfil, actor)?;
        let after = rules::moved(order.number, order.status, Move::Deliver)?;
        store::deliver_shipments(tx, id)?;
        let order = store::set_status(tx, id, after)?;
        events::moved(tx, &order)?;
        let (version, event, now) = (order.version, OrderEventKind::Delivered, tx.now());
        let actor_id = By::of(actor).actor;
        store::add_event(tx, &OrderEvent { order_id: id, version, event, actor_id, reason: None, at: now })?;
        let view = read::order_view(tx, order)?;
        Answer::ok(&view, view.version, Some(at))
    })
    .await
}

//! Someone has looked at an order that was marked: what was wrong with a sale is known to a person from then on.
use crate::{
    inventory,
    kernel::{Code, Error, OrderId, Result, actor::Permission},
    orders::{
        events,
        model::{Mark, OrderEventKind},
        read::{self, OrderView},
        store::{self, OrderEvent},
        timeline::By,
    },
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Notes that the actor has looked at an order, with what they found.
pub async fn review(db: &Db, caller: Caller, id: OrderId, note: Option<String>) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    write_once(db, actor, Permission::InventoryApprove, key, move |tx, actor| {
        let order = store::lock(tx, id, actor, Permission::InventoryApprove)?;
        expected.check("the order", order.version)?;
        let at = order.require_place(Permission::InventoryApprove, actor)?;
        if order.marks.is_empty() || order.reviewed_at.is_some() {
            let detail = format!("there is nothing to look at about order {}", order.number);
            return Err(Error::refused(Code::NothingToReview, detail));
        }
        if order.marks.contains(&Mark::MuchFound) {
            inventory::accept_finds(tx, id)?;
        }
        let order = store::set_reviewed(tx, id)?;
        let (version, at_now, actor_id) = (order.version, tx.now(), By::of(actor).actor);
        let event = OrderEventKind::Reviewed;
        store::add_event(tx, &OrderEvent { order_id: id, version, event, actor_id, reason: note.clone(), at: at_now })?;
        let row = read::order_row(tx, order)?;
        events::told(tx, event, &row)?;
        let view = OrderView::from(&row);
        Ok(Outcome::changed(view.version, Some(at), view))
    })
    .await
}

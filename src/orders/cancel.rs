//! Giving an order up: what is held or promised can be sold again, what was paid is given back.
use super::{
    read::OrderView,
    register::Register,
    rules::{self, Move},
    store::OrderRow,
    timeline::By,
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, Code, Error, OrderId, Result, actor::Permission},
    payments::{Due, Till},
    platform::{
        http::IfMatch,
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};

struct Cancel {
    id: OrderId,
    reason: Option<String>,
    if_match: IfMatch,
}

/// Cancels an order that has not left.
pub async fn cancel(
    inventory: &Inventory,
    actor: Actor,
    id: OrderId,
    reason: Option<String>,
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    inventory.intake.submit(actor, Permission::OrdersCancel, key, Cancel { id, reason, if_match }).await
}

/// Asks for everything that giving an order up needs.
pub(super) fn ask(books: &mut Books, id: OrderId) -> Result<()> {
    books.of::<Register>()?.want(id);
    books.of::<Stock>()?.want_order(id);
    books.of::<Till>()?.want(id);
    Ok(())
}

impl Job for Cancel {
    fn ask(&self, books: &mut Books) -> Result<()> {
        ask(books, self.id)
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let order = books.order(self.id, who, Permission::OrdersCancel)?;
        self.if_match.check("the order", order.version)?;
        rules::moved(order.number, order.status, Move::Cancel)?;
        for location in order.locations() {
            who.demand_at(Permission::OrdersCancel, location, "order")?;
        }
        if books.of::<Register>()?.has_left(self.id) {
            let detail = format!("a part of order {} has left; it cannot be canceled as a whole", order.number);
            return Err(Error::refused(Code::OrderAlreadyShipped, detail));
        }
        let row = undo(books, self.id, By::of(who).for_reason(self.reason.as_deref()))?;
        let view = OrderView::from(&row);
        Answer::ok(&view, view.version, Some(order.location_id))
    }
}

/// Frees the stock, refunds, and closes an order that may be canceled.
pub(super) fn undo(books: &mut Books, id: OrderId, by: By) -> Result<OrderRow> {
    books.give_up(id)?;
    let sums = books.square(id, Due::NOTHING)?;
    books.move_order(by, (id, Move::Cancel), |order| {
        order.cancel_reason = by.reason.map(str::to_owned);
        order.take(sums);
    })
}

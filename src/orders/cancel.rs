//! Giving an order up: what is held or promised can be sold again, what was paid is given back.
use super::{
    counter::Counter,
    part_cancel,
    read::OrderView,
    register::Register,
    rules::{self, Move},
    store::OrderRow,
    timeline::By,
    unsent::Unsent,
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

/// Lines by number, each at most once, with units of each.
pub type Lines = Vec<(i32, i32)>;

struct Cancel {
    id: OrderId,
    /// Units that are given up; everything, if none are named.
    lines: Lines,
    reason: Option<String>,
    if_match: IfMatch,
}

/// Cancels an order that has not left.
pub async fn cancel(
    inventory: &Inventory,
    actor: Actor,
    id: OrderId,
    (lines, reason): (Lines, Option<String>),
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    inventory.intake.submit(actor, Permission::OrdersCancel, key, Cancel { id, lines, reason, if_match }).await
}

/// Asks for everything that giving an order up needs.
pub(super) fn ask(books: &mut Books, id: OrderId) -> Result<()> {
    books.of::<Register>()?.want(id);
    books.of::<Stock>()?.want_order(id);
    books.of::<Till>()?.want(id);
    books.of::<Counter>()?.want(id);
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
            who.require_at(Permission::OrdersCancel, location, "order")?;
        }
        let by = By::of(who).for_reason(self.reason.as_deref());
        if !self.lines.is_empty() {
            let row = books.of::<Register>()?.row(self.id)?;
            Unsent::of(row)?.of_lines(row, &self.lines)?;
            let row = part_cancel::give_up(books, self.id, (&self.lines, None), by)?;
            let view = OrderView::from(&row);
            return Answer::ok(&view, view.version, Some(order.location_id));
        }
        if books.of::<Register>()?.has_left(self.id) {
            let detail = format!("a part of order {} has left; name the lines that are to be given up", order.number);
            return Err(Error::refused(Code::OrderAlreadyShipped, detail));
        }
        let row = undo(books, self.id, by)?;
        let view = OrderView::from(&row);
        Answer::ok(&view, view.version, Some(order.location_id))
    }
}

/// Frees the stock, refunds, and closes an order that may be canceled.
pub(super) fn undo(books: &mut Books, id: OrderId, by: By) -> Result<OrderRow> {
    books.give_up(id)?;
    let now = books.now;
    books.of::<Counter>()?.clear_away(id, now);
    let sums = books.square(id, Due::NOTHING)?;
    books.move_order(by, (id, Move::Cancel), |order| {
        order.cancel_reason = by.reason.map(str::to_owned);
        order.take(sums);
    })
}

//! Giving an order up: what is held or promised can be sold again, what was paid is given back.
use super::cancel_lines;
use crate::{
    inventory::Inventory,
    kernel::{Actor, Code, Error, Expected, OrderId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        canceling::cancel_lines::CanceledUnits,
        fulfillment::Unsent,
        read::OrderView,
        rules::{self, OrderMove},
        timeline::By,
        working_set::Orders,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

struct Cancel {
    id: OrderId,
    /// Units that are given up; everything, if none are named.
    lines: CanceledUnits,
    reason: Option<String>,
    expected: Expected,
}

/// Cancels an order that has not left.
pub async fn cancel(
    inventory: &Inventory,
    caller: Caller,
    id: OrderId,
    lines: CanceledUnits,
    reason: Option<String>,
) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    inventory.group_commit.submit(actor, Permission::OrdersCancel, key, Cancel { id, lines, reason, expected }).await
}

impl Command for Cancel {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.id)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let order = uow.order(self.id, who, Permission::OrdersCancel)?;
        self.expected.check("the order", order.version)?;
        rules::moved(order.number, order.status, OrderMove::Cancel)?;
        for location in order.locations() {
            who.require_at(Permission::OrdersCancel, location, "order")?;
        }
        let by = By::of(who).for_reason(self.reason.as_deref());
        if !self.lines.is_empty() {
            let row = uow.of::<Orders>()?.row(self.id)?;
            Unsent::of(row)?.of_lines(row, &self.lines)?;
            let row = cancel_lines::give_up(uow, self.id, &self.lines, None, by)?;
            let view = OrderView::from(&row);
            return Ok(Outcome::changed(view.version, Some(order.location_id), view));
        }
        if uow.of::<Orders>()?.has_left(self.id) {
            let detail = format!("a part of order {} has left; name the lines that are to be given up", order.number);
            return Err(Error::refused(Code::OrderAlreadyShipped, detail));
        }
        let row = uow.cancel_order(by, self.id)?;
        let view = OrderView::from(&row);
        Ok(Outcome::changed(view.version, Some(order.location_id), view))
    }
}

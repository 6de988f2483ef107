//! The decision if something may come back, and if it need not.
use super::{
    model::Return,
    read::ReturnView,
    receive, refund,
    rules::{self, ReturnStep},
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, Code, Error, OrderId, Result, ReturnId, actor::Permission},
    orders::{
        fulfillment::Unsent,
        returns::{read::order_of, working_set::Returns},
        timeline::By,
        working_set::Orders,
    },
    payments::Payments,
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// The decision.
#[derive(Debug, Clone)]
pub enum ReturnDecision {
    /// The goods may come.
    Approve,
    /// The price is given back and the goods need not come; only under a limit, in minor units.
    Returnless { limit_minor: i64 },
    /// It is refused.
    Reject { note: Option<String> },
}

struct Decide {
    id: ReturnId,
    order: OrderId,
    decision: ReturnDecision,
}

/// Approves or refuses a return.
pub async fn decide(
    inventory: &Inventory,
    caller: Caller,
    id: ReturnId,
    decision: ReturnDecision,
) -> Result<Recorded<ReturnView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::OrdersReturn)?;
    let prepare = async || {
        let order = order_of(inventory, id).await?;
        Ok(Decide { id, order, decision: decision.clone() })
    };
    inventory.execute(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Command for Decide {
    type Output = ReturnView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.order);
        uow.of::<Returns>()?.want(self.order);
        uow.of::<Payments>()?.want(self.order);
        uow.of::<Stock>()?.want_order(self.order);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReturnView>> {
        let order = uow.of::<Orders>()?.row(self.order)?.order.clone();
        let location = order.require_place(Permission::OrdersReturn, who).map_err(|_| Error::not_found("return"))?;
        let mut back = uow.of::<Returns>()?.get(self.id)?.clone();
        let now = uow.now;
        match &self.decision {
            ReturnDecision::Approve => back.status = rules::moved(&back.number, back.status, ReturnStep::Approve)?,
            ReturnDecision::Reject { note } => {
                back.status = rules::moved(&back.number, back.status, ReturnStep::Reject)?;
                back.note = note.clone().or(back.note);
            }
            ReturnDecision::Returnless { limit_minor } => {
                back = self.returnless(uow, who, back, *limit_minor)?;
            }
        }
        let back = uow.of::<Returns>()?.put(back, now);
        let order = &uow.of::<Orders>()?.row(self.order)?.order;
        let view = ReturnView::of(&back, order);
        Ok(Outcome::changed(view.version, Some(location), view))
    }
}

impl Decide {
    fn returnless(&self, uow: &mut UnitOfWork, who: &Actor, mut back: Return, limit_minor: i64) -> Result<Return> {
        let approved = rules::moved(&back.number, back.status, ReturnStep::Approve)?;
        back.status = rules::moved(&back.number, approved, ReturnStep::Close)?;
        if back.worth() > limit_minor {
            let detail = format!(
                "{} minor units are more than the {limit_minor} that are given back without the goods",
                back.worth()
            );
            return Err(Error::refused(Code::ReturnlessLimit, detail));
        }
        let row = uow.of::<Orders>()?.row(self.order)?;
        let unsent = Unsent::of(row)?;
        for line in &mut back.lines {
            let of_order = crate::orders::returns::model::of_order(row, line.line_no)?;
            let open = unsent.of_line(of_order);
            rules::require_left(row.order.number, of_order, line, &open, &of_order.units_back())?;
            line.price(of_order, &of_order.units_back());
        }
        back.is_returnless = true;
        let by = By::of(who).for_reason(Some("the goods need not come back"));
        receive::count_back(uow, by, &back)?;
        refund::refund(uow, who, back, 0)
    }
}

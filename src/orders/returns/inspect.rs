//! Someone has looked at what came back: each unit goes where it may, and the price goes back.
use super::{
    model::{Case, Condition, Disposition, Found, Return},
    read::ReturnView,
    rules::{self, ReturnStep},
};
use crate::{
    inventory::{Cause, Inventory, Stock, StockActions, StockDisposition},
    kernel::{Actor, CaseId, Code, Error, OrderId, Result, ReturnId, actor::Permission},
    orders::{
        returns::{refund::refund, working_set::Returns},
        working_set::Orders,
    },
    payments::Payments,
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// The findings.
#[derive(Debug, Clone)]
pub struct Inspection {
    pub found: Vec<Found>,
    /// Kept back of the price, in minor units.
    pub withheld_minor: i64,
    pub note: Option<String>,
}

struct Inspect {
    id: ReturnId,
    order: OrderId,
    inspection: Inspection,
    /// As the goods lay when the rows were asked for.
    seen: Return,
}

/// Says what was found of what came back, and closes the return.
pub async fn inspect(
    inventory: &Inventory,
    caller: Caller,
    id: ReturnId,
    inspection: Inspection,
) -> Result<Recorded<ReturnView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_anywhere(Permission::OrdersReturn)?;
    let prepare = async || {
        let found = inventory.db.read(move |db| super::store::by_id(db.conn(), &[id])).await?.pop();
        let seen = found.ok_or_else(|| Error::not_found("return"))?;
        Ok(Inspect { id, order: seen.order_id, inspection: inspection.clone(), seen })
    };
    inventory.execute(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Command for Inspect {
    type Output = ReturnView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.order);
        uow.of::<Returns>()?.want(self.order);
        uow.of::<Payments>()?.want(self.order);
        let stock = uow.of::<Stock>()?;
        stock.want_order(self.order);
        if let Some(location) = self.seen.location_id {
            for piece in &self.seen.goods {
                stock.want_goods((location, piece.variant_id));
                piece.lot_id.iter().for_each(|lot| stock.want_lot(*lot));
            }
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReturnView>> {
        uow.of::<Orders>()?.row(self.order)?;
        let mut back = uow.of::<Returns>()?.get(self.id)?.clone();
        let Some(location) = back.location_id else {
            rules::moved(&back.number, back.status, ReturnStep::Receive)?;
            let detail = format!("the goods of return {} have not come", back.number);
            return Err(Error::refused(Code::ReturnNotOpen, detail));
        };
        who.require_at(Permission::OrdersReturn, location, "return")?;
        back.status = rules::moved(&back.number, back.status, ReturnStep::Close)?;
        if back.goods != self.seen.goods {
            return Err(Error::refused(Code::Conflict, "the return has changed meanwhile"));
        }
        let Inspection { found, withheld_minor, note } = &self.inspection;
        rules::require_complete(&back.goods, found)?;
        if *withheld_minor > back.worth() {
            let detail = format!("{withheld_minor} minor units are more than the {} it cost", back.worth());
            return Err(Error::refused(Code::PaymentExceedsTotal, detail));
        }
        let dispositions: Vec<_> =
            found.iter().map(|f| (f.variant_id, f.lot_id, f.quantity, stock_disposition(f.disposition))).collect();
        let cause = Cause { of: ("return", back.id.0), actor: who.id, now: uow.now, note: note.as_deref() };
        uow.dispose(location, &dispositions, cause)?;
        for found in found.iter().filter(|found| found.condition == Condition::Reaction) {
            let case = Case {
                id: CaseId::new(),
                return_id: back.id,
                order_id: back.order_id,
                variant_id: found.variant_id,
                lot_id: found.lot_id,
                note: note.clone().or_else(|| back.note.clone()),
                opened_by: who.id,
            };
            uow.of::<Returns>()?.open_case(case);
        }
        back.inspection.clone_from(found);
        back.note = note.clone().or(back.note);
        let now = uow.now;
        let back = refund(uow, who, back, *withheld_minor)?;
        let back = uow.of::<Returns>()?.put(back, now);
        let view = ReturnView::of(&back, &uow.of::<Orders>()?.row(self.order)?.order);
        Ok(Outcome::changed(view.version, Some(location), view))
    }
}

fn stock_disposition(disposition: Disposition) -> StockDisposition {
    match disposition {
        Disposition::Restock => StockDisposition::Restock,
        Disposition::Damaged => StockDisposition::Damaged,
        Disposition::Destroy => StockDisposition::Destroy,
        Disposition::Tester => StockDisposition::Tester,
        Disposition::Vendor => StockDisposition::Vendor,
        Disposition::Quarantine => StockDisposition::Quarantine,
    }
}

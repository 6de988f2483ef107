//! Approving a count: what differs is booked as a whole, by someone who has not counted. Goods that are not there are
//! not sold, whatever was promised of them.
use super::{
    Count, CountLine, events,
    read::{CountView, Named, names_of},
    store,
};
use crate::{
    inventory::{
        Inventory, events as stock_events,
        goods::{Carry, End, Guard, Node, Plan},
        lots::day_everywhere,
        model::State,
        named::told,
        papers::Papers,
        stock::{Cause, Stock},
    },
    kernel::{Actor, CountId, Error, LotId, Result, VariantId, actor::Permission},
    platform::{
        http::IfMatch,
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};
use chrono::NaiveDate;

struct Approve {
    before: Count,
    names: Named,
    if_match: IfMatch,
}

/// Books what a count found.
pub(super) async fn approve(
    inventory: &Inventory,
    actor: Actor,
    id: CountId,
    if_match: IfMatch,
    key: Once,
) -> Result<Answer> {
    actor.demand_anywhere(Permission::InventoryApprove)?;
    let prepare = async || {
        let read = inventory.db.read(move |db| {
            let before = store::count(db.conn(), id)?.ok_or_else(|| Error::not_found("count"))?;
            let names = names_of(db, &before.lines)?;
            Ok((before, names))
        });
        let (before, names) = read.await?;
        Ok(Approve { before, names, if_match: if_match.clone() })
    };
    inventory.settle(actor, Permission::InventoryApprove, key, prepare).await
}

impl Approve {
    fn variances(&self) -> impl Iterator<Item = (&CountLine, i32)> {
        self.before.lines.iter().filter_map(|line| Some((line, line.variance()?))).filter(|(_, units)| *units != 0)
    }

    /// What is missing is taken from what may be sold first, then from the other states.
    fn missing(&self, stock: &Stock, line: &CountLine, mut units: i32) -> Result<Vec<Carry>> {
        let location = self.before.head.location_id;
        let spot = (location, line.variant_id);
        let mut carries = vec![];
        for state in [State::OnHand, State::Returned, State::QualityHold, State::Damaged, State::Expired] {
            let here = match line.lot_id {
                None => stock.unlotted(spot, state)?,
                Some(lot) => stock.of_lot(spot, lot).filter(|(p, _)| p.state == state).map(|(_, units)| units).sum(),
            };
            let some = here.clamp(0, units);
            if some > 0 {
                let ends = (End::At(location, state), End::Away(Node::Adjust));
                carries.push(carry((line.variant_id, line.lot_id), some, ends));
            }
            units -= some;
        }
        if units > 0 {
            // More is missing than is left by now: refused by the stock, with what there is.
            let ends = (End::At(location, State::OnHand), End::Away(Node::Adjust));
            carries.push(carry((line.variant_id, line.lot_id), units, ends));
        }
        Ok(carries)
    }

    fn plan(&self, stock: &Stock, today: NaiveDate) -> Result<Plan> {
        let location = self.before.head.location_id;
        let mut plan = Plan { guard: Guard::Withdraw, ..Plan::default() };
        for (line, variance) in self.variances() {
            if variance < 0 {
                plan.carries.extend(self.missing(stock, line, -variance)?);
            } else {
                let lot = line.lot_id.map(|id| stock.lot(id)).transpose()?.flatten();
                let state = lot.map_or(State::OnHand, |lot| lot.state_of_arrivals(today));
                let ends = (End::Away(Node::Adjust), End::At(location, state));
                plan.carries.push(carry((line.variant_id, line.lot_id), variance, ends));
            }
        }
        Ok(plan)
    }
}

fn carry((variant, lot): (VariantId, Option<LotId>), units: i32, (from, to): (End, End)) -> Carry {
    Carry { variant, lot, units, from, to, reason: "count".into() }
}

impl Job for Approve {
    fn ask(&self, books: &mut Books) -> Result<()> {
        let head = &self.before.head;
        books.of::<Papers>()?.want().count(head.id);
        let stock = books.of::<Stock>()?;
        for (line, _) in self.variances() {
            stock.want_goods((head.location_id, line.variant_id));
            line.lot_id.iter().for_each(|lot| stock.want_lot(*lot));
        }
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let head = &self.before.head;
        who.demand_at(Permission::InventoryApprove, head.location_id, "count")?;
        books.of::<Papers>()?.demand_fresh(head.id.0, head.version)?;
        self.if_match.check("the count", head.version)?;
        let cause = Cause { of: ("count", head.id.0), actor: who.id, now: books.now };
        let after = self.before.approved(who.id, cause.now)?;
        let stock = books.of::<Stock>()?;
        let plan = self.plan(stock, day_everywhere(cause.now))?;
        let touched = stock.carry(&plan, cause).map_err(|error| told(error, |id| self.names.skus.get(&id).cloned()))?;
        for level in &touched {
            let of_variant = self.variances().filter(|(line, _)| line.variant_id == level.variant_id);
            let units = of_variant.map(|(_, units)| units).sum();
            let told =
                stock_events::Adjustment { id: head.id.0, state: State::OnHand, units, reason: "count", note: None };
            stock_events::stock_adjusted(&mut books.outbox, level, told, cause.now)?;
        }
        events::changed(&mut books.outbox, &after, cause.now)?;
        books.of::<Papers>()?.save_count(Count { head: after.clone(), lines: vec![] });
        let count = Count { head: after, lines: self.before.lines.clone() };
        let view = CountView::of(&count, &self.names);
        Answer::ok(&view, view.head.version, Some(head.location_id))
    }
}

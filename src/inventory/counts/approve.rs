//! Approving a count: what differs is booked as a whole, by someone who has not counted. Goods that are not there are
//! not sold, whatever was promised of them.
use super::{
    Count, events,
    read::{CountNames, CountView, names_of},
    store::{self, CountLine},
};
use crate::{
    inventory::{
        documents::Documents,
        events as stock_events,
        model::{Node, State},
        movement::{Cause, Endpoint, Guard, Movement, Plan},
        service::Inventory,
        skus::told,
        stock::Stock,
    },
    kernel::{Actor, CountId, Error, Expected, Result, actor::Permission},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

struct Approve {
    before: Count,
    names: CountNames,
    expected: Expected,
}

/// Books what a count found.
pub(super) async fn approve(inventory: &Inventory, caller: Caller, id: CountId) -> Result<Recorded<CountView>> {
    let Caller { actor, key, expected } = caller;
    actor.require_anywhere(Permission::InventoryApprove)?;
    let prepare = async || {
        let read = inventory.db.read(move |db| {
            let before = store::count(db.conn(), id)?.ok_or_else(|| Error::not_found("count"))?;
            let names = names_of(db, &before.lines)?;
            Ok((before, names))
        });
        let (before, names) = read.await?;
        Ok(Approve { before, names, expected: expected.clone() })
    };
    inventory.execute(actor, Permission::InventoryApprove, key, prepare).await
}

impl Approve {
    /// The lines as they are to be booked: measured against what was there when they were counted by all that is known
    /// now, for a sale of before that moment may have been told since.
    fn lines(&self, stock: &Stock) -> Result<Vec<CountLine>> {
        let location = self.before.head.location_id;
        let line = |line: &CountLine| match (line.expected, line.counted_at) {
            (Some(expected), Some(_)) => {
                let late = stock.told_late((location, line.variant_id), line.lot_id)?;
                Ok(CountLine { expected: Some(expected + late), ..*line })
            }
            _ => Ok(*line),
        };
        self.before.lines.iter().map(line).collect()
    }

    /// Takes what is missing from what was set apart because it could not be found, then from what may be sold, then
    /// from the other states.
    fn missing(&self, stock: &Stock, line: &CountLine, mut units: i32, apart: i32) -> Result<Vec<Movement>> {
        let location = self.before.head.location_id;
        let level_key = (location, line.variant_id);
        let mut movements = vec![];
        if apart > 0 {
            movements.push(leave(line, apart, Endpoint::At(location, State::QualityHold)));
            units -= apart;
        }
        for state in [State::OnHand, State::Returned, State::QualityHold, State::Damaged, State::Expired] {
            let here = match line.lot_id {
                None => stock.unlotted(level_key, state)?,
                Some(lot) => {
                    stock.of_lot(level_key, lot).filter(|(p, _)| p.state == state).map(|(_, units)| units).sum()
                }
            };
            let here = if state == State::QualityHold { here - apart } else { here };
            let some = here.clamp(0, units);
            if some > 0 {
                movements.push(leave(line, some, Endpoint::At(location, state)));
            }
            units -= some;
        }
        if units > 0 {
            // More is missing than is left by now: refused by the stock, with what there is.
            movements.push(leave(line, units, Endpoint::At(location, State::OnHand)));
        }
        Ok(movements)
    }

    fn plan(&self, stock: &Stock, lines: &[CountLine]) -> Result<Plan> {
        let location = self.before.head.location_id;
        let today = stock.day_at(location);
        let mut plan = Plan { guard: Guard::Withdraw, ..Plan::default() };
        for line in lines {
            let Some(variance) = line.variance() else { continue };
            let apart = stock.set_apart((location, line.variant_id), line.lot_id, line.counted_at)?;
            let lot = line.lot_id.map(|id| stock.lot(id)).transpose()?.flatten();
            let state = lot.map_or(State::OnHand, |lot| lot.state_of_arrivals(today));
            let gone = apart.min((-variance).max(0));
            if variance < 0 {
                plan.movements.extend(self.missing(stock, line, -variance, gone)?);
            } else if variance > 0 {
                plan.movements.push(carry(line, variance, Endpoint::Away(Node::Adjust), Endpoint::At(location, state)));
            }
            // Some of what could not be found is there after all.
            if apart > gone && state != State::QualityHold {
                let (from, to) = (Endpoint::At(location, State::QualityHold), Endpoint::At(location, state));
                let found = carry(line, apart - gone, from, to);
                plan.movements.push(Movement { reason: "found_by_count".into(), ..found });
            }
        }
        Ok(plan)
    }
}

fn carry(line: &CountLine, units: i32, from: Endpoint, to: Endpoint) -> Movement {
    let (variant, lot) = (line.variant_id, line.lot_id);
    Movement { variant, lot, units, from, to, reason: "count".into(), cost: None }
}

/// Units that are not there: they leave the books.
fn leave(line: &CountLine, units: i32, from: Endpoint) -> Movement {
    carry(line, units, from, Endpoint::Away(Node::Adjust))
}

fn variances(lines: &[CountLine]) -> impl Iterator<Item = (&CountLine, i32)> {
    lines.iter().filter_map(|line| Some((line, line.variance()?))).filter(|(_, units)| *units != 0)
}

impl Command for Approve {
    type Output = CountView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let head = &self.before.head;
        uow.of::<Documents>()?.want().count(head.id);
        let stock = uow.of::<Stock>()?;
        for line in &self.before.lines {
            let (level_key, Some(counted_at)) = ((head.location_id, line.variant_id), line.counted_at) else {
                continue;
            };
            stock.want_goods(level_key);
            stock.want_told_late(level_key, line.lot_id, counted_at);
            line.lot_id.iter().for_each(|lot| stock.want_lot(*lot));
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<CountView>> {
        let head = &self.before.head;
        who.require_at(Permission::InventoryApprove, head.location_id, "count")?;
        uow.of::<Documents>()?.require_fresh(head.id.0, head.version)?;
        self.expected.check("the count", head.version)?;
        let cause = Cause { of: ("count", head.id.0), actor: who.id, now: uow.now, note: None };
        let after = self.before.approved(who.id, cause.now)?;
        let stock = uow.of::<Stock>()?;
        let lines = self.lines(stock)?;
        let plan = self.plan(stock, &lines)?;
        let touched = stock.carry(&plan, cause).map_err(|error| told(error, |id| self.names.skus.get(&id).cloned()))?;
        for line in &lines {
            if let (Some(_), Some(at)) = (line.counted, line.counted_at) {
                let level_key = (head.location_id, line.variant_id);
                stock.note_counted(level_key, at)?;
                stock.note_set_apart_counted(level_key, line.lot_id, at);
            }
        }
        for level in &touched {
            let of_variant = variances(&lines).filter(|(line, _)| line.variant_id == level.variant_id);
            let units = of_variant.map(|(_, units)| units).sum();
            let told =
                stock_events::Adjustment { id: head.id.0, state: State::OnHand, units, reason: "count", note: None };
            stock_events::stock_adjusted(&mut uow.outbox, level, told, cause.now)?;
        }
        events::changed(&mut uow.outbox, &after, cause.now)?;
        let changed = lines.iter().zip(&self.before.lines).filter(|(now, before)| now != before).map(|(now, _)| *now);
        uow.of::<Documents>()?.save_count(Count { head: after.clone(), lines: changed.collect() });
        let count = Count { head: after, lines };
        let view = CountView::of(&count, &self.names);
        Ok(Outcome::changed(view.head.version, Some(head.location_id), view))
    }
}

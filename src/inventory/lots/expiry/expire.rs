//! Goods that may not be sold any more leave what is available on their day: expired ones, and those that no channel
//! takes any more because too little of their life is left. A day ends where the goods are, by the location's time
//! zone.
use crate::inventory::lots::{LotStatus, events, store::DueLot};
use crate::{
    inventory::{
        model::State,
        movement::{Cause, Endpoint, Guard, Movement, Plan},
        service::Inventory,
        stock::Stock,
    },
    kernel::{Actor, Result},
    platform::{
        db::clock_guard::ClockGuard,
        group_commit::{Command, UnitOfWork},
        idempotency::{Outcome, OutcomeKind},
    },
};

struct Retire(DueLot);

impl Command for Retire {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want_goods((self.0.location_id, self.0.variant_id));
        uow.of::<Stock>()?.want_lot(self.0.lot_id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<bool>> {
        let (due, now) = (self.0, uow.now);
        let stock = uow.of::<Stock>()?;
        let Some(lot) = stock.lot(due.lot_id)?.filter(|lot| lot.status == LotStatus::Released).cloned() else {
            return Ok(Outcome::of(OutcomeKind::Changed, None, false));
        };
        let is_expired = lot.is_expired(due.today);
        let (to, reason) = match is_expired {
            true => (State::Expired, "expiry"),
            false => (State::QualityHold, "short_dated"),
        };
        let here = stock.of_lot((due.location_id, due.variant_id), due.lot_id);
        let ends = |state: State| state == State::OnHand || (is_expired && state == State::QualityHold);
        let movements = here.filter(|(piece, units)| ends(piece.state) && *units > 0).map(|(piece, units)| Movement {
            variant: piece.variant,
            lot: Some(piece.lot),
            units,
            from: Endpoint::At(piece.location, piece.state),
            to: Endpoint::At(piece.location, to),
            reason: reason.into(),
            cost: None,
        });
        let plan = Plan { movements: movements.collect(), guard: Guard::Withdraw, ..Plan::default() };
        let touched = stock.carry(&plan, Cause { of: ("lot", due.lot_id.0), actor: who.id, now, note: None })?;
        for level in &touched {
            events::goods_withdrawn(&mut uow.outbox, level, &lot, &plan, now)?;
        }
        Ok(Outcome::of(OutcomeKind::Changed, None, !touched.is_empty()))
    }
}

/// Takes expired and short-dated goods out of what is available and returns at how many locations. `short_days` is what
/// the least demanding channel asks for.
pub async fn retire_lots(inventory: &Inventory, pace: &ClockGuard, short_days: u32) -> Result<usize> {
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let short_days = i32::try_from(short_days).unwrap_or(i32::MAX);
    let find = async |most| {
        inventory
            .db
            .read(move |db| Ok(crate::inventory::lots::store::due_lots(db.conn(), now, short_days, most)?))
            .await
    };
    inventory.group_commit.end_due(find, Retire).await
}

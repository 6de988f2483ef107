//! Orders whose reservation expired before they were paid are canceled, so that none waits for ever. One for which a
//! gateway has not said yet waits a little longer.
use crate::{
    inventory::{ReservationStatus, Stock},
    kernel::{Actor, OrderId, Result},
    orders::{actions::OrderActions, model::OrderStatus, service::Services, store, timeline::By, working_set::Orders},
    payments::Payments,
    platform::{
        db::clock_guard::ClockGuard,
        group_commit::{Command, UnitOfWork},
        idempotency::{Outcome, OutcomeKind},
    },
};
use chrono::Duration;

struct ExpireUnpaid {
    id: OrderId,
    patience: Duration,
}

impl Command for ExpireUnpaid {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.id)
    }

    fn decide(&self, uow: &mut UnitOfWork, _: &Actor) -> Result<Outcome<bool>> {
        let id = self.id;
        let order = uow.of::<Orders>()?.row(id)?.order.clone();
        let held = uow.of::<Stock>()?.held_for(id)?;
        let has_expired = held.iter().any(|held| held.reservation.status == ReservationStatus::Expired);
        // A gateway that has not said yet may still say yes.
        let may_be_paid = uow.of::<Payments>()?.sums(id).pending > 0 && uow.now < order.hold_expires_at + self.patience;
        if order.status != OrderStatus::Pending || !has_expired || may_be_paid {
            return Ok(Outcome::of(OutcomeKind::Changed, None, false));
        }
        uow.cancel_order(By::default().for_reason(Some("not paid in time")), id)?;
        Ok(Outcome::of(OutcomeKind::Changed, None, true))
    }
}

/// Cancels pending orders whose reservation has expired and returns how many.
pub async fn expire_unpaid_orders(services: &Services, pace: &ClockGuard) -> Result<usize> {
    let (inventory, money) = (&services.inventory, &services.money);
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let find = async |most| inventory.db.read(move |db| Ok(store::lapsed(db.conn(), now, most)?)).await;
    inventory.group_commit.end_due(find, |id| ExpireUnpaid { id, patience: money.patience }).await
}

//! Operations at gateways that have no outcome yet are asked for it.
use super::{ApplyOutcome, ask, record};
use crate::{
    kernel::{Locations, OrderId, PaymentId, Result, actor::Permission},
    orders::{read::PaidView, service::Services},
    payments::{self, GatewayOutcome, Payment, PaymentStatus},
    platform::{
        db::clock_guard::ClockGuard,
        idempotency::{Caller, Recorded},
    },
};

/// Payments that are looked after in one round at most.
pub(super) const ROUND: usize = 200;

/// The state of a payment and its order, once nothing is open of its promise; none while it is.
pub async fn told(
    services: &Services,
    order: OrderId,
    payment: PaymentId,
    caller: Caller,
) -> Result<Option<Recorded<PaidView>>> {
    let (inventory, money) = (&services.inventory, &services.money);
    let found = inventory.db.read(move |db| payments::payments_by_id(db, &Locations::Everywhere, &[payment]));
    let is_open = |payment: &Payment| matches!(payment.status, PaymentStatus::Pending);
    if found.await?.iter().any(is_open) {
        return Ok(None);
    }
    let (hold, shelf_life) = (money.hold, inventory.shelf_life);
    let command = ApplyOutcome { order, payment, outcome: None, hold, shelf_life, has_caller: true };
    inventory.group_commit.submit(caller.actor, Permission::OrdersPay, caller.key, command).await.map(Some)
}

/// Asks for everything that is open of a payment, until nothing is or an answer fails to come; returns how much was
/// settled.
pub async fn settle(services: &Services, payment: PaymentId) -> Result<usize> {
    let inventory = &services.inventory;
    let mut settled = 0;
    while let Some(asked) = ask(services, payment, None).await? {
        let (waits, operation) =
            (matches!(asked.outcome, GatewayOutcome::NeedsAction { .. }), asked.next.operation.clone());
        if let Err(error) = record(services, asked).await {
            // Whatever stands in the way does not hold the others up.
            inventory
                .db
                .write(move |tx| payments::put_off(tx, &operation, "what came of it was not written down"))
                .await?;
            return Err(error);
        }
        settled += 1;
        if waits {
            break;
        }
    }
    Ok(settled)
}

/// Asks for everything that is due and returns how much was settled.
pub async fn finish_due_operations(services: &Services, pace: &ClockGuard) -> Result<usize> {
    let inventory = &services.inventory;
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let due = inventory.db.read(move |db| payments::due(db, now, ROUND)).await?;
    let mut settled = 0;
    for payment in due {
        match settle(services, payment).await {
            Ok(some) => settled += some,
            Err(error) => tracing::warn!(payment.id = %payment, error = %error, "a payment could not be settled yet"),
        }
    }
    Ok(settled)
}

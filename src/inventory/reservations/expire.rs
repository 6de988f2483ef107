//! Holds run out. The sweep alone reads a clock, the database's, which all instances share; everyone else asks for the
//! state. A clock that jumps halts the sweep.
use crate::{
    inventory::{actions::StockActions, model::ReservationStatus, service::Inventory, stock::Stock},
    kernel::{Actor, ReservationId, Result},
    platform::{
        db::clock_guard::ClockGuard,
        group_commit::{Command, UnitOfWork},
        idempotency::{Outcome, OutcomeKind},
    },
};
use chrono::Duration;

struct Expire(ReservationId);

impl Command for Expire {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Stock>()?.want_hold(self.0);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, _: &Actor) -> Result<Outcome<bool>> {
        let held = uow.of::<Stock>()?.held(self.0)?.map(|held| (held.reservation.status, held.reservation.expires_at));
        match held {
            // Extended, converted or given back since it was found due.
            Some((ReservationStatus::Active, until)) if until <= uow.now => {
                uow.end_reservation(self.0, ReservationStatus::Expired)?;
                Ok(Outcome::of(OutcomeKind::Changed, None, true))
            }
            _ => Ok(Outcome::of(OutcomeKind::Changed, None, false)),
        }
    }
}

/// Ends the holds that are due for longer than the grace and returns how many; those that another instance ends in
/// the meantime are not counted.
pub async fn expire_due(inventory: &Inventory, pace: &ClockGuard, grace: Duration) -> Result<usize> {
    let now = pace.now(&inventory.db).await?;
    inventory.group_commit.note_sweep(now.is_some());
    let Some(now) = now else { return Ok(0) };
    let due_by = now + inventory.db.clock().ahead() - grace;
    let find =
        async |most| inventory.db.read(move |db| Ok(super::store::due_reservations(db.conn(), due_by, most)?)).await;
    inventory.group_commit.end_due(find, Expire).await
}

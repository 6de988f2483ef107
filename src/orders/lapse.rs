//! Orders whose hold ran out before they were paid are canceled, so that none waits for ever.
use super::{cancel, model::OrderStatus, register::Register, store, timeline::By};
use crate::{
    inventory::{Inventory, ReservationStatus, Stock},
    kernel::{Actor, OrderId, Result},
    platform::{
        db::Pace,
        idempotency::Answer,
        intake::{Books, Job},
    },
};

struct Lapse(OrderId);

impl Job for Lapse {
    fn ask(&self, books: &mut Books) -> Result<()> {
        cancel::ask(books, self.0)
    }

    fn decide(&self, books: &mut Books, _: &Actor) -> Result<Answer> {
        let status = books.of::<Register>()?.status(self.0)?;
        let held = books.of::<Stock>()?.held_for(self.0)?;
        let has_expired = held.iter().any(|held| held.reservation.status == ReservationStatus::Expired);
        if status != Some(OrderStatus::Pending) || !has_expired {
            return Answer::ok(&0, 0, None);
        }
        cancel::undo(books, self.0, By::default().for_reason(Some("not paid in time")))?;
        Answer::ok(&1, 1, None)
    }
}

/// Cancels pending orders whose hold has expired and returns how many.
pub async fn cancel_lapsed(inventory: &Inventory, pace: &Pace) -> Result<usize> {
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let find = async |most| inventory.db.read(move |db| Ok(store::lapsed(db.conn(), now, most)?)).await;
    inventory.intake.end_due(find, Lapse).await
}

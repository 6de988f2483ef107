//! Orders whose hold ran out before they were paid are canceled, so that none waits for ever.
use super::{cancel, model::OrderStatus, register::Register, store};
use crate::{
    inventory::{Inventory, ReservationStatus, Stock},
    kernel::{Actor, OrderId, Result},
    platform::{
        idempotency::Answer,
        intake::{Books, Job},
    },
};

/// Orders looked at in one round at most.
const ROUND: i64 = 200;

struct Lapse(OrderId);

impl Job for Lapse {
    fn ask(&self, books: &mut Books) -> Result<()> {
        cancel::ask(books, self.0)
    }

    fn decide(&self, books: &mut Books, _: &Actor) -> Result<Answer> {
        let status = books.of::<Register>()?.status(self.0)?;
        let has_expired = books.of::<Stock>()?.held_for(self.0)?.reservation.status == ReservationStatus::Expired;
        if status != Some(OrderStatus::Pending) || !has_expired {
            return Answer::ok(&0, 0, None);
        }
        cancel::undo(books, self.0, Some("not paid in time"))?;
        Answer::ok(&1, 1, None)
    }
}

/// Cancels pending orders whose hold has expired and returns how many.
pub async fn cancel_lapsed(inventory: &Inventory) -> Result<usize> {
    let now = inventory.db.clock().now();
    let waiting = inventory.db.read(move |db| Ok(store::lapsed(db.conn(), now, ROUND)?)).await?;
    let jobs = waiting.into_iter().map(|id| async move { (id, inventory.intake.work(Lapse(id)).await) });
    let mut canceled = 0;
    for (id, outcome) in futures_util::future::join_all(jobs).await {
        match outcome {
            Ok(answer) => canceled += usize::from(answer.body == "1"),
            Err(error) => tracing::warn!(order.id = %id, error = %error, "a lapsed order could not be canceled yet"),
        }
    }
    Ok(canceled)
}

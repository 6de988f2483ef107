//! Orders whose hold ran out before they were paid are canceled, so that none waits for ever.
use super::{cancel, store};
use crate::{
    inventory::{self, ReservationStatus},
    kernel::{Places, Result},
    platform::db::Db,
};

/// Orders looked at in one round at most.
const ROUND: i64 = 100;

/// Cancels pending orders whose hold has expired and returns how many, each in a transaction of its own.
pub async fn cancel_lapsed(db: &Db) -> Result<usize> {
    let now = db.clock().now();
    let waiting = db.read(move |db| Ok(store::lapsed(db.conn(), now, ROUND)?)).await?;
    let mut canceled = 0;
    for id in waiting {
        let done = db.write(move |tx| {
            let Some(order) = store::lock_pending(tx, id)? else { return Ok(0) };
            let held = inventory::reservations_by_id(tx, &Places::Everywhere, &[order.reservation_id])?;
            if held.first().is_none_or(|hold| hold.status != ReservationStatus::Expired) {
                return Ok(0);
            }
            cancel::undo(tx, &order, Some("not paid in time")).map(|_| 1)
        });
        match done.await {
            Ok(one) => canceled += one,
            Err(error) => tracing::error!(order.id = %id, error = %error, "a lapsed order could not be canceled"),
        }
    }
    Ok(canceled)
}

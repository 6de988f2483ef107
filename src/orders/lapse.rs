//! Orders whose hold ran out before they were paid are canceled, so that none waits for ever.
use super::{cancel, store};
use crate::{
    inventory::{self, ReservationStatus},
    kernel::{Places, Result},
    platform::db::Db,
};

/// Orders looked at in one round at most.
const ROUND: i64 = 100;

/// Cancels pending orders whose hold has expired and returns how many.
pub async fn cancel_lapsed(db: &Db) -> Result<usize> {
    db.write(|tx| {
        let waiting = store::lock_lapsed(tx, ROUND)?;
        let ids: Vec<_> = waiting.iter().map(|order| order.reservation_id).collect();
        let holds = inventory::reservations_by_id(tx, &Places::Everywhere, &ids)?;
        let has_expired = |id| holds.iter().any(|r| r.id == id && r.status == ReservationStatus::Expired);
        let lapsed: Vec<_> = waiting.iter().filter(|order| has_expired(order.reservation_id)).collect();
        for order in &lapsed {
            cancel::undo(tx, order, Some("not paid in time"))?;
        }
        Ok(lapsed.len())
    })
    .await
}

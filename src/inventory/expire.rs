//! Holds run out. The sweep alone reads the clock; everyone else asks for the state.
use super::{hold, model::ReservationStatus, store};
use crate::{kernel::Result, platform::db::Db};

/// Holds ended in one round at most.
const ROUND: i64 = 200;

/// Ends the holds that are due and returns how many. Each has a transaction of its own, so that one that cannot be
/// ended holds up no other; those that another instance works on are left to it.
pub async fn expire_due(db: &Db) -> Result<usize> {
    let now = db.clock().now();
    let due = db.read(move |db| Ok(store::due_reservations(db.conn(), now, ROUND)?)).await?;
    let mut ended = 0;
    for id in due {
        let done = db.write(move |tx| match store::lock_due_reservation(tx.conn(), id)? {
            Some(reservation) => hold::close(tx, &reservation, ReservationStatus::Expired).map(|_| 1),
            None => Ok(0),
        });
        match done.await {
            Ok(one) => ended += one,
            Err(error) => tracing::error!(reservation.id = %id, error = %error, "a due hold could not be ended"),
        }
    }
    Ok(ended)
}

//! Holds run out. The sweep alone reads the clock; everyone else asks for the state.
use super::{hold, model::ReservationStatus, store};
use crate::{kernel::Result, platform::db::Db};

/// Holds ended in one round at most.
const ROUND: i64 = 200;

/// Ends the holds that are due and returns how many; those that another instance works on are left to it.
pub async fn expire_due(db: &Db) -> Result<usize> {
    db.write(|tx| {
        let now = tx.now();
        let due = store::lock_due_reservations(tx.conn(), now, ROUND)?;
        let ids: Vec<_> = due.iter().map(|r| r.id).collect();
        let place = |id| due.iter().find(|r| r.id == id).map(|r| r.location_id);
        let lines = store::reservation_lines(tx.conn(), &ids)?;
        let rows: Vec<_> =
            lines.iter().filter_map(|line| Some((place(line.reservation_id)?, line.variant_id))).collect();
        store::lock_levels(tx.conn(), &rows)?;
        for reservation in &due {
            hold::close(tx, reservation, ReservationStatus::Expired)?;
        }
        Ok(due.len())
    })
    .await
}

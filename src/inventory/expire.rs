//! Holds run out. The sweep alone reads a clock, the database's, which all instances share; everyone else asks for the
//! state. A clock that jumps halts the sweep: better a hold too long than all holds gone at once.
use super::{Inventory, model::ReservationStatus, stock::Stock, store};
use crate::{
    kernel::{Actor, ReservationId, Result},
    platform::{
        idempotency::Answer,
        intake::{Books, Job},
    },
};
use chrono::{DateTime, Duration, Utc};
use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

/// Holds ended in one round at most.
const ROUND: i64 = 500;
/// How far the database's clock may stray from an even pace between two sweeps.
const JUMP: Duration = Duration::seconds(60);

struct Expire(ReservationId);

impl Job for Expire {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Stock>()?.want_hold(self.0);
        Ok(())
    }

    fn decide(&self, books: &mut Books, _: &Actor) -> Result<Answer> {
        let held =
            books.of::<Stock>()?.held(self.0)?.map(|held| (held.reservation.status, held.reservation.expires_at));
        match held {
            // Extended, converted or given back since it was found due.
            Some((ReservationStatus::Active, until)) if until <= books.now => {
                books.give_back(self.0, ReservationStatus::Expired)?;
                Answer::ok(&1, 1, None)
            }
            _ => Answer::ok(&0, 0, None),
        }
    }
}

/// Compares the database's clock with one that cannot be set.
#[derive(Debug, Clone, Default)]
pub struct JumpGuard(Arc<Mutex<Option<Look>>>);

/// What both clocks said.
type Look = (DateTime<Utc>, Instant);

impl JumpGuard {
    /// Whether the clock has kept its pace since the first look. One that has jumped stays refused until it is back,
    /// or until the service is started anew by someone who has looked at it.
    fn is_even(&self, database: DateTime<Utc>, steady: Instant) -> bool {
        let Ok(mut first) = self.0.lock() else { return false };
        let (then, since) = *first.get_or_insert((database, steady));
        let passed = Duration::from_std(steady.saturating_duration_since(since)).unwrap_or(Duration::MAX);
        let is_even = (database - then - passed).abs() <= JUMP;
        if is_even {
            // Small drifts add up over months; the pace is measured from sweep to sweep.
            *first = Some((database, steady));
        }
        is_even
    }
}

/// Ends the holds that are due for longer than the grace and returns how many; those that another instance ends in
/// the meantime are not counted.
pub async fn expire_due(inventory: &Inventory, guard: &JumpGuard, grace: Duration) -> Result<usize> {
    let now = inventory.db.read(|db| Ok(store::database_now(db)?)).await?;
    let is_even = guard.is_even(now, Instant::now());
    inventory.intake.note_sweep(is_even);
    if !is_even {
        tracing::error!(database.now = %now, "the database's clock has jumped: no hold expires until it is looked at");
        return Ok(0);
    }
    let due_by = now + inventory.db.clock().ahead() - grace;
    let due = inventory.db.read(move |db| Ok(store::due_reservations(db.conn(), due_by, ROUND)?)).await?;
    let jobs = due.into_iter().map(|id| async move { (id, inventory.intake.work(Expire(id)).await) });
    let mut ended = 0;
    for (id, outcome) in futures_util::future::join_all(jobs).await {
        match outcome {
            Ok(answer) => ended += usize::from(answer.body == "1"),
            Err(error) => tracing::warn!(reservation.id = %id, error = %error, "a due hold could not be ended yet"),
        }
    }
    Ok(ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumps_either_way_halts_the_sweep_until_it_is_back() {
        let (start, steady) = (DateTime::<Utc>::UNIX_EPOCH, Instant::now());
        for jump in [Duration::hours(1), Duration::hours(-1)] {
            let guard = JumpGuard::default();
            assert!(guard.is_even(start, steady));
            let after = |seconds: u64| steady + std::time::Duration::from_secs(seconds);
            assert!(guard.is_even(start + Duration::seconds(30), after(1)), "a small step is no jump");
            assert!(!guard.is_even(start + jump, after(2)));
            assert!(!guard.is_even(start + jump + Duration::seconds(5), after(7)), "it stays halted");
            assert!(guard.is_even(start + Duration::seconds(38), after(9)), "back again");
        }
    }
}

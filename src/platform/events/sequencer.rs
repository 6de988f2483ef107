//! Gives each committed event its position in the feed, without gaps and in an order in which no record's later event
//! comes before an earlier one. Every instance runs one; an advisory lock lets one at a time do the work.
use crate::kernel::{Error, Result};
use crate::platform::{
    db::{Db, Failure, Limits, Own, Read, Statement, Write},
    faults::point,
};
use diesel::{prelude::*, sql_types::BigInt};
use std::{
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// Longest pause between two looks at what is pending.
const PAUSE: Duration = Duration::from_millis(50);
const LIMITS: Limits = Limits { name: "coffret sequencer", statement_ms: 10_000, lock_ms: 2_000 };

/// The sequencer of one instance; it ends with its last handle.
#[derive(Clone)]
pub struct Sequencer {
    nudge: Arc<SyncSender<()>>,
}

impl Sequencer {
    /// Starts the thread, with a connection of its own.
    pub fn start(db: &Db) -> anyhow::Result<Self> {
        let (nudge, nudged) = sync_channel(1);
        let mut own = db.own(LIMITS, Arc::default());
        thread::Builder::new().name("sequencer".into()).spawn(move || {
            let mut floor = Floor::default();
            while !matches!(nudged.recv_timeout(PAUSE), Err(RecvTimeoutError::Disconnected)) {
                if let Err(error) = catch_up(&mut own, &mut floor) {
                    tracing::warn!(error = %error, "events could not be given their place; trying again");
                    thread::sleep(PAUSE);
                }
            }
        })?;
        Ok(Self { nudge: Arc::new(nudge) })
    }

    /// Tells it that something was committed.
    pub fn nudge(&self) {
        let _ = self.nudge.try_send(());
    }
}

/// Places everything that is pending, unless another instance does.
fn catch_up(own: &mut Own, floor: &mut Floor) -> Result<()> {
    loop {
        let seen = own.read(|db| look(db, floor.at))?;
        if !seen.pending {
            floor.rise(&seen);
            return Ok(());
        }
        if sequence(own, floor.at)? == 0 {
            return Ok(());
        }
    }
}

/// The number up to which no note can be there any more. Deleted notes stay in the index while a long transaction keeps
/// vacuum away, and each look would walk over all of them.
#[derive(Debug, Default)]
struct Floor {
    at: i64,
    /// The last number given out, as an earlier look saw it.
    given: Option<i64>,
    /// A number to rise to, and the first transaction that had not begun when it had surely been given out.
    next: Option<(i64, i64)>,
}

impl Floor {
    /// Learns from a look that found nothing. A note takes its number in a transaction that has a number itself by then.
    /// So once all transactions have ended that had begun after a note's number was given out, and nothing is pending,
    /// none of the numbers up to it can appear. A look reads the last number after it has taken its snapshot, so each
    /// number is paired with the snapshot of the look that follows.
    fn rise(&mut self, seen: &Seen) {
        if self.next.is_none_or(|(_, begun)| seen.oldest >= begun) {
            self.at = self.next.map_or(self.at, |(given, _)| given);
            self.next = self.given.map(|given| (given, seen.begun));
        }
        self.given = Some(seen.given);
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// What a look at the notes saw, all of it in one snapshot.
#[derive(Debug, QueryableByName)]
struct Seen {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pending: bool,
    /// The last number that was given to a note.
    #[diesel(sql_type = BigInt)]
    given: i64,
    /// The oldest transaction that had not ended.
    #[diesel(sql_type = BigInt)]
    oldest: i64,
    /// The first transaction that had not begun.
    #[diesel(sql_type = BigInt)]
    begun: i64,
}

fn look(db: &mut Read, floor: i64) -> Result<Seen> {
    Ok(Statement::new(include_str!("look.sql")).bind::<BigInt, _>(floor).get_result(db.conn())?)
}

#[derive(QueryableByName)]
struct Placed {
    #[diesel(sql_type = BigInt)]
    placed: i64,
}

/// Places the events of 500 notes at most and returns how many; none if another instance does it.
fn sequence(own: &mut Own, floor: i64) -> Result<usize> {
    let placing = |tx: &mut Write| {
        let placed = place_after(tx, floor)?;
        point("sequencer_before_commit");
        Ok(placed)
    };
    let placed = own.write(placing).map_err(|failure| match failure {
        Failure::RolledBack(error) => error,
        Failure::Lost | Failure::Unknown => Error::Internal(anyhow::anyhow!("the connection was lost")),
    })?;
    point("sequencer_after_commit");
    Ok(placed)
}

/// The same in a transaction of the caller's.
pub fn place(tx: &mut Write) -> Result<usize> {
    place_after(tx, 0)
}

fn place_after(tx: &mut Write, floor: i64) -> Result<usize> {
    let lock = "select pg_try_advisory_xact_lock(5120261126) as found";
    if !Statement::new(lock).get_result::<Found>(tx.conn())?.found {
        return Ok(0);
    }
    let placing = Statement::new(include_str!("sequence.sql")).bind::<BigInt, _>(floor);
    let placed = placing.get_result::<Placed>(tx.conn())?.placed;
    usize::try_from(placed).map_err(|error| Error::Internal(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_rises_only_over_numbers_whose_transactions_have_ended() {
        let mut floor = Floor::default();
        let seen = |given, oldest, begun| Seen { pending: false, given, oldest, begun };
        floor.rise(&seen(10, 100, 105));
        floor.rise(&seen(20, 104, 120));
        floor.rise(&seen(30, 119, 130));
        assert_eq!(floor.at, 0, "119 may have number 7 and is open");
        floor.rise(&seen(40, 120, 140));
        assert_eq!(floor.at, 10, "all that had begun when 10 was given out have ended, and left nothing");
        floor.rise(&seen(50, 139, 150));
        assert_eq!(floor.at, 10, "119 to 139 may have the numbers up to 30");
        floor.rise(&seen(60, 140, 160));
        assert_eq!(floor.at, 30);
    }
}

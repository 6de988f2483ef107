//! Gives each committed event its position in the feed, without gaps and in an order in which no record's later event
//! comes before an earlier one. Every instance runs one; an advisory lock lets one at a time do the work.
use crate::{
    kernel::{Error, Result},
    platform::{
        db::{
            Db, Read, SessionLimits, Statement, Write,
            dedicated::{Dedicated, Failure},
        },
        failpoint::point,
    },
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
const LIMITS: SessionLimits = SessionLimits { name: "coffret sequencer", statement_ms: 10_000, lock_ms: 2_000 };

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

/// Locations everything that is pending, unless another instance does.
fn catch_up(own: &mut Dedicated, floor: &mut Floor) -> Result<()> {
    loop {
        let seen = own.read(|db| look(db, floor.at))?;
        if !seen.pending {
            floor.rise(seen.oldest);
            return Ok(());
        }
        match sequence(own, floor.at)? {
            Placed { placed: 0, .. } => return Ok(()),
            Placed { begun, .. } => floor.note(seen.given, begun),
        }
    }
}

/// The number up to which no note can be there any more. Deleted notes stay in the index while a long transaction keeps
/// vacuum away, and each look would walk over all of them.
#[derive(Debug, Default)]
struct Floor {
    at: i64,
    /// A number to rise to, and a transaction that began after it had been given out.
    next: Option<(i64, i64)>,
}

impl Floor {
    /// Notes the last number that had been given out before a transaction of the sequencer's own began. A note takes
    /// its number in a transaction that has a number itself by then, so every note up to it is of an earlier
    /// transaction. Our own must be asked for its number: what a snapshot calls its end (`pg_snapshot_xmax`) follows
    /// the last transaction that has *ended*, and those that have begun since stand beyond it, and beyond what it calls
    /// the oldest.
    fn note(&mut self, given: i64, begun: i64) {
        self.next.get_or_insert((given, begun));
    }

    /// Learns from a look that found nothing: once all transactions before the noted one have ended, none of the
    /// numbers up to the noted one can appear.
    fn rise(&mut self, oldest: i64) {
        if let Some((given, _)) = self.next.take_if(|(_, begun)| oldest >= *begun) {
            self.at = given;
        }
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// The result of a look at the notes, all of it in one snapshot.
#[derive(Debug, QueryableByName)]
struct Seen {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pending: bool,
    /// The last number that was given to a note.
    #[diesel(sql_type = BigInt)]
    given: i64,
    /// The oldest transaction that had not ended, of those before the last that has.
    #[diesel(sql_type = BigInt)]
    oldest: i64,
}

fn look(db: &mut Read, floor: i64) -> Result<Seen> {
    Ok(Statement::new(include_str!("sql/look.sql")).bind::<BigInt, _>(floor).get_result(db.conn())?)
}

/// Events that were given a location, and the number of the transaction that did it.
#[derive(QueryableByName)]
struct Placed {
    #[diesel(sql_type = BigInt)]
    placed: i64,
    #[diesel(sql_type = BigInt)]
    begun: i64,
}

/// Locations the events of 500 notes at most; none if another instance does it.
fn sequence(own: &mut Dedicated, floor: i64) -> Result<Placed> {
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
    usize::try_from(place_after(tx, 0)?.placed).map_err(|error| Error::Internal(error.into()))
}

fn place_after(tx: &mut Write, floor: i64) -> Result<Placed> {
    let lock = "select pg_try_advisory_xact_lock(5120261126) as found";
    if !Statement::new(lock).get_result::<Found>(tx.conn())?.found {
        return Ok(Placed { placed: 0, begun: 0 });
    }
    let placing = Statement::new(include_str!("sql/sequence.sql")).bind::<BigInt, _>(floor);
    Ok(placing.get_result(tx.conn())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_rises_only_over_numbers_whose_transactions_have_ended() {
        let mut floor = Floor::default();
        floor.rise(1_000);
        assert_eq!(floor.at, 0, "nothing was noted");
        floor.note(10, 105);
        floor.rise(104);
        assert_eq!(floor.at, 0, "104 may have number 7 and is open");
        floor.note(20, 120);
        floor.rise(105);
        assert_eq!(floor.at, 10, "all that had begun when 10 was given out have ended, and left nothing");
        floor.rise(500);
        assert_eq!(floor.at, 10, "20 was noted while 10 was still waited for");
        floor.note(30, 510);
        floor.rise(510);
        assert_eq!(floor.at, 30);
    }
}

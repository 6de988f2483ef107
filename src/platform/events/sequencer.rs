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
            loop {
                if matches!(nudged.recv_timeout(PAUSE), Err(RecvTimeoutError::Disconnected)) {
                    return;
                }
                while let Ok(true) = own.read(is_pending) {
                    match sequence(&mut own) {
                        Ok(1..) => {}
                        Ok(0) => break,
                        Err(error) => {
                            tracing::warn!(error = %error, "events could not be given their place; trying again");
                            thread::sleep(PAUSE);
                        }
                    }
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

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

fn is_pending(db: &mut Read) -> Result<bool> {
    Ok(Statement::new("select exists (select from event_pending) as found").get_result::<Found>(db.conn())?.found)
}

#[derive(QueryableByName)]
struct Placed {
    #[diesel(sql_type = BigInt)]
    placed: i64,
}

/// Places what is pending, a few thousand events at most, and returns how many; none if another instance does it.
pub fn sequence(own: &mut Own) -> Result<usize> {
    let placing = |tx: &mut Write| {
        let placed = place(tx)?;
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

/// The same in a transaction of the caller's, for tests.
pub fn place(tx: &mut Write) -> Result<usize> {
    let lock = "select pg_try_advisory_xact_lock(5120261126) as found";
    if !Statement::new(lock).get_result::<Found>(tx.conn())?.found {
        return Ok(0);
    }
    let placed = Statement::new(include_str!("sequence.sql")).get_result::<Placed>(tx.conn())?.placed;
    usize::try_from(placed).map_err(|error| Error::Internal(error.into()))
}

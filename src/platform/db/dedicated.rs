//! A connection of its own, outside the pool: work that must go on while reports exhaust the pool, and whose own
//! stalls must not eat it.
use crate::{
    kernel::{Code, Error, Result},
    platform::db::{
        Db, Read, Write, errors,
        pool::{self, SessionLimits},
        transaction,
    },
};
use diesel::{PgConnection, connection::SimpleConnection};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::AtomicU64},
};

/// The way in which a transaction failed.
#[derive(Debug)]
pub enum Failure {
    /// It was rolled back for this reason.
    RolledBack(Error),
    /// The connection was lost before the commit was sent: nothing was written.
    Lost,
    /// The connection was lost at the commit: it is not known whether anything was written.
    Unknown,
}

/// A connection that is opened when it is needed, and anew after it was lost.
pub struct Dedicated {
    db: Db,
    limits: SessionLimits,
    statements: Arc<AtomicU64>,
    conn: Option<PgConnection>,
}

impl Db {
    /// A connection of its own, opened at its first use; its statements are counted apart.
    pub fn own(&self, limits: SessionLimits, statements: Arc<AtomicU64>) -> Dedicated {
        Dedicated { db: self.clone(), limits, statements, conn: None }
    }
}

impl Dedicated {
    /// Looks, outside any transaction.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Read) -> Result<T>) -> Result<T> {
        let conn = self.open()?;
        let done = work(&mut Read { conn });
        self.drop_if_lost(&done);
        done
    }

    /// Runs `work` in one transaction, once.
    pub fn write<T>(&mut self, work: impl FnOnce(&mut Write) -> Result<T>) -> Result<T, Failure> {
        let clock = self.db.clock.clone();
        let conn = self.open().map_err(|_| Failure::Lost)?;
        let mut has_worked = false;
        let working = AssertUnwindSafe(|| {
            transaction(conn, &clock, |tx| {
                let done = work(tx)?;
                has_worked = true;
                Ok(done)
            })
        });
        let Ok(done) = catch_unwind(working) else {
            // Whatever the transaction holds ends with its connection.
            self.conn = None;
            return Err(match has_worked {
                true => Failure::Unknown,
                false => Failure::RolledBack(anyhow::anyhow!("the work of a transaction panicked").into()),
            });
        };
        self.drop_if_lost(&done);
        done.map_err(|error| match error.code() {
            Code::DatabaseUnavailable if has_worked => Failure::Unknown,
            Code::DatabaseUnavailable => Failure::Lost,
            _ => Failure::RolledBack(error),
        })
    }

    /// Sets the longest wait for a lock from now on.
    pub fn wait_at_most(&mut self, lock_ms: u32) -> Result<()> {
        if self.limits.lock_ms != lock_ms {
            self.limits.lock_ms = lock_ms;
            let set = self.open().and_then(|conn| Ok(conn.batch_execute(&format!("set lock_timeout = {lock_ms}"))?));
            self.drop_if_lost(&set);
            return set;
        }
        Ok(())
    }

    /// Drops the plans of all statements, so that they are made for the tables as they are now.
    pub fn plan_anew(&mut self) -> Result<()> {
        let dropped = self.open().and_then(|conn| Ok(conn.batch_execute("discard plans")?));
        self.drop_if_lost(&dropped);
        dropped
    }

    /// True if it failed because others hold its rows for long.
    pub fn was_locked_out(&self, error: &Error) -> bool {
        errors::is_lock_timeout(error)
    }

    /// Counts a transaction that is tried again after a deadlock or the like, and says whether it may be.
    pub fn may_retry(&self, error: &Error) -> bool {
        let is_transient = errors::is_transient(error);
        if is_transient {
            self.db.retries.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        is_transient
    }

    fn open(&mut self) -> Result<&mut PgConnection> {
        if self.conn.is_none() {
            let fresh = pool::open(&self.db.url, &self.db.session, self.limits, self.statements.clone())?;
            self.conn = Some(fresh);
        }
        self.conn.as_mut().ok_or_else(|| anyhow::anyhow!("no connection").into())
    }

    fn drop_if_lost<T>(&mut self, done: &Result<T>) {
        if done.as_ref().is_err_and(|error| error.code() == Code::DatabaseUnavailable) {
            self.conn = None;
        }
    }
}

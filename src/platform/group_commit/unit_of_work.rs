//! The memory of a lane while it decides a batch: one working set of each module, and the events to be published.
use super::settings::Mutant;
use crate::{
    kernel::Result,
    platform::{
        db::{Bulk, Read, Write},
        events::Outbox,
    },
};
use chrono::{DateTime, Utc};
use std::{any::Any, sync::Arc};

/// The treatment of rows that someone else holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Waits for them, up to the lock timeout.
    Wait,
    /// Leaves them: requests that need them are refused, the others go on.
    SkipLocked,
}

/// The memory of one module for one batch: rows as they were read under lock, and changes not yet written.
pub trait WorkingSet: Any + Send {
    /// Forgets the last batch.
    fn clear(&mut self);

    /// Forgets a batch that may not have been committed, and whatever it left for later ones.
    fn roll_back(&mut self) {
        self.clear();
    }

    /// Locks and reads what was asked for.
    fn open(&mut self, tx: &mut Write, patience: Patience, mutant: Mutant) -> Result<()>;

    /// Tells if requests are decided by what servers remember: it must not change before the commit.
    fn decides_by_memory(&self) -> bool {
        false
    }

    /// Checks what was remembered, once it does not change any more, given how often it has changed.
    fn check(&mut self, _tx: &mut Write, _changes: i64) -> Result<()> {
        Ok(())
    }

    /// Reads what was asked for without a lock, for a look.
    fn look(&mut self, _db: &mut Read) -> Result<()> {
        Ok(())
    }

    /// Changes noted so far: a refused request must not have added any.
    fn noted(&self) -> usize;

    /// Learns that the batch has been committed, as it stands in memory.
    fn committed(&mut self) {}

    /// Tells what only the whole batch has brought about.
    fn publish(&mut self, _outbox: &mut Outbox, _now: DateTime<Utc>) -> Result<()> {
        Ok(())
    }

    /// Adds the noted changes to the statement that writes them.
    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()>;
}

/// Makes the unit of work of a lane, empty.
pub type MakeWorkingSets = Arc<dyn Fn() -> Vec<Box<dyn WorkingSet>> + Send + Sync>;

/// All working sets of a lane.
pub struct UnitOfWork {
    /// The instant of the batch, by the database's clock.
    pub now: DateTime<Utc>,
    /// Events of the batch.
    pub outbox: Outbox,
    /// A planted fault.
    pub mutant: Mutant,
    all: Vec<Box<dyn WorkingSet>>,
}

impl UnitOfWork {
    /// Empty working sets, in the order in which their rows are locked.
    pub fn new(all: Vec<Box<dyn WorkingSet>>, mutant: Mutant) -> Self {
        Self { now: DateTime::UNIX_EPOCH, outbox: Outbox::default(), mutant, all }
    }

    /// The working set of one kind.
    pub fn of<B: WorkingSet>(&mut self) -> Result<&mut B> {
        let found = self.all.iter_mut().find_map(|book| {
            let book: &mut dyn Any = &mut **book;
            book.downcast_mut::<B>()
        });
        found.ok_or_else(|| anyhow::anyhow!("the lane has no {}", std::any::type_name::<B>()).into())
    }

    pub(super) fn clear(&mut self) {
        self.outbox = Outbox::default();
        self.all.iter_mut().for_each(|book| book.clear());
    }

    pub(super) fn roll_back(&mut self) {
        self.all.iter_mut().for_each(|book| book.roll_back());
    }

    pub(super) fn committed(&mut self) {
        self.all.iter_mut().for_each(|book| book.committed());
    }

    pub(super) fn open(&mut self, tx: &mut Write, patience: Patience) -> Result<()> {
        let mutant = self.mutant;
        self.all.iter_mut().try_for_each(|book| book.open(tx, patience, mutant))
    }

    pub(super) fn decides_by_memory(&self) -> bool {
        self.all.iter().any(|book| book.decides_by_memory())
    }

    pub(super) fn check(&mut self, tx: &mut Write, changes: i64) -> Result<()> {
        self.all.iter_mut().try_for_each(|book| book.check(tx, changes))
    }

    pub(super) fn look(&mut self, db: &mut Read) -> Result<()> {
        self.all.iter_mut().try_for_each(|book| book.look(db))
    }

    pub(super) fn noted(&self) -> usize {
        self.outbox.count() + self.all.iter().map(|book| book.noted()).sum::<usize>()
    }

    pub(super) fn save(&mut self, bulk: &mut Bulk) -> Result<()> {
        let now = self.now;
        self.all.iter_mut().try_for_each(|book| book.publish(&mut self.outbox, now))?;
        self.all.iter_mut().try_for_each(|book| book.save(bulk, now))?;
        std::mem::take(&mut self.outbox).save(bulk);
        Ok(())
    }
}

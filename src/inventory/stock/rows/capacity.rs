//! The further orders that the locations of a batch take today.
use crate::{
    inventory::store,
    kernel::{LocationId, Result},
    platform::db::Write,
};
use std::collections::{BTreeSet, HashMap};

/// The locations that a batch may choose, and what those with a limit have left.
#[derive(Debug, Clone, Default)]
pub struct Capacities {
    pub wanted: BTreeSet<LocationId>,
    pub left: HashMap<LocationId, i32>,
}

impl Capacities {
    /// The locations that are locked.
    pub fn wanted(&self) -> impl Iterator<Item = LocationId> + '_ {
        self.wanted.iter().copied()
    }

    /// Those that take no further order today.
    pub fn full(&self) -> impl Iterator<Item = LocationId> + '_ {
        self.left.iter().filter(|(_, left)| **left <= 0).map(|(location, _)| *location)
    }

    /// Locks and counts, before the stock rows are locked.
    pub fn open(&mut self, tx: &mut Write) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let (ids, now) = (self.wanted.iter().copied().collect::<Vec<_>>(), tx.now());
        let found = store::lock_capacities(tx.conn(), &ids, now)?;
        self.left = found.into_iter().map(|row| (row.id, row.daily_orders - row.taken)).collect();
        Ok(())
    }
}

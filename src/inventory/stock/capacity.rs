//! The number of further orders that a location takes today, where it takes only so many.
use super::Stock;
use crate::{
    inventory::store,
    kernel::{LocationId, Result},
    platform::db::Write,
};
use std::collections::{BTreeSet, HashMap};

/// The places that a batch may choose, and what those with a limit have left.
#[derive(Debug, Clone, Default)]
pub(super) struct Capacities {
    wanted: BTreeSet<LocationId>,
    left: HashMap<LocationId, i32>,
}

impl Capacities {
    /// The places that are locked.
    pub(super) fn wanted(&self) -> impl Iterator<Item = LocationId> + '_ {
        self.wanted.iter().copied()
    }

    /// Those that take no further order today.
    pub(super) fn full(&self) -> impl Iterator<Item = LocationId> + '_ {
        self.left.iter().filter(|(_, left)| **left <= 0).map(|(place, _)| *place)
    }

    /// Locks and counts, before the stock rows are locked.
    pub(super) fn open(&mut self, tx: &mut Write) -> Result<()> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        let (ids, now) = (self.wanted.iter().copied().collect::<Vec<_>>(), tx.now());
        let found = store::lock_capacities(tx.conn(), &ids, now)?;
        self.left = found.into_iter().map(|row| (row.id, row.daily_orders - row.taken)).collect();
        Ok(())
    }
}

impl Stock {
    /// Asks how many orders more a place takes today; it is not given more by anyone meanwhile.
    pub fn want_capacity(&mut self, location: LocationId) {
        self.capacities.wanted.insert(location);
    }

    /// Tells if a place takes no further order today.
    pub fn is_full(&self, location: LocationId) -> bool {
        self.capacities.left.get(&location).is_some_and(|left| *left <= 0)
    }

    /// Notes that a place has been given an order.
    pub fn take_capacity(&mut self, location: LocationId) {
        if let Some(left) = self.capacities.left.get_mut(&location) {
            *left -= 1;
        }
    }
}

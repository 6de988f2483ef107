//! The locations of a batch: locked before the stock rows, with the day that it is there and those that are closed.
use crate::{
    inventory::{locations, stock::working_set::Stock},
    kernel::{LocationId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl Stock {
    /// Learns of the locations where goods may move: those that are closed, none of which is opened or closed
    /// meanwhile, and the day that it is there.
    pub(super) fn know_places(&mut self, tx: &mut Write, now: DateTime<Utc>) -> Result<()> {
        let places: BTreeSet<_> = self.level_keys.iter().map(|level_key| level_key.0).collect();
        let places: Vec<_> = places.into_iter().collect();
        for location in locations::hold_places(tx.conn(), &places, now)? {
            self.days.insert(location.id, location.today);
            if location.is_closed {
                self.closed_places.insert(location.id);
            }
        }
        Ok(())
    }

    /// Locks at once what is locked of locations in two ways, so that two batches do not wait for each other.
    pub(super) fn lock_places(&self, tx: &mut Write) -> Result<()> {
        let limited: BTreeSet<_> = self.capacities.wanted().collect();
        if limited.is_empty() || !self.lots.are_wanted() {
            return Ok(());
        }
        let places: BTreeSet<_> = self.level_keys.iter().map(|level_key| level_key.0).chain(limited).collect();
        Ok(locations::lock_places(tx.conn(), &places.into_iter().collect::<Vec<_>>())?)
    }
}

impl Stock {
    /// Asks how many orders more a location takes today; it is not given more by anyone meanwhile.
    pub fn want_capacity(&mut self, location: LocationId) {
        self.capacities.wanted.insert(location);
    }

    /// Tells if a location takes no further order today.
    pub fn is_full(&self, location: LocationId) -> bool {
        self.capacities.left.get(&location).is_some_and(|left| *left <= 0)
    }

    /// Notes that a location has been given an order.
    pub fn take_capacity(&mut self, location: LocationId) {
        if let Some(left) = self.capacities.left.get_mut(&location) {
            *left -= 1;
        }
    }
}

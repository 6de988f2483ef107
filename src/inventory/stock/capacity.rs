//! The number of further orders that a location takes today, where it takes only so many.
use crate::{inventory::stock::working_set::Stock, kernel::LocationId};

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

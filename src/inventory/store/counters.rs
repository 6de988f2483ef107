//! The counters of units that a stock level holds and a change moves.
use crate::inventory::schema::stock_levels;
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// Units of a level by their state and promise, or by how much a change moves them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, QueryableByName, Serialize, ToSchema)]
#[diesel(table_name = stock_levels)]
#[schema(as = StockCounters)]
pub struct Counters {
    /// Everything that is physically here, in all states.
    pub on_hand: i32,
    /// Here, but damaged.
    pub damaged: i32,
    /// Here, but held back for quality, recalled, or not found and waiting for a count.
    pub quality_hold: i32,
    /// Here, returned and not yet inspected.
    pub returned: i32,
    /// Here, but past its date.
    pub expired: i32,
    /// Promised to paid orders and not yet sent.
    pub allocated: i32,
    /// Held for orders and baskets that are not paid.
    pub reserved: i32,
    /// On its way here from another location.
    pub in_transit: i32,
}

impl Counters {
    /// The counters after a change, each as the function decides from its value, its change and its name.
    pub fn changed<E>(&self, by: &Self, change: impl Fn(i32, i32, &'static str) -> Result<i32, E>) -> Result<Self, E> {
        Ok(Self {
            on_hand: change(self.on_hand, by.on_hand, "on_hand")?,
            damaged: change(self.damaged, by.damaged, "damaged")?,
            quality_hold: change(self.quality_hold, by.quality_hold, "quality_hold")?,
            returned: change(self.returned, by.returned, "returned")?,
            expired: change(self.expired, by.expired, "expired")?,
            allocated: change(self.allocated, by.allocated, "allocated")?,
            reserved: change(self.reserved, by.reserved, "reserved")?,
            in_transit: change(self.in_transit, by.in_transit, "in_transit")?,
        })
    }
}

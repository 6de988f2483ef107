//! The time that a suggestion to buy looks ahead.
use crate::{kernel::Locations, platform::config};
use chrono::{DateTime, Utc};

/// For how long what is ordered must last.
#[derive(Debug, Clone, Copy)]
pub struct Horizon {
    /// Days until goods that are ordered arrive.
    pub lead_days: u32,
    /// Days until someone orders again.
    pub review_days: u32,
    /// Units beyond which what a sale has found does not count as demand.
    pub most_found: i32,
}

impl From<&config::Config> for Horizon {
    fn from(settings: &config::Config) -> Self {
        let config::Inventory { lead_days, review_days, .. } = settings.inventory;
        Self { lead_days, review_days, most_found: settings.orders.most_found_units }
    }
}

/// The locations that may run low, and those that may give to them.
#[derive(Debug, Clone, Copy)]
pub struct ReplenishmentScope<'a> {
    /// Locations whose levels are looked at.
    pub at: &'a Locations,
    /// Locations that the caller may see, from which goods may come.
    pub sources: &'a Locations,
}

/// The sales that tell the demand: since a moment, so many days ago.
#[derive(Debug, Clone, Copy)]
pub struct Sales {
    pub since: DateTime<Utc>,
    pub days: i32,
}

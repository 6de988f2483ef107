//! The time that a suggestion to buy looks ahead.
use crate::platform::config;

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

//! A realistic stock for demonstrations and benchmarks.
use super::{ledger, store};
use crate::{kernel::Result, platform::db::Write};
use chrono::Duration;

/// The size of the seeded brand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Variants.
    pub variants: i32,
    /// Locations.
    pub locations: i32,
    /// Of a hundred variants, how many a store has.
    pub ranged_percent: i32,
    /// Orders in the past.
    pub past_orders: i32,
}

impl Profile {
    /// 400 variants × 12 locations.
    pub const S: Self = Self { variants: 400, locations: 12, ranged_percent: 100, past_orders: 200 };
    /// 1,500 variants × 300 locations, 70 % of them ranged.
    pub const M: Self = Self { variants: 1500, locations: 300, ranged_percent: 70, past_orders: 2_000 };
    /// 6,000 variants × 900 locations, a million past orders.
    pub const L: Self = Self { variants: 6000, locations: 900, ranged_percent: 55, past_orders: 1_000_000 };
}

/// The days that past orders reach back.
const PAST_DAYS: i64 = 731;
const PAST_MONTHS: i32 = 25;

/// Makes the locations (every sixth a warehouse) and their stock, each unit received through the ledger.
pub fn seed(tx: &mut Write, profile: &Profile) -> Result<()> {
    let now = tx.now();
    ledger::make_months(tx.conn(), now - Duration::days(PAST_DAYS), PAST_MONTHS)?;
    store::seed_locations(tx.conn(), profile.locations, now)?;
    Ok(store::seed_levels(tx.conn(), profile.locations, profile.ranged_percent, now)?)
}

/// Books what the seeded past orders took: received before, shipped since.
pub fn ship_history(tx: &mut Write) -> Result<()> {
    Ok(store::ship_history(tx.conn())?)
}

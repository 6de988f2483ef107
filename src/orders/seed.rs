//! Orders of the past, for demonstrations and benchmarks.
use super::store;
use crate::{
    inventory::{self, Profile},
    kernel::Result,
    platform::db::Write,
};

/// Writes the profile's past orders, with the ledger rows of what they took.
pub fn seed(tx: &mut Write, profile: &Profile) -> Result<()> {
    let now = tx.now();
    if profile.past_orders == 0 {
        return Ok(());
    }
    store::seed(tx.conn(), profile.past_orders, profile.locations, profile.variants, now)?;
    inventory::ship_history(tx)
}

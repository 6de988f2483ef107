//! A realistic catalog for demonstrations and benchmarks.
use super::store;
use crate::{kernel::Result, platform::db::Write};

/// Makes so many variants, in products of up to four shades or sizes, with prices in every channel, and a few
/// bundles on top.
pub fn seed(tx: &mut Write, variants: i32) -> Result<()> {
    let now = tx.now();
    Ok(store::seed(tx.conn(), variants, now)?)
}

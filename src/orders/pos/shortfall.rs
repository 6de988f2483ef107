//! Promises whose goods are gone: the youngest of them are sourced again from other locations, or wait until there is
//! more.
use crate::{
    inventory::{self, Inventory},
    kernel::Result,
    orders::{fulfillment::reject, store},
    platform::db::clock_guard::ClockGuard,
};
use chrono::{DateTime, Duration, Utc};

/// Levels that are looked after in one round.
const ROUND: i64 = 1_000;
/// The time for which a promise that no other location can keep is left alone.
const PAUSE: Duration = Duration::minutes(10);

/// Sources what was promised beyond what is here, the youngest promises first, and returns how many were moved.
pub async fn cover_shortfalls(inventory: &Inventory, pace: &ClockGuard) -> Result<usize> {
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let found = inventory.db.read(move |db| {
        let promises = inventory::uncovered_allocations(db, ROUND)?;
        Ok((store::known_shortfalls(db.conn(), &promises)?, promises))
    });
    let (known, promises) = found.await?;
    let mut moved = 0;
    for (order, location) in promises {
        let before: Option<&DateTime<Utc>> = known.get(&(order, location));
        if before.is_some_and(|next_at| *next_at > now) {
            continue;
        }
        match reject::source_again(inventory, order, location, now + PAUSE, before.is_some()).await {
            Ok(true) => moved += 1,
            Ok(false) => {}
            Err(error) => tracing::warn!(order.id = %order, error = %error, "a shortfall could not be covered yet"),
        }
    }
    Ok(moved)
}

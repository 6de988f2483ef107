//! Promises whose goods are gone: the youngest of them are sourced again from other places, or wait until there is more.
use crate::{
    inventory::{self, Inventory},
    kernel::{LocationId, OrderId, Result},
    orders::{reject, store},
    platform::db::Pace,
};
use chrono::Duration;

/// Levels that are looked after in one round.
const ROUND: i64 = 100;
/// How long a promise that no other place can keep is left alone.
const PAUSE: Duration = Duration::minutes(10);

/// Sources what was promised beyond what is here, the youngest promises first, and returns how many were moved.
pub async fn cover_shortfalls(inventory: &Inventory, pace: &Pace) -> Result<usize> {
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let short: Vec<(OrderId, LocationId)> = inventory
        .db
        .read(move |db| {
            let promises = inventory::uncovered_promises(db, ROUND)?;
            let waiting = store::shortfalls_that_wait(db.conn(), now)?;
            Ok(promises.into_iter().filter(|promise| !waiting.contains(promise)).collect())
        })
        .await?;
    let mut moved = 0;
    for (order, location) in short {
        match reject::source_again(inventory, order, location, now + PAUSE).await {
            Ok(true) => moved += 1,
            Ok(false) => {}
            Err(error) => tracing::warn!(order.id = %order, error = %error, "a shortfall could not be covered yet"),
        }
    }
    Ok(moved)
}

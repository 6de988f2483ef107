//! Records that are kept for a time and then deleted, in small transactions of their own.
use super::db::{Db, Write};
use crate::{kernel::Result, platform::db::clock_guard::ClockGuard};
use chrono::{DateTime, Duration, Utc};

/// Rows deleted in one transaction at most, so that no one waits long for their locks and no vacuum for their end.
const ROUND: i64 = 5_000;

/// Deletes what is older than so many days by the database's clock, and returns how many rows. With 0 days nothing is
/// ever deleted. A round deletes at most the given number of rows that are older than the given time, oldest first.
pub async fn sweep(
    db: &Db,
    pace: &ClockGuard,
    days: u32,
    round: fn(&mut Write, DateTime<Utc>, i64) -> Result<usize>,
) -> Result<usize> {
    if days == 0 {
        return Ok(0);
    }
    let Some(now) = pace.now(db).await? else { return Ok(0) };
    let before = now + db.clock().ahead() - Duration::days(days.into());
    let mut deleted = 0;
    loop {
        let count = db.write(move |tx| round(tx, before, ROUND)).await?;
        deleted += count;
        if count == 0 {
            return Ok(deleted);
        }
    }
}

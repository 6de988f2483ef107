//! The database's clock, by which everything that ends by itself ends, and whether it can be trusted now. A clock that
//! jumps would end everything at once; better that all of it lasts too long.
use crate::{
    kernel::Result,
    platform::db::{Db, Read, statement::Statement},
};
use chrono::{DateTime, Duration, Utc};
use diesel::{prelude::*, sql_types::Timestamptz};
use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Instant,
};

/// The most that the clock may stray from an even pace between two looks.
const JUMP: Duration = Duration::seconds(60);

/// The readings of two clocks at one look: the database's, and one that no one sets.
type Look = (DateTime<Utc>, Duration);

/// Watches the pace of the database's clock from look to look.
#[derive(Debug, Clone, Default)]
pub struct ClockGuard(Arc<Mutex<Option<Look>>>);

impl ClockGuard {
    /// The reading of the database's clock; none while it has jumped. It stays refused until it is back, or until the
    /// service is started anew by someone who has looked at it.
    pub async fn now(&self, db: &Db) -> Result<Option<DateTime<Utc>>> {
        let now = db.read(database_now).await?;
        let is_even = self.is_even(now, steady());
        if !is_even {
            tracing::error!(database.now = %now, "the database's clock has jumped: nothing ends until it is looked at");
        }
        Ok(is_even.then_some(now))
    }

    fn is_even(&self, database: DateTime<Utc>, steady: Duration) -> bool {
        let Ok(mut last) = self.0.lock() else { return false };
        let (then, since) = *last.get_or_insert((database, steady));
        let is_even = (database - then - (steady - since)).abs() <= JUMP;
        if is_even {
            // Small drifts add up over months; the pace is measured from look to look.
            *last = Some((database, steady));
        }
        is_even
    }
}

/// Time that no one sets, and that goes on while the machine sleeps, where the system tells it.
fn steady() -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    let uptime = std::fs::read_to_string("/proc/uptime").ok();
    let seconds = uptime.and_then(|text| text.split('.').next()?.parse().ok());
    seconds.map_or_else(|| Duration::from_std(STARTED.elapsed()).unwrap_or(Duration::MAX), Duration::seconds)
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

fn database_now(db: &mut Read) -> Result<DateTime<Utc>> {
    Ok(Statement::new("select clock_timestamp() as now").get_result::<Now>(db.conn())?.now)
}

#[cfg(test)]
mod tests {
    use crate::platform::db::clock_guard::*;

    #[test]
    fn a_clock_that_jumps_either_way_is_refused_until_it_is_back() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        for jump in [Duration::hours(1), Duration::hours(-1)] {
            let pace = ClockGuard::default();
            let at = Duration::seconds;
            assert!(pace.is_even(start, at(100)));
            assert!(pace.is_even(start + at(30), at(101)), "a small step is no jump");
            assert!(!pace.is_even(start + jump, at(102)));
            assert!(!pace.is_even(start + jump + at(5), at(107)), "it stays refused");
            assert!(pace.is_even(start + at(38), at(109)), "back again");
        }
    }

    #[test]
    fn steady_time_goes_on() {
        assert!(steady() > Duration::zero());
        assert!(steady() <= steady());
    }
}

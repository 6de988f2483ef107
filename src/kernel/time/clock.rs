//! The one reader of the wall clock. Tests hold a clock that they move forward by hand.
use chrono::{DateTime, Duration, SubsecRound, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// Tells the time: the machine's, moved forward by an offset that only tests ever set.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    ahead_micros: Arc<AtomicI64>,
}

impl Clock {
    /// The present instant in microseconds, which is what PostgreSQL keeps.
    #[expect(clippy::disallowed_methods, reason = "the one home of the wall clock")]
    pub fn now(&self) -> DateTime<Utc> {
        (Utc::now() + self.ahead()).trunc_subsecs(6)
    }

    /// The time by which tests have moved it.
    pub fn ahead(&self) -> Duration {
        Duration::microseconds(self.ahead_micros.load(Ordering::Relaxed))
    }

    /// Moves the clock forward; for tests.
    pub fn advance(&self, by: Duration) {
        let micros = by.num_microseconds().unwrap_or(i64::MAX);
        self.ahead_micros.fetch_add(micros, Ordering::Relaxed);
    }
}

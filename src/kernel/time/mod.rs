//! Time: the clock that tests can move, and moments as callers write them.
mod clock;
mod moment;

use chrono::{DateTime, SubsecRound, Utc};

pub use clock::Clock;
pub use moment::Moment;

/// The last year that RFC 3339 can write.
pub const LAST_YEAR: i32 = 9999;

/// The microsecond of a moment: PostgreSQL keeps no less.
pub fn to_micros(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.trunc_subsecs(6)
}

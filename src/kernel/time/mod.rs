//! Time: the clock that tests can move, and moments as callers write them.
mod clock;
mod moment;

use chrono::{DateTime, SubsecRound, Utc};

pub use clock::Clock;
pub use moment::Moment;

/// The microsecond of a moment: PostgreSQL keeps no less.
pub fn to_micros(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.trunc_subsecs(6)
}

//! Time: the clock that tests can move, and moments as callers write them.
mod clock;
mod moment;

pub use clock::Clock;
pub use moment::Moment;

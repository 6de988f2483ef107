//! Orders that customers pick up at a store, by a code.
pub mod http;
mod steps;
mod store;
mod working_set;

pub use steps::expire_pickups;
pub use working_set::Pickups;

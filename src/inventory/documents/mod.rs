//! The parts that transfers, purchase orders and counts share: heads locked by number and version, and a working set.
mod store;
mod working_set;

pub use store::next_number;
pub use working_set::Documents;

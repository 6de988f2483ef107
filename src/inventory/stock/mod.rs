//! The stock as a lane holds it: the rows of one batch, locked, changed in memory by the module's rules and written at
//! once. Nothing else writes `stock_levels`. Every method decides first and changes then, so that a refusal leaves no
//! trace.
pub mod backdated;
mod change;
mod costs;
pub mod locations;
pub mod not_found;
pub mod post_movements;
mod rearrange;
mod rows;
mod sell;
mod ship;
mod working_set;

pub use change::{NewReservation, SkuNames};
pub use rearrange::Rearrangement;
pub use rows::holds::{AllocationChange, AllocationScope, HeldReservation};
pub use sell::{Gone, Sold};
pub use ship::{Picking, good_until};
pub use working_set::Stock;

#[cfg(test)]
mod tests;

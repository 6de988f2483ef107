//! Sourcing: the locations that fill an order, by which strategies they were chosen, and at which shipping cost.
mod candidates;
mod decision;
pub mod http;
mod ranking;
mod shipping_cost;
mod simulate;
pub mod split;
mod store;

pub use candidates::{Candidates, Wanted, faults_of_chains, looked_at, strategies_of};
pub use decision::{SourcedLocations, SourcingChoice};
pub use ranking::parts_by;
pub use simulate::delete_decisions_before;
pub use split::{Candidate, Site, Strategy};
pub use store::{decisions_of, insert_decisions};

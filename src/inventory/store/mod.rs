//! Stock in PostgreSQL.
mod allocations;
mod apart;
mod batch;
mod capacity;
pub mod counters;
mod seed;

pub use allocations::{Allocation, Commitment, commitments_on, open_allocations};
pub use apart::{SetApart, save_set_apart, set_apart_at, set_apart_of};
pub use batch::{
    SavedLevel, close_allocations, insert_allocations, insert_levels, insert_moves, insert_reservations, save_levels,
    save_lot_balances, save_reservations,
};
pub use capacity::lock_capacities;

pub use seed::{seed_levels, seed_locations, ship_history};

crate::text_enum_in_sql!(super::model::LocationKind, super::model::ReservationStatus, super::model::AllocationStatus);

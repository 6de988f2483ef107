//! Stock in PostgreSQL.
mod allocations;
mod apart;
mod batch;
mod candidates;
mod capacity;
mod levels;
mod seed;

pub use allocations::{Allocation, Promised, open_allocations, promised_to};
pub use apart::{SetApart, save_set_apart, set_apart_at, set_apart_of};
pub use batch::{
    SavedLevel, close_allocations, insert_allocations, insert_levels, insert_moves, insert_reservations, save_levels,
    save_lot_balances, save_reservations,
};
pub use candidates::{CANDIDATES, Reach, candidates, sources};
pub use capacity::lock_capacities;

pub use levels::{
    Dated, DatedLevel, Glance, Level, Thresholds, Undated, all_levels_at, days_at, glance_at, levels_at, levels_of,
    lock_all_levels, lock_levels, look_at_levels, undated_levels,
};

pub use seed::{seed_levels, seed_locations, ship_history};

crate::words_in_sql!(super::model::LocationKind, super::model::ReservationStatus, super::model::AllocationStatus);

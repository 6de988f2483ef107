//! Stock in PostgreSQL.
mod allocations;
mod audit;
mod levels;
mod locations;
mod moves;
mod reservations;
mod seed;

pub use allocations::{Allocation, close_allocations, insert_allocations, lock_open_allocations};
pub use audit::differences;
pub use levels::{
    Level, Thresholds, apply, candidates, insert_level, levels_at, levels_of, lock_levels, set_thresholds,
};
pub use locations::{
    Location, LocationChange, NewLocation, change_location, insert_location, location_by_code, locations,
    locations_by_id, lock_location,
};
pub use moves::{Move, insert_moves};
pub use reservations::{
    Reservation, ReservationLine, close_reservation, due_reservations, insert_reservation, insert_reservation_lines,
    lock_due_reservation, lock_reservation, reservation_lines, reservations_by_id,
};
pub use seed::{seed_levels, seed_locations, ship_history};

crate::words_in_sql!(super::model::LocationKind, super::model::ReservationStatus, super::model::AllocationStatus);

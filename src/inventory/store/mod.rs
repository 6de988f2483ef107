//! Stock in PostgreSQL.
mod allocations;
mod apart;
mod batch;
mod candidates;
mod capacity;
mod costs;
mod heads;
mod ledger;
mod levels;
mod locations;
mod lot_reads;
mod lots;
mod moves;
mod numbers;
mod replenishment;
mod reservations;
mod seed;
mod trace;

pub use allocations::{Allocation, Promised, open_allocations, promised_to};
pub use apart::{SetApart, save_set_apart, set_apart_at, set_apart_of};
pub use batch::{
    SavedLevel, close_allocations, insert_allocations, insert_levels, insert_moves, insert_reservations, save_levels,
    save_lot_balances, save_reservations,
};
pub use candidates::{CANDIDATES, Reach, candidates, sources};
pub use capacity::lock_capacities;
pub use costs::{
    CostChange, CostChangeKey, Costed, cost_changes, costs_at, insert_cost_changes, moves_in_transit, take_currency,
};
pub use heads::{Heads, lock_heads};
pub use ledger::{Counted, MoveRow, as_of, close_next_day, lock_closing, make_months, moves_of};
pub use levels::{
    Dated, DatedLevel, Glance, Level, Thresholds, Undated, all_levels_at, days_at, glance_at, levels_at, levels_of,
    lock_all_levels, lock_levels, look_at_levels, undated_levels,
};
pub use locations::{
    Location, LocationChange, NewLocation, Shipping, change_location, hold_places, insert_location, location_by_code,
    location_ids, locations, locations_by_id, lock_location, lock_places, open_locations, still_there,
};
pub use lot_reads::{DueLot, LotPlace, due_lots, lot_by_code, lots, lots_by_id, places_of_lots};
pub use lots::{Lot, insert_lots, lock_lots, lots_of_levels, save_lots};
pub use moves::Move;
pub use numbers::next_number;
pub use replenishment::{accept_finds, running_low};
pub use reservations::{
    HeldRow, Reservation, ReservationLine, due_reservations, holds_there, lock_holds, reservation_lines, reservations,
    reservations_by_id, reservations_of,
};
pub use seed::{seed_levels, seed_locations, ship_history};
pub use trace::{Carried, Reached, carried_by, reached_orders, sent_to_order, uncovered_promises};

crate::words_in_sql!(super::model::LocationKind, super::model::ReservationStatus, super::model::AllocationStatus);

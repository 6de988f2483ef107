//! How much of each variant is where, and how much of it is promised. Promises: no unit is promised twice; each
//! physical change has its ledger rows; a hold ends exactly once, as converted, released or expired. Stock rows
//! change in the intake alone, which locks them in (location, variant) order.
mod adjust;
mod audit;
pub mod events;
mod expire;
mod gs1;
pub mod http;
mod intake;
mod ledger;
mod locate;
mod model;
mod read;
mod replenish;
mod reserve;
mod rules;
mod schema;
mod seed;
mod stock;
mod store;

pub use audit::{Repair, audit, invariants, repair};
pub use expire::expire_due;
pub use intake::Inventory;
pub use ledger::close_days;
pub use model::{Demand, LocationKind, ReservationStatus};
pub use read::{
    LevelKey, LocationFilter, LocationKey, levels_at, levels_of, location_by_code, locations, locations_by_id,
    reservation_lines_of, reservations_by_id,
};
pub use reserve::rows_of;
pub use rules::measured;
pub use seed::{Profile, seed, ship_history};
pub use stock::{NewHold, Stock};
pub use store::{CANDIDATES, Level, Location, Reservation, ReservationLine};

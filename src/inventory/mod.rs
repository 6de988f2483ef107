//! How much of each variant is where, and how much of it is promised. Promises: no unit is promised twice; each
//! physical change has its ledger rows; a hold ends exactly once, as converted, released or expired. Stock rows
//! are always locked in (location, variant) order, whoever asks.
mod adjust;
mod audit;
pub mod events;
mod expire;
mod hold;
pub mod http;
mod locate;
mod model;
mod promise;
mod read;
mod rules;
mod schema;
mod seed;
mod store;

pub use audit::audit;
pub use expire::expire_due;
pub use hold::{NewHold, candidates, demand_active_hold, hold, release};
pub use model::{Demand, LocationKind, ReservationStatus};
pub use promise::{convert, deallocate, ship};
pub use read::{
    LevelKey, LocationFilter, LocationKey, demand_location, levels_at, levels_of, location_by_code, locations,
    locations_by_id, reservation_lines_of, reservations_by_id,
};
pub use rules::measured;
pub use seed::{Profile, seed, ship_history};
pub use store::{Level, Location, Reservation, ReservationLine};

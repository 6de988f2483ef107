//! Stores and warehouses: create, change and list them; their time zones.
mod change;
pub mod http;
pub mod model;
mod require;
mod store;
mod zones;

pub use store::{
    Location, hold_places, location_by_code, location_ids, locations_by_id, locations_page, lock_places, open_locations,
};
pub use zones::Zones;

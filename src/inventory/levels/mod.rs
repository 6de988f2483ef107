//! Stock levels: adjust them, list them, tell what is available and what could not be found.
pub mod adjust;
pub mod availability;
pub mod http;
pub mod missing;
pub mod model;
pub mod shortage;
pub mod store;

pub use adjust::{Booking, LevelChange, VariantName, variant_of};
pub use availability::{Availability, availability, availability_of_each};
pub use missing::{MissingView, missing};
pub use shortage::out_of_stock;

//! The history of prices: each change with who made it, and the lowest price before the present one.
pub mod http;
mod read;
pub mod rules;
pub mod store;
pub mod summed;
mod withdraw;

pub use read::{PriorPrice, prior_prices};

//! The outbound side of orders: pick lists, parcels, deliveries, and parts that a location rejects.
mod deliver;
pub mod http;
mod pick_list;
pub mod reject;
mod ship;
mod unsent;

pub use unsent::{Unsent, lines_in};

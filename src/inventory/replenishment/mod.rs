//! Replenishment: levels that run low, suggestions, and the documents made of them.
pub mod http;
pub mod model;
mod order;
mod store;
mod suggest;

pub use suggest::accept_finds;

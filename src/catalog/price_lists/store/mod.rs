//! Price lists and their prices in PostgreSQL.
pub mod entries;
mod lists;

pub use lists::*;

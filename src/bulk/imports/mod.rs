//! Imports: a file is taken in whole, and its rows are worked through one after the other.
pub mod http;
mod model;
mod run;
mod start;
mod store;

pub use run::run_imports;

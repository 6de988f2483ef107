//! Imports: a file is taken in whole, and its rows are worked through one after the other.
mod catalog_rows;
pub mod http;
mod model;
mod outcomes;
mod run;
mod start;
mod store;

pub use run::run_imports;
pub use store::delete_before;

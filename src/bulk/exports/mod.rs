//! Exports: rows are written into a file in the background, part by part, with the rights of whoever wants them.
pub mod http;
mod model;
mod rows;
mod run;
mod start;
mod store;

pub use run::run_exports;
pub use store::delete_before;

//! Files of many rows, worked through in the background, and rows on their way out. Promises: each row is done once or
//! refused with its reason, however often the work is interrupted; each is what a single request would do, with the
//! rights of whoever sent the file; sales go on meanwhile.
pub mod http;
mod imports;
mod schema;

pub use imports::run_imports;

//! Files of many rows, worked through in the background, and rows on their way out. Promises: each row is done once or
//! refused with its reason, however often the work is interrupted; each is what a single request would do, with the
//! rights of whoever sent the file; sales go on meanwhile.
mod exports;
pub mod http;
mod imports;
mod schema;

pub use exports::{delete_before as delete_exports_before, run_exports};
pub use imports::{delete_before as delete_imports_before, run_imports};

//! Rows of files of stock: adjustments and thresholds, lines of counts, and arrivals. Promise: each row is what a
//! single request would do, under a key of its own, so that one that is done again does nothing twice.
mod export;
pub mod http;
mod known;
mod rows;
mod work;

pub use rows::{COUNTS, LEVELS, RECEIPTS};
pub use work::{LevelName, StockWork};

crate::text_enum! {
    /// The kind of rows of stock.
    StockRows {
        /// Adjustments and thresholds of stock levels.
        Levels = "levels",
        /// Lines of counts.
        Counts = "counts",
        /// Arrivals, a row each.
        Receipts = "receipts",
    }
}

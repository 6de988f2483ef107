//! The ledger of stock: the movements behind a level, levels as of a moment, and the closing of days.
mod export;
pub mod history;
pub mod http;
mod store;

pub use export::{MOVE_COLUMNS, MovesOf, export_moves};
pub use history::PastLevel;
pub use store::{AsOf, LedgerMove, make_months};

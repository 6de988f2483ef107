//! The ledger of stock: the movements behind a level, levels as of a moment, and the closing of days.
pub mod history;
pub mod http;
mod store;

pub use history::PastLevel;
pub use store::{AsOf, LedgerMove, make_months};

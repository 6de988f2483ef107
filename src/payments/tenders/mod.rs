//! Tenders: the ways in which money is handed over at a till, and what a location has taken on a day. Promise: what was
//! handed over is the amount that was paid with its rounding, the tip and the change.
mod cash;
mod model;
mod takings;

pub use cash::{TenderSums, cash_step};
pub use model::{Tender, TenderKind, TenderTold};
pub use takings::{Taking, takings};

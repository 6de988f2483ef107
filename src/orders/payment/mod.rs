//! Paying for orders: by hand or through a gateway, and the outcome of each operation.
pub mod authorize;
mod coins;
mod failed;
pub mod http;
mod outcome;
mod record;

pub use authorize::Extra;
pub use coins::ToldTender;
pub use outcome::finish_due_operations;
pub use record::Pay;

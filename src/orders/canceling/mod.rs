//! Canceling orders, or units of their lines: allocated and reserved units are released, money is voided or refunded.
mod cancel;
pub mod cancel_lines;
mod expire_unpaid;
pub mod http;

pub use expire_unpaid::expire_unpaid_orders;

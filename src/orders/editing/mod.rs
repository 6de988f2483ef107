//! Changing the lines or the address of an order before any of it has shipped.
mod authorize_increase;
mod edit;
pub mod http;

pub use edit::VoidIncrease;

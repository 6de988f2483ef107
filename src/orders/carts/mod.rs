//! Carts: what goods would cost, with their discounts, taxes and availability, without placing an order. A quote keeps
//! these prices for a while; an order that names it is charged them.
pub mod http;
mod price;
mod quote;
mod rules;
mod store;

pub use quote::{Honored, delete_quotes_before, honored};

//! Tax on sales that is within prices: rates by country and class of goods, each from a moment until another.
mod change;
pub mod http;
mod model;
pub mod rules;
pub mod store;

pub use model::{LineTax, TaxClass, TaxRate, TaxRates};

//! Tax on sales, within prices or on top of them: rates by country and class of goods, each from a moment until
//! another.
mod change;
pub mod http;
mod model;
pub mod rules;
pub mod store;

pub use model::{LineTax, TaxClass, TaxRate, TaxRates};

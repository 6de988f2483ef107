//! Attributes: facts that a brand tells of its products beside those that every product has, defined for all products,
//! for a kind of product, or for a category and those below it. Promise: an attribute of a product is defined, and its
//! value is one that the definition allows at the time.
mod assign;
mod define;
mod http;
mod model;
mod read;
mod rules;
mod store;
mod values;

pub use assign::check;
pub use http::routes;
pub use read::all;
pub use store::AttributeDefinition;
pub use values::{AttributeValue, Attributes};

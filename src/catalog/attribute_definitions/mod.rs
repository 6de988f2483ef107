//! Attributes: facts that a brand tells of its products beside those that every product has, defined for all products,
//! for a kind of product, or for a category and those below it. Promise: an attribute of a product is defined, and its
//! value is one that the definition allowed, when the attributes of the product were set.
mod assign;
mod define;
mod http;
mod model;
mod read;
mod rules;
mod store;
mod values;

pub use assign::checked;
pub use http::routes;
pub use read::all;
pub use store::{AttributeDefinition, set_attributes};
pub use values::{AttributeValue, Attributes};

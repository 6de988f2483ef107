//! Brands, categories and collections: the names under which products are found. A category stands below a kind of
//! product or below another category; a collection lists products in an order of its own.
pub mod assign;
mod change;
mod create;
pub mod http;
mod model;
mod rules;
pub mod store;

pub use create::{another_slug, slug_of};
pub use model::GroupKind;
pub use store::Group;

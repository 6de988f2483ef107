//! Users: people and machines of the brand, with grants of roles.
mod create;
mod model;
mod store;

pub use create::{create, user_by_email};
pub use model::{NewGrant, NewUser};

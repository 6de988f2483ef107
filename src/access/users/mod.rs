//! Users: people and machines of the brand, made by others with a link to choose a password, with grants of roles that
//! nobody gives who does not hold them. One admin everywhere is always left.
mod change;
mod create;
mod giving;
mod grants;
pub mod http;
mod links;
mod model;
mod read;
mod rules;
pub(super) mod store;

pub use create::{create, user_by_email};
pub use model::{NewGrant, NewUser};

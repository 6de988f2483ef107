//! Roles: named sets of permissions, built-in ones and those that the brand makes. Promises: a role that someone holds
//! stays, and nobody puts a permission into a role that they do not hold everywhere themselves.
mod change;
pub mod http;
mod model;
mod read;
pub(super) mod store;

//! API keys: programs that act, such as tills and integrations, each with permissions at locations and perhaps for one
//! channel. Promises: a secret is told once and never kept, one that has ended opens nothing, and nobody gives a key
//! more than they hold.
mod change;
pub mod client;
pub mod http;
mod model;
mod rules;
pub(super) mod store;

//! Groups of locations, such as a region or all warehouses, at which roles are held together. Promises: a group of no
//! location gives nobody anything, and nobody widens a group with roles that they do not hold everywhere themselves.
mod change;
pub mod http;
mod model;
pub(super) mod store;

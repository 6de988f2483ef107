//! Shipping methods: the ways in which goods are sent to customers, and the charge by country, weight and price.
mod change;
mod create;
mod faults;
pub mod http;
mod model;
pub mod rules;
pub mod store;

pub use model::{ShippingMethod, ShippingMethodRate, ShippingMethods, ShippingVerdict, ShippingZone};
pub use rules::ShippedGoods;
pub use store::{ShippingMethodKey, shipping_methods};

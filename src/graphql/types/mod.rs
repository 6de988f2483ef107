//! The types of the schema, a file for each module that they show.
mod catalog;
mod content;
mod groups;
mod inventory;
mod lots;
mod orders;
mod payments;
mod reservations;
mod shipments;
mod supply;
mod variants;

pub use catalog::{Category, Channel, Product, Promotion, ShippingMethod, Sorting, Status};
pub use groups::GroupQuery;
pub use inventory::{Location, LocationKind};
pub use lots::Lot;
pub use orders::Order;
pub use payments::{Payment, PaymentQuery};
pub use reservations::Reservation;
pub use shipments::Shipment;
pub use supply::{PurchaseOrder, StockCount, Transfer};
pub use variants::{ShadeFamily, Variant};

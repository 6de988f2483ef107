//! The types of the schema, a file for each module that they show.
mod catalog;
mod content;
mod groups;
mod inventory;
mod orders;
mod payments;
mod shipments;
mod supply;

pub use catalog::{Category, Channel, Product, Sorting, Status, Variant};
pub use groups::GroupQuery;
pub use inventory::{Location, LocationKind, Reservation};
pub use orders::Order;
pub use payments::{Payment, PaymentQuery};
pub use shipments::Shipment;
pub use supply::{Lot, PurchaseOrder, StockCount, Transfer};

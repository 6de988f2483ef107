//! What is ordered from suppliers and received from them.
use crate::{
    inventory::{
        costs::Terms,
        purchasing::{PurchaseStatus, receive::Arriving},
    },
    kernel::{LocationId, PurchaseOrderId, Quantity, Sku, SupplierId},
};

/// A supplier to be added.
#[derive(Debug, Clone)]
pub struct NewSupplier {
    pub code: String,
    pub name: String,
    pub lead_days: i32,
    pub minimum_units: i32,
}

/// Which purchase orders.
#[derive(Debug, Clone, Default)]
pub struct PurchaseFilter {
    pub location: Option<LocationId>,
    pub supplier: Option<SupplierId>,
    pub status: Option<PurchaseStatus>,
    /// With this number.
    pub number: Option<i64>,
}

/// Units of a SKU to be bought, as they are sent.
#[derive(Debug, Clone)]
pub struct Bought {
    pub sku: Sku,
    pub quantity: Quantity,
    pub unit_cost_minor: Option<i64>,
}

/// An arrival to be booked.
#[derive(Debug, Clone)]
pub struct NewReceipt {
    pub location: LocationId,
    pub purchase_order: Option<PurchaseOrderId>,
    pub supplier: Option<SupplierId>,
    pub reference: Option<String>,
    pub terms: Terms,
    pub lines: Vec<Arriving>,
}

//! Orders to suppliers and receipts from them, before they are stored.
use crate::{
    inventory::{
        costs::CostTerms,
        lots::Printed,
        purchasing::{ArrivalCondition, PurchaseStatus},
    },
    kernel::{LocationId, PurchaseOrderId, Quantity, Sku, SupplierId, VariantId},
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
    pub terms: CostTerms,
    pub lines: Vec<Arriving>,
}

/// Units of a variant to be bought, at a cost in minor units if it was said.
pub type OrderedLine = (VariantId, i32, Option<i64>);

/// The arrival of a SKU.
#[derive(Debug, Clone)]
pub struct Arriving {
    pub what: What,
    pub lot: Option<Printed>,
    pub accepted: i32,
    pub rejected: i32,
    pub condition: ArrivalCondition,
    /// In minor units of the receipt's currency.
    pub unit_cost_minor: Option<i64>,
}

/// The name of goods: their SKU, or what a scanner read.
#[derive(Debug, Clone)]
pub enum What {
    Sku(Sku),
    Scan(String),
}

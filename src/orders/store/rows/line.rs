//! Lines of orders as they stand in their table.
use crate::{
    catalog::LineTax,
    kernel::{OrderId, VariantId},
    orders::{
        model::{BundleComponent, LineDiscount},
        store::choices::SourcedUnits,
    },
    platform::db::Json,
};
use diesel::prelude::*;

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct OrderLine {
    pub order_id: OrderId,
    pub line_no: i32,
    pub variant_id: VariantId,
    pub sku: String,
    pub name: String,
    /// Units that are still ordered.
    pub quantity: i32,
    pub unit_minor: i64,
    pub total_minor: i64,
    /// Units that were given up.
    pub canceled: i32,
    /// Units that came back.
    pub returned: i32,
    /// The components of a unit of a bundle.
    pub(in crate::orders) parts: Option<Json<Vec<BundleComponent>>>,
    /// Parts of a bundle that came back beyond whole units.
    pub(in crate::orders) returned_parts: Option<Json<Vec<SourcedUnits>>>,
    /// The tax within its price; none where none was known.
    pub(in crate::orders) tax: Option<Json<LineTax>>,
    /// The amount off the price of all units that it ever had.
    pub discount_minor: i64,
    /// The same by what took it off.
    pub(in crate::orders) discounts: Option<Json<Vec<LineDiscount>>>,
    /// False if the unit price, and what is taken off it, is without tax.
    pub tax_included: bool,
}

impl OrderLine {
    /// The amount off the units that are still ordered, in minor units; without tax where the unit price is.
    pub fn discount_now(&self) -> i64 {
        let added = if self.tax_included { 0 } else { self.tax_minor() };
        self.unit_minor * i64::from(self.quantity) - (self.total_minor - added)
    }

    /// The amounts off the price of all units that it ever had.
    pub fn discounts(&self) -> &[LineDiscount] {
        self.discounts.as_ref().map_or(&[], |Json(discounts)| discounts)
    }

    /// The tax within its price, as it was when it was sold.
    pub fn tax(&self) -> Option<&LineTax> {
        self.tax.as_ref().map(|Json(tax)| tax)
    }

    /// The tax within its price, in minor units; 0 where none was known.
    pub fn tax_minor(&self) -> i64 {
        self.tax().map_or(0, |tax| tax.within(self.total_minor))
    }
}

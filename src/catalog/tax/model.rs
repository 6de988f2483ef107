//! Rates of tax, and the tax of a line as it was sold.
use crate::kernel::{Country, PrincipalId, Region, TaxRateId, Text};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

crate::text_enum! {
    /// The class by which goods are taxed; each country has its own rate of each.
    TaxClass {
        /// The standard rate.
        Standard = "standard",
        /// A reduced rate.
        Reduced = "reduced",
        /// A second reduced rate, where a country has one.
        SuperReduced = "super_reduced",
        /// Goods that are not taxed, or at zero.
        Zero = "zero",
    }
}

/// A rate of tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaxRate {
    /// Identifies the rate.
    pub id: TaxRateId,
    /// The country where it holds (ISO 3166-1 alpha-2).
    #[schema(value_type = Country)]
    pub country: Arc<str>,
    /// The part of the country where it holds (ISO 3166-2); null for all parts without a rate of their own.
    #[schema(value_type = Option<Region>)]
    pub region: Option<Arc<str>>,
    /// The class of goods.
    pub tax_class: TaxClass,
    /// The name on receipts.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// The rate in millionths of the price without tax: 200000 is 20 %.
    pub rate_ppm: i32,
    /// The moment from which it holds.
    pub starts_at: DateTime<Utc>,
    /// The moment from which it holds no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The user who set it.
    pub created_by: PrincipalId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A rate to be set.
#[derive(Debug, Clone)]
pub struct NewTaxRate {
    pub country: Country,
    pub region: Option<Region>,
    pub tax_class: TaxClass,
    pub name: Text<50>,
    pub rate_ppm: i32,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// The tax of a line, as it was when the line was sold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct LineTax {
    /// The country where it is due (ISO 3166-1 alpha-2).
    #[schema(value_type = Country)]
    pub country: Arc<str>,
    /// The part of the country whose rate it is (ISO 3166-2); null for that of the whole country.
    #[schema(value_type = Option<Region>)]
    pub region: Option<Arc<str>>,
    /// The class of goods.
    pub tax_class: TaxClass,
    /// The name on receipts.
    #[schema(value_type = String)]
    pub name: Arc<str>,
    /// The rate in millionths of the price without tax: 200000 is 20 %.
    pub rate_ppm: i32,
}

/// All rates as a server remembers them.
#[derive(Debug, Clone, Default)]
pub struct TaxRates {
    pub rates: Vec<TaxRate>,
    /// The number of changes of the catalog that are in it at least.
    pub changes: i64,
}

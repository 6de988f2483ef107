//! Rows as they stand in the tables.
use crate::{
    catalog::classification::{Category, LotControl, Status},
    kernel::{ProductId, Sku, VariantId},
};
use chrono::{DateTime, Utc};
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// A product.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    pub brand: Option<String>,
    pub description: Option<String>,
    pub category: Category,
    /// Ingredients by their INCI names.
    pub inci: Option<String>,
    /// Period after opening, in months.
    pub pao_months: Option<i32>,
    pub status: Status,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A variant: what is counted, priced and sold.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Variant {
    pub id: VariantId,
    pub product_id: ProductId,
    #[schema(value_type = Sku)]
    pub sku: String,
    pub gtin: Option<String>,
    pub shade: Option<String>,
    /// As printed on the pack, such as `50 ml`.
    pub size: Option<String>,
    pub status: Status,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The facts that must be known of goods when they arrive.
    pub lot_control: LotControl,
}

/// A part of a bundle.
#[derive(Debug, Clone, Copy, Queryable, Serialize, ToSchema)]
pub struct Component {
    #[serde(skip)]
    pub bundle_id: VariantId,
    pub variant_id: VariantId,
    /// Units of the part in one bundle.
    pub quantity: i32,
}

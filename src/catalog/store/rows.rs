//! Rows as they stand in the tables.
use crate::{
    catalog::{
        attribute_definitions::Attributes,
        attributes::{DangerousGoods, Purpose, ShadeFamily, Undertone},
        bundles::BundleChoice,
        classification::{Category, LotControl, Status},
        content::Publication,
        tax::TaxClass,
    },
    kernel::{Channel, GroupId, ProductId, Sku, VariantId},
    platform::db::Json,
};
use chrono::{DateTime, Utc};
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// A product.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Product {
    /// Identifies the product.
    pub id: ProductId,
    /// The name that people read.
    pub name: String,
    /// The brand that makes it.
    pub brand: Option<String>,
    /// The text for customers.
    pub description: Option<String>,
    /// The category, which decides how lots and expiry are handled.
    pub category: Category,
    /// Ingredients by their INCI names.
    pub inci: Option<String>,
    /// Period after opening, in months.
    pub pao_months: Option<i32>,
    /// The state that it is in.
    pub status: Status,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was retired; null while it is sold.
    pub retired_at: Option<DateTime<Utc>>,
    /// Identifies its brand.
    pub brand_id: Option<GroupId>,
    /// Identifies its category below the kind of product.
    pub category_id: Option<GroupId>,
    /// The name in addresses, unique.
    pub slug: Option<String>,
    /// The class by which it is taxed.
    pub tax_class: TaxClass,
    /// The channels in which it is published, each with its time; null for all channels at all times.
    #[schema(value_type = Option<Vec<Publication>>)]
    pub publications: Option<Json<Vec<Publication>>>,
    /// Its attributes by their codes, as they are defined for its kind or category.
    #[schema(value_type = std::collections::HashMap<String, crate::catalog::attribute_definitions::AttributeValue>)]
    pub attributes: Json<Attributes>,
}

impl Product {
    /// The channels in which it is published; none if it is in all of them.
    pub fn publications(&self) -> Option<&[Publication]> {
        self.publications.as_ref().map(|Json(all)| all.as_slice())
    }

    /// True if it is shown and sold in a channel at a moment.
    pub fn is_published(&self, channel: Channel, at: DateTime<Utc>) -> bool {
        Publication::is_published(self.publications(), channel, at)
    }
}

/// A variant: what is counted, priced and sold.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct Variant {
    /// Identifies the variant.
    pub id: VariantId,
    /// Identifies the product.
    pub product_id: ProductId,
    /// The SKU of the variant.
    #[schema(value_type = Sku)]
    pub sku: String,
    /// The GTIN that is printed as a barcode (GS1).
    pub gtin: Option<String>,
    /// The shade or color.
    pub shade: Option<String>,
    /// As printed on the pack, such as `50 ml`.
    pub size: Option<String>,
    /// The state that it is in.
    pub status: Status,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// The facts that must be known of goods when they arrive.
    pub lot_control: LotControl,
    /// The brand's own code of the shade, such as `N° 12`.
    pub shade_code: Option<String>,
    /// The family of colors of the shade.
    pub shade_family: Option<ShadeFamily>,
    /// The undertone of a complexion shade.
    pub undertone: Option<Undertone>,
    /// The color of the shade on a screen, such as `#B3122D`.
    pub swatch: Option<String>,
    /// The weight of one unit as it is shipped, in grams.
    pub weight_grams: Option<i32>,
    /// Days from manufacture to expiry; a lot that arrives without a printed expiry gets the one that they make.
    pub shelf_life_days: Option<i32>,
    /// The class of dangerous goods; null if it is not dangerous.
    pub dangerous_goods: Option<DangerousGoods>,
    /// The code of the Harmonized System for customs.
    pub hs_code: Option<String>,
    /// The use that it is stocked for.
    pub purpose: Purpose,
    /// When it was retired; null while it is sold.
    pub retired_at: Option<DateTime<Utc>>,
    /// The number of changes of what it is sold for beside its own record.
    #[serde(skip)]
    pub offer_version: i64,
    /// Millionths off the sum of its parts' prices, of a bundle whose prices are that sum; null where it has its own.
    pub sum_discount_ppm: Option<i32>,
    /// The parts that the customer chooses, of a bundle that has such; null for none.
    #[schema(value_type = Option<Vec<BundleChoice>>)]
    pub choices: Option<Json<Vec<BundleChoice>>>,
}

/// A part of a bundle.
#[derive(Debug, Clone, Copy, Queryable, Serialize, ToSchema)]
pub struct Component {
    #[serde(skip)]
    pub bundle_id: VariantId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units of the part in one bundle.
    pub quantity: i32,
}

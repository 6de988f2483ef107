//! Changes of products and variants; what is absent stays.
use super::Gtin;
use crate::{
    catalog::{
        attributes::{DangerousGoods, HsCode, Purpose, ShadeFamily, Slug, Swatch, Undertone},
        classification::LotControl,
        tax::TaxClass,
    },
    kernel::{GroupId, Prose, Text, strict_json::clearable},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The changes of a product; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    pub name: Option<Text<200>>,
    /// The name of its brand, in any case; one of `GET /v1/brands`.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Text<100>>)]
    pub brand: Option<Option<Text<100>>>,
    /// The text for customers.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Prose<4000>>)]
    pub description: Option<Option<Prose<4000>>>,
    /// The ingredients by their INCI names.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Prose<4000>>)]
    pub inci: Option<Option<Prose<4000>>>,
    /// Months that it lasts once opened (PAO).
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 120)]
    pub pao_months: Option<Option<i32>>,
    /// The category below its kind of product.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<GroupId>)]
    pub category_id: Option<Option<GroupId>>,
    /// The name in addresses, unique.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    pub slug: Option<Slug>,
    /// The class by which it is taxed.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    pub tax_class: Option<TaxClass>,
}

/// The changes of a variant; the SKU never does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantChange {
    /// The GTIN that is printed as a barcode (GS1).
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Gtin>)]
    pub gtin: Option<Option<Gtin>>,
    /// The shade or color.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Text<100>>)]
    pub shade: Option<Option<Text<100>>>,
    /// The size or content, such as 30 ml.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Text<50>>)]
    pub size: Option<Option<Text<50>>>,
    /// The rule for lots and expiry dates of the variant.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    pub lot_control: Option<LotControl>,
    /// The brand's own code of the shade.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Text<50>>)]
    pub shade_code: Option<Option<Text<50>>>,
    /// The family of colors of the shade.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<ShadeFamily>)]
    pub shade_family: Option<Option<ShadeFamily>>,
    /// The undertone of a complexion shade.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Undertone>)]
    pub undertone: Option<Option<Undertone>>,
    /// The color of the shade on a screen.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<Swatch>)]
    pub swatch: Option<Option<Swatch>>,
    /// The weight of one unit as it is shipped, in grams.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 100_000)]
    pub weight_grams: Option<Option<i32>>,
    /// Days from manufacture to expiry.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 3650)]
    pub shelf_life_days: Option<Option<i32>>,
    /// The class of dangerous goods.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<DangerousGoods>)]
    pub dangerous_goods: Option<Option<DangerousGoods>>,
    /// The code of the Harmonized System for customs.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<HsCode>)]
    pub hs_code: Option<Option<HsCode>>,
    /// The use that it is stocked for.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    pub purpose: Option<Purpose>,
}

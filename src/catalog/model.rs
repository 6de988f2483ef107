//! Products, variants, prices and bundles, and the parsing of what describes them.
use super::store::{Component, Product, Variant};
use crate::{
    catalog::{
        attributes::{DangerousGoods, HsCode, Purpose, ShadeFamily, Slug, Swatch, Undertone},
        classification::{Category, LotControl, Status},
    },
    kernel::{Channel, Currency, GroupId, Money, Prose, Quantity, Sku, Text, VariantId},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::{PartialSchema, ToSchema};

crate::text_enum! {
    /// The order of a list of products.
    ProductSort {
        /// By name, A to Z.
        ByName = "name",
        /// By name, Z to A.
        ByNameDescending = "-name",
    }
}

/// A GS1 GTIN of 8, 12, 13 or 14 digits with a right check digit (GS1 General Specifications §7.9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gtin(String);

impl Gtin {
    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ways in which the same number is written: with 14 digits, and with fewer where zeros lead.
    pub fn forms(&self) -> Vec<String> {
        let whole = format!("{:0>14}", self.0);
        let shorter =
            |length: usize| whole.split_at_checked(14 - length).filter(|(zeros, _)| zeros.bytes().all(|b| b == b'0'));
        [14, 13, 12, 8].into_iter().filter_map(shorter).map(|(_, digits)| digits.to_owned()).collect()
    }
}

impl FromStr for Gtin {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err("a GTIN has 8, 12, 13 or 14 digits".into());
        }
        let weighted = |(at, byte): (usize, u8)| u32::from(byte - b'0') * if at % 2 == 1 { 3 } else { 1 };
        let sum: u32 = text.bytes().rev().enumerate().map(weighted).sum();
        if sum.is_multiple_of(10) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("the check digit of GTIN {text} is wrong"))
        }
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Gtin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl PartialSchema for Gtin {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .pattern(Some("^([0-9]{8}|[0-9]{12,14})$"))
            .description(Some("GS1 GTIN with check digit"))
            .examples(["4006381333931"])
            .into()
    }
}
impl ToSchema for Gtin {}

/// A price of a variant in one channel and currency.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Price {
    #[serde(skip)]
    pub variant_id: VariantId,
    /// The channel of sale.
    pub channel: Channel,
    #[serde(flatten)]
    pub amount: Money,
}

/// All that selling a variant needs to know, kept in memory.
#[derive(Debug, Clone)]
pub struct Offer {
    pub variant: Variant,
    pub product: Product,
    pub prices: Vec<Price>,
    pub components: Vec<Component>,
    /// The number of changes of the catalog that are in it at least.
    pub changes: i64,
}

impl Offer {
    /// The price in a channel and currency.
    pub fn price(&self, channel: Channel, currency: Currency) -> Option<Money> {
        self.prices.iter().find(|p| p.channel == channel && p.amount.currency == currency).map(|p| p.amount)
    }

    /// True if it may be sold.
    pub fn is_sold(&self) -> bool {
        self.variant.status == Status::Active && self.product.status == Status::Active
    }

    /// Its name on an order: product, shade and size.
    pub fn title(&self) -> String {
        let parts = [Some(&self.product.name), self.variant.shade.as_ref(), self.variant.size.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// A product to be made.
#[derive(Debug, Clone)]
pub struct NewProduct {
    pub name: Text<200>,
    pub brand: Option<Text<100>>,
    pub description: Option<Prose<4000>>,
    pub category: Category,
    pub category_id: Option<GroupId>,
    /// Made of the name, if absent.
    pub slug: Option<Slug>,
    pub inci: Option<Prose<4000>>,
    pub pao_months: Option<i32>,
    pub variants: Vec<NewVariant>,
}

/// A variant to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVariant {
    /// The SKU of the variant.
    pub sku: Sku,
    /// The GTIN that is printed as a barcode (GS1).
    pub gtin: Option<Gtin>,
    /// The shade or color.
    pub shade: Option<Text<100>>,
    /// The size or content, such as 30 ml.
    pub size: Option<Text<50>>,
    /// The facts that must be known of goods when they arrive; none, if absent.
    #[serde(default = "no_control")]
    pub lot_control: LotControl,
    /// The brand's own code of the shade, such as `N° 12`.
    #[serde(default)]
    pub shade_code: Option<Text<50>>,
    /// The family of colors of the shade.
    #[serde(default)]
    pub shade_family: Option<ShadeFamily>,
    /// The undertone of a complexion shade.
    #[serde(default)]
    pub undertone: Option<Undertone>,
    /// The color of the shade on a screen.
    #[serde(default)]
    pub swatch: Option<Swatch>,
    /// The weight of one unit as it is shipped, in grams.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000)]
    pub weight_grams: Option<i32>,
    /// Days from manufacture to expiry.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    pub shelf_life_days: Option<i32>,
    /// The class of dangerous goods, if it is dangerous.
    #[serde(default)]
    pub dangerous_goods: Option<DangerousGoods>,
    /// The code of the Harmonized System for customs.
    #[serde(default)]
    pub hs_code: Option<HsCode>,
    /// The use that it is stocked for; `sale`, if absent.
    #[serde(default = "for_sale")]
    pub purpose: Purpose,
    /// The prices by channel and currency.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[schema(max_items = 50)]
    pub prices: Vec<NewPrice>,
}

fn for_sale() -> Purpose {
    Purpose::Sale
}

fn no_control() -> LotControl {
    LotControl::None
}

/// A price to be set.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrice {
    /// The channel of sale.
    pub channel: Channel,
    /// The currency of all its amounts (ISO 4217).
    pub currency: Currency,
    /// The price of one unit, in minor units of the currency.
    #[serde(deserialize_with = "crate::kernel::quantity::whole_number")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount_minor: i64,
}

/// A part of a bundle to be set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComponent {
    /// The SKU of the variant.
    pub sku: Sku,
    /// Units.
    pub quantity: Quantity,
}

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

/// Tells a field that is null (clear it) from one that is absent (RFC 7396).
pub(super) fn clearable<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::Gtin;
    use proptest::prelude::*;

    #[test]
    fn real_gtins_are_read_and_their_misprints_are_not() {
        for good in ["4006381333931", "96385074", "036000291452", "10614141000415"] {
            assert!(good.parse::<Gtin>().is_ok(), "{good}");
        }
        for bad in ["4006381333932", "4006381339331", "123", "40063813339a1", ""] {
            assert!(bad.parse::<Gtin>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn changing_any_one_digit_is_noticed(at in 0usize..13, by in 1u8..10) {
            let mut digits = *b"4006381333931";
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            prop_assert!(std::str::from_utf8(&digits).unwrap().parse::<Gtin>().is_err());
        }
    }
}

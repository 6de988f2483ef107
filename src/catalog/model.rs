//! Products, variants, prices and bundles, and the parsing of what describes them.
mod changes;
pub(super) use crate::kernel::strict_json::clearable;
pub use changes::{ProductChange, VariantChange};
mod gtin;
pub use gtin::Gtin;

use super::store::{Component, Product, Variant};
use crate::{
    catalog::{
        attribute_definitions::Attributes,
        attributes::{DangerousGoods, HsCode, Purpose, ShadeFamily, Slug, Swatch, Undertone},
        bundles::NewChoice,
        classification::{Category, LotControl, Status},
        content::Publication,
    },
    catalog::{price_lists::ListPrice, tax::TaxClass},
    kernel::{Channel, Code, Currency, Error, GroupId, Money, Prose, Quantity, Result, Sku, Text, VariantId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::text_enum! {
    /// The order of a list of products.
    ProductSort {
        /// By name, A to Z.
        ByName = "name",
        /// By name, Z to A.
        ByNameDescending = "-name",
    }
}

/// A price of a variant in one channel and currency.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Price {
    #[serde(skip)]
    pub variant_id: VariantId,
    /// The channel of sale.
    pub channel: Channel,
    #[serde(flatten)]
    pub amount: Money,
    /// The price that is shown struck through beside it, in minor units; null for none.
    pub compare_at_minor: Option<i64>,
}

impl Price {
    /// The price that is shown struck through beside it.
    pub fn compare_at(&self) -> Option<Money> {
        self.compare_at_minor.map(|amount_minor| Money { amount_minor, ..self.amount })
    }
}

/// All that selling a variant needs to know, kept in memory.
#[derive(Debug, Clone)]
pub struct Offer {
    pub variant: Variant,
    pub product: Product,
    /// The prices by channel and currency, which hold where no list has one.
    pub prices: Vec<Price>,
    /// The prices of lists.
    pub list_prices: Vec<ListPrice>,
    pub components: Vec<Component>,
    /// The number of changes of the catalog that are in it at least.
    pub changes: i64,
}

impl Offer {
    /// The price of the channel, whatever lists say.
    pub fn base_price(&self, channel: Channel, currency: Currency) -> Option<&Price> {
        self.prices.iter().find(|p| p.channel == channel && p.amount.currency == currency)
    }

    /// True if it may be sold.
    pub fn is_sold(&self) -> bool {
        self.variant.status == Status::Active && self.product.status == Status::Active
    }

    /// Refuses to sell it in a channel in which its product is not published at the moment.
    pub fn require_published(&self, channel: Channel, at: DateTime<Utc>) -> Result<()> {
        if self.product.is_published(channel, at) {
            return Ok(());
        }
        let said = format!("{} is not published in the channel {channel} at {at:?}", self.variant.sku);
        Err(Error::refused(Code::NotPublished, said))
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
    pub tax_class: TaxClass,
    /// The channels in which it is published; all of them, if absent.
    pub publications: Option<Vec<Publication>>,
    pub attributes: Attributes,
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
    /// The price that is shown struck through beside it, above `amount_minor`; none, if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub compare_at_minor: Option<i64>,
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

/// The parts of a bundle to be set, and the way in which it is priced.
#[derive(Debug, Clone)]
pub struct NewParts {
    pub components: Vec<NewComponent>,
    /// Millionths off the sum of the parts' prices, which is its price then; `None` leaves it, `Some(None)` ends it.
    pub sum_discount_ppm: Option<Option<i32>>,
    /// The parts that customers choose; `None` leaves them.
    pub choices: Option<Vec<NewChoice>>,
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

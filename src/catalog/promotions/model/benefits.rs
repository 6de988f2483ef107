//! The goods and the benefit of a promotion.
use crate::kernel::{GroupId, Quantity, ShippingMethodId, Sku};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The goods that a promotion is about. Each list that is not empty narrows them; empty lists mean any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// These SKUs.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub skus: Vec<Sku>,
    /// Products of one of these brands.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub brand_ids: Vec<GroupId>,
    /// Products of one of these categories or of one below it.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub category_ids: Vec<GroupId>,
    /// Products of one of these collections.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub collection_ids: Vec<GroupId>,
    /// Never these SKUs.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub excluded_skus: Vec<Sku>,
}

impl Target {
    /// True if it depends on which products are in categories and collections.
    pub fn names_groups(&self) -> bool {
        !self.category_ids.is_empty() || !self.collection_ids.is_empty()
    }
}

/// The benefit of a promotion. Amounts are minor units of its currency, rates are millionths: 200000 is 20 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Benefit {
    /// A part of the price of the goods.
    PercentOff {
        /// In millionths.
        #[schema(minimum = 1, maximum = 1_000_000)]
        rate_ppm: i32,
    },
    /// An amount off the goods together, shared among them by their prices.
    AmountOff {
        /// In minor units.
        #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
        amount_minor: i64,
    },
    /// An amount off each unit of the goods.
    AmountOffEach {
        /// In minor units.
        #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
        amount_minor: i64,
    },
    /// Of each so many units, the cheapest ones for less.
    BuyXGetY {
        /// Units at their price.
        buy: Quantity,
        /// Units for less.
        get: Quantity,
        /// The rate off these, in millionths; 1000000 makes them free.
        #[schema(minimum = 1, maximum = 1_000_000)]
        rate_ppm: i32,
    },
    /// Units of a SKU for nothing, which the cart contains beside the goods.
    GiftWithPurchase {
        /// The SKU of the gift.
        sku: Sku,
        /// Units of it that are free.
        quantity: Quantity,
    },
    /// The more the goods cost, the more off them: the tier with the highest `from_minor` that they reach.
    TieredSpend {
        /// The tiers.
        #[serde(deserialize_with = "crate::kernel::strict_json::list")]
        #[schema(min_items = 1, max_items = 20)]
        tiers: Vec<Tier>,
    },
    /// A price for goods that are bought together.
    BundlePrice {
        /// The goods of one set.
        #[serde(deserialize_with = "crate::kernel::strict_json::list")]
        #[schema(min_items = 2, max_items = 20)]
        items: Vec<BundleItem>,
        /// The price of one set, in minor units.
        #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
        price_minor: i64,
    },
    /// The sooner a pack expires, the more off it: the step with the fewest days that still holds. It is about packs
    /// whose lot a till has read.
    NearExpiry {
        /// The steps.
        #[serde(deserialize_with = "crate::kernel::strict_json::list")]
        #[schema(min_items = 1, max_items = 20)]
        steps: Vec<ExpiryStep>,
    },
    /// Shipping for nothing, after all promotions that take something off goods.
    FreeShipping {
        /// The shipping methods that it pays for; any, if absent.
        #[serde(default)]
        #[schema(max_items = 50)]
        shipping_method_ids: Vec<ShippingMethodId>,
    },
}

impl Benefit {
    /// True if it takes something off the charge for shipping.
    pub fn is_about_shipping(&self) -> bool {
        matches!(self, Self::FreeShipping { .. })
    }
}

/// A tier of a promotion by spend: a rate or an amount, one of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// The price of the goods from which it holds, in minor units.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub from_minor: i64,
    /// The rate off the goods, in millionths; absent if an amount is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub rate_ppm: Option<i32>,
    /// The amount off the goods together, in minor units, shared among them by their prices; absent if a rate is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub amount_minor: Option<i64>,
}

/// A step of a promotion by expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpiryStep {
    /// The days until the pack expires up to which it holds; 0 is its last day.
    #[schema(minimum = 0, maximum = 3650)]
    pub within_days: i32,
    /// The rate off the pack, in millionths.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub rate_ppm: i32,
}

/// Units of a SKU in a set that has a price of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleItem {
    /// The SKU of the variant.
    pub sku: Sku,
    /// Units in one set.
    pub quantity: Quantity,
}

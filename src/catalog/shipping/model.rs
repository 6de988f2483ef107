//! Shipping methods, as they are kept and as they are to be made.
use crate::{
    catalog::{attributes::Slug, tax::TaxClass},
    kernel::{Channel, Country, Currency, PrincipalId, Region, ShippingMethodId, Text},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// A shipping method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShippingMethod {
    /// Identifies the shipping method.
    pub id: ShippingMethodId,
    /// The short name by which orders name it, unique.
    pub code: String,
    /// The name that customers read.
    pub name: String,
    /// The currency of its amounts (ISO 4217); it is offered for orders in this currency.
    pub currency: Currency,
    /// The channels in which it is offered; all if empty.
    #[schema(max_items = 4)]
    pub channels: Vec<Channel>,
    /// The countries that it reaches, with its rates there.
    #[schema(max_items = 50)]
    pub zones: Vec<ShippingZone>,
    /// True if it carries goods that have a class of dangerous goods.
    pub carries_dangerous_goods: bool,
    /// The class by which its charge is taxed.
    pub tax_class: TaxClass,
    /// The share of the charge that is given back with goods that come back, in millionths: 1000000 is all of it when
    /// all goods come back.
    pub refund_rate_ppm: i32,
    /// True if it is taken where an order in this currency names none.
    pub is_default: bool,
    /// Working days until the goods arrive, at least; null if nothing is promised.
    pub min_days: Option<i32>,
    /// Working days until the goods arrive, at most; null if nothing is promised.
    pub max_days: Option<i32>,
    /// When it was taken out of use; null while it is offered.
    pub retired_at: Option<DateTime<Utc>>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for ShippingMethod {
    fn version(&self) -> i64 {
        self.version
    }
}

/// Countries and regions that a shipping method reaches, and its rates there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippingZone {
    /// The countries (ISO 3166-1 alpha-2). A zone that names neither a country nor a region is for all others.
    #[serde(default)]
    #[schema(max_items = 250)]
    pub countries: Vec<Country>,
    /// The parts of countries (ISO 3166-2), such as islands; the zone of a region comes before that of its country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 250)]
    pub regions: Vec<Region>,
    /// The rates; of those that hold for the goods, the cheapest one is charged.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[schema(min_items = 1, max_items = 50)]
    pub rates: Vec<ShippingMethodRate>,
}

/// The charge for goods up to a weight and from a price on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippingMethodRate {
    /// The weight of the goods up to which it holds, in grams; any weight, if absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100_000_000)]
    pub up_to_grams: Option<i32>,
    /// The price of the goods from which it holds, after discounts, in minor units.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub from_minor: i64,
    /// The charge with its tax, in minor units; 0 where shipping is free.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub charge_minor: i64,
}

/// A shipping method to be made.
#[derive(Debug, Clone)]
pub struct NewShippingMethod {
    pub code: Slug,
    pub name: Text<200>,
    pub currency: Currency,
    pub channels: Vec<Channel>,
    pub zones: Vec<ShippingZone>,
    pub carries_dangerous_goods: bool,
    pub tax_class: TaxClass,
    pub refund_rate_ppm: i32,
    pub is_default: bool,
    pub min_days: Option<i32>,
    pub max_days: Option<i32>,
}

/// The changes of a shipping method; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShippingMethodChange {
    pub name: Option<Text<200>>,
    pub channels: Option<Vec<Channel>>,
    pub zones: Option<Vec<ShippingZone>>,
    pub carries_dangerous_goods: Option<bool>,
    pub tax_class: Option<TaxClass>,
    pub refund_rate_ppm: Option<i32>,
    pub is_default: Option<bool>,
    pub min_days: Option<Option<i32>>,
    pub max_days: Option<Option<i32>>,
    /// True takes it out of use, false offers it again.
    pub is_retired: Option<bool>,
}

/// All shipping methods as a server remembers them, by code.
#[derive(Debug, Clone, Default)]
pub struct ShippingMethods {
    pub list: Vec<Arc<ShippingMethod>>,
    /// The number of changes of the catalog that are in it at least.
    pub changes: i64,
}

crate::text_enum! {
    /// The reason for which a shipping method is not offered for some goods.
    ShippingVerdict {
        /// It is out of use.
        Retired = "retired",
        /// It is for orders in another currency.
        OtherCurrency = "other_currency",
        /// It is for other channels.
        OtherChannel = "other_channel",
        /// It does not reach the country or region, or the country is not known.
        OtherCountry = "other_country",
        /// No rate holds for goods of this weight.
        TooHeavy = "too_heavy",
        /// The goods cost less than any rate asks for.
        SpendTooLow = "spend_too_low",
        /// It carries no dangerous goods, and some of these are.
        DangerousGoods = "dangerous_goods",
    }
}

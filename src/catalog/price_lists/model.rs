//! Price lists and their prices, as they are kept and as they are to be made.
use crate::platform::group_commit::Versioned;
use crate::{
    catalog::attributes::Slug,
    kernel::{
        Channel, Country, Currency, ListPriceId, LocationId, PriceListId, PrincipalId, Quantity, Sku, Text, VariantId,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The circumstances in which a price list or promotion applies; an empty list of values means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Sales in one of these channels.
    #[serde(default)]
    #[schema(max_items = 4)]
    pub channels: Vec<Channel>,
    /// Sales at the till of one of these locations, and orders that are fetched there.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub location_ids: Vec<LocationId>,
    /// Goods that go to one of these countries (ISO 3166-1 alpha-2); at tills and for pickups, the country of the
    /// location.
    #[serde(default)]
    #[schema(max_items = 250)]
    pub countries: Vec<Country>,
    /// Customers of one of these groups.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub customer_groups: Vec<Slug>,
}

/// A list of prices in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PriceList {
    /// Identifies the price list.
    pub id: PriceListId,
    /// The short name that systems use, unique.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// The currency of all its prices (ISO 4217).
    pub currency: Currency,
    /// False if its prices are without tax, which is added when they are charged.
    pub tax_included: bool,
    /// The circumstances in which it applies.
    pub applies_to: AppliesTo,
    /// The list with the highest priority decides; among equal ones the more particular one.
    pub priority: i32,
    /// The moment from which its prices hold.
    pub starts_at: DateTime<Utc>,
    /// The moment from which they hold no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for PriceList {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A price list to be made.
#[derive(Debug, Clone)]
pub struct NewPriceList {
    pub code: Slug,
    pub name: Text<200>,
    pub currency: Currency,
    pub tax_included: bool,
    pub applies_to: AppliesTo,
    pub priority: i32,
    /// Now, if absent.
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// The changes of a price list; `None` leaves a field, `Some(None)` clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceListChange {
    pub name: Option<Text<200>>,
    pub priority: Option<i32>,
    pub ends_at: Option<Option<DateTime<Utc>>>,
}

/// A price of a list, as it is remembered with what is sold; amounts are minor units of the list's currency.
#[derive(Debug, Clone)]
pub struct ListPrice {
    pub list: Arc<PriceList>,
    pub variant_id: VariantId,
    /// The units of a line from which it holds.
    pub min_quantity: i32,
    pub amount_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// A price of a list with those who made and ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListPriceRecord {
    /// Identifies the price.
    pub id: ListPriceId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    #[schema(value_type = Sku)]
    pub sku: String,
    /// The units of a line from which it holds.
    pub min_quantity: i32,
    /// The price of one unit, in minor units of the list's currency, with or without tax as the list says.
    pub amount_minor: i64,
    /// The price that is shown struck through beside it, in minor units; null for none.
    pub compare_at_minor: Option<i64>,
    /// The moment from which it holds.
    pub starts_at: DateTime<Utc>,
    /// The moment from which it holds no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// The user who set it.
    pub created_by: PrincipalId,
    /// When it was set.
    pub created_at: DateTime<Utc>,
    /// The user who ended it early or withdrew it; null if nobody did.
    pub ended_by: Option<PrincipalId>,
    /// When it was withdrawn before it took effect; null if it was not.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// A price to be set in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewListPrice {
    /// The SKU of the variant.
    pub sku: Sku,
    /// The units of a line from which it holds; 1, if absent.
    #[serde(default = "one")]
    pub min_quantity: Quantity,
    /// The price of one unit, in minor units of the list's currency, with or without tax as the list says.
    #[serde(deserialize_with = "crate::kernel::quantity::whole_number")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub amount_minor: i64,
    /// The price that is shown struck through beside it, above `amount_minor`.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub compare_at_minor: Option<i64>,
    /// The moment from which it holds; now, if absent.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which it holds no more; none, if absent.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
}

fn one() -> Quantity {
    Quantity::ONE
}

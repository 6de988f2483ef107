//! The facts of a product by which results are filtered, counted and sorted.
use crate::{
    catalog::{
        attributes::ShadeFamily,
        bundles::BundleNeeds,
        classification::Category,
        content::Publication,
        price_lists::{AppliesTo, ListPrice},
        store::Component,
    },
    kernel::{Channel, Currency, GroupId, ProductId, VariantId},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A brand, category or collection by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedGroup {
    pub id: GroupId,
    pub name: String,
}

/// A product as it is filtered, counted and sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub id: ProductId,
    /// The default name.
    pub name: String,
    /// Its names in other languages, by their tags.
    pub names: Vec<(String, String)>,
    /// The address of its first picture.
    pub image: Option<String>,
    /// The words of its names in all languages and of its brand, by which it is suggested.
    pub words: Vec<String>,
    pub slug: Option<String>,
    pub category: Category,
    pub brand: Option<NamedGroup>,
    /// Its category below the kind of product and all above that one.
    pub groups: Vec<NamedGroup>,
    pub collections: Vec<GroupId>,
    pub created_at: DateTime<Utc>,
    /// The channels in which it is published; all of them, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publications: Option<Vec<Publication>>,
    /// Its attributes that have few values, each by the code of the attribute with the value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String)>,
    /// The variants that are sold; a product without one is not found.
    pub variants: Vec<VariantFacts>,
    /// Units sold lately.
    #[serde(skip)]
    pub popularity: i64,
}

/// A variant as it is filtered and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariantFacts {
    pub id: VariantId,
    pub sku: String,
    pub gtin: Option<String>,
    pub shade: Option<String>,
    /// The color of the shade on a screen.
    pub swatch: Option<String>,
    pub shade_family: Option<ShadeFamily>,
    pub size: Option<String>,
    /// The price in minor units by channel and currency.
    pub prices: Vec<(Channel, Currency, i64)>,
    /// The prices of lists that hold for everyone in a channel, the decisive ones first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list_prices: Vec<ListedPrice>,
    /// The components with their units, if it is a bundle.
    pub components: Vec<(VariantId, i32)>,
    /// Units that are chosen for one bundle, each with the variants among which they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<(i32, Vec<VariantId>)>,
}

/// A price of a list that depends on nobody's place or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedPrice {
    /// The channels in which it holds; all if empty.
    pub channels: Vec<Channel>,
    pub currency: Currency,
    pub amount_minor: i64,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

impl ListedPrice {
    fn holds(&self, channel: Channel, currency: Currency, at: DateTime<Utc>) -> bool {
        let is_in_time = self.starts_at <= at && self.ends_at.is_none_or(|end| at < end);
        is_in_time && self.currency == currency && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    /// The prices among these that hold for everyone who buys one unit, the decisive ones first.
    pub(super) fn general(prices: &[ListPrice]) -> Vec<Self> {
        let is_for_all = |price: &&ListPrice| {
            let AppliesTo { channels: _, location_ids, countries, customer_groups } = &price.list.applies_to;
            location_ids.is_empty() && countries.is_empty() && customer_groups.is_empty() && price.min_quantity == 1
        };
        let mut general: Vec<_> = prices.iter().filter(is_for_all).collect();
        general.sort_by_key(|price| std::cmp::Reverse(price.rank()));
        let listed = |price: &ListPrice| {
            let (starts_at, ends_at) = price.holds();
            Self {
                channels: price.list.applies_to.channels.clone(),
                currency: price.list.currency,
                amount_minor: price.amount_minor,
                starts_at,
                ends_at,
            }
        };
        general.into_iter().map(listed).collect()
    }
}

impl VariantFacts {
    /// The price of one unit for everyone in a channel and currency at a moment, in minor units.
    pub fn price(&self, channel: Channel, currency: Currency, at: DateTime<Utc>) -> Option<i64> {
        let listed = self.list_prices.iter().find(|price| price.holds(channel, currency, at));
        if let Some(listed) = listed {
            return Some(listed.amount_minor);
        }
        self.prices.iter().find(|(at, of, _)| *at == channel && *of == currency).map(|(.., minor)| *minor)
    }

    /// The goods that selling one of it takes from stock.
    pub fn needs(&self) -> BundleNeeds {
        let parts = match (self.components.as_slice(), self.choices.as_slice()) {
            ([], []) => vec![(self.id, 1)],
            (parts, _) => parts.to_vec(),
        };
        BundleNeeds { parts, choices: self.choices.clone() }
    }

    /// The components as facts keep them.
    pub(super) fn components_of(parts: &[Component]) -> Vec<(VariantId, i32)> {
        parts.iter().map(|part| (part.variant_id, part.quantity)).collect()
    }
}

/// A product whose document has the words that were asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextMatch {
    pub product: ProductId,
    /// The weight of the words that were found: the more and the more telling, the higher.
    pub rank: f32,
}

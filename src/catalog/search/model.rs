//! The facts of a product by which results are filtered, counted and sorted.
use crate::{
    catalog::{attributes::ShadeFamily, classification::Category, store::Component},
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
    /// The components with their units, if it is a bundle.
    pub components: Vec<(VariantId, i32)>,
}

impl VariantFacts {
    /// Its price in a channel and currency, in minor units.
    pub fn price(&self, channel: Channel, currency: Currency) -> Option<i64> {
        self.prices.iter().find(|(at, of, _)| *at == channel && *of == currency).map(|(.., minor)| *minor)
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

//! Choices of bundles as they are kept, set and named by orders.
use crate::{
    catalog::attributes::Slug,
    kernel::{Quantity, Sku, Text, VariantId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Parts of a bundle that the customer chooses among some variants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BundleChoice {
    /// The short name by which orders name the choice.
    pub code: String,
    /// The name that customers read, such as "Your lipstick".
    pub name: String,
    /// Units that are chosen for one bundle.
    pub picks: i32,
    /// The variants among which they are chosen.
    pub option_ids: Vec<VariantId>,
}

/// A choice to be set.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChoice {
    /// The short name by which orders name the choice.
    pub code: Slug,
    /// The name that customers read, such as "Your lipstick".
    pub name: Text<100>,
    /// Units that are chosen for one bundle; at most 20.
    pub picks: Quantity,
    /// The SKUs among which they are chosen.
    #[schema(min_items = 2, max_items = 100)]
    pub skus: Vec<Sku>,
}

/// A part that a customer has chosen for each bundle of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChosenPart {
    /// The code of the choice.
    pub choice: Slug,
    /// The SKU that is chosen.
    pub sku: Sku,
    /// Units of it in one bundle; 1, if absent.
    #[serde(default = "one")]
    #[schema(default = 1)]
    pub quantity: Quantity,
}

fn one() -> Quantity {
    Quantity::ONE
}

impl ChosenPart {
    /// Parts in order of their choices and SKUs, each once: the same for everyone who has chosen the same.
    pub fn in_order(parts: Vec<Self>) -> Vec<Self> {
        let mut sorted: Vec<Self> = vec![];
        for part in parts {
            let is_it = |other: &&mut Self| other.choice == part.choice && other.sku == part.sku;
            let known = sorted.iter_mut().find(is_it);
            let sum = known.as_ref().map(|known| i64::from(known.quantity.get()) + i64::from(part.quantity.get()));
            match (known, sum.and_then(|sum| Quantity::new(sum).ok())) {
                (Some(known), Some(sum)) => known.quantity = sum,
                _ => sorted.push(part),
            }
        }
        let place = |part: &Self| (part.choice.as_str().to_owned(), part.sku.key().as_str().to_owned());
        sorted.sort_by_cached_key(place);
        sorted
    }
}

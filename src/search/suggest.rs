//! Suggestions while someone types: products, brands and categories with a word that begins so.
use super::engine::{CountedGroup, count};
use crate::{
    catalog::search::{Facts, words::words},
    kernel::{GroupId, ProductId},
};
use serde::Serialize;
use std::{cmp::Reverse, collections::HashMap, sync::Arc};
use utoipa::ToSchema;

/// A product whose name has the words, in the default language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuggestedProduct {
    /// Identifies the product.
    pub id: ProductId,
    /// The name that people read.
    pub name: String,
    /// The name in addresses.
    pub slug: Option<String>,
}

/// Names that may be meant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Suggestions {
    /// Products, those that sell most first.
    pub products: Vec<SuggestedProduct>,
    /// Brands, those with most products first.
    pub brands: Vec<CountedGroup>,
    /// Categories, those with most products first.
    pub categories: Vec<CountedGroup>,
}

/// True if each of the words that were typed begins one of these.
fn has_all<'a>(typed: &[String], mut here: impl Iterator<Item = &'a String> + Clone) -> bool {
    typed.iter().all(|begun| here.clone().any(|word| word.starts_with(begun.as_str()))) && here.next().is_some()
}

/// The best suggestions of each kind for what was typed.
pub fn suggest<'a>(all: impl Iterator<Item = &'a Arc<Facts>>, typed: &str, most: usize) -> Suggestions {
    let typed = words(typed);
    if typed.is_empty() {
        return Suggestions::default();
    }
    let mut products: Vec<&Arc<Facts>> = vec![];
    let (mut brands, mut categories) = (HashMap::<GroupId, CountedGroup>::new(), HashMap::new());
    for facts in all.filter(|facts| !facts.variants.is_empty()) {
        if has_all(&typed, facts.words.iter()) {
            products.push(facts);
        }
        facts.brand.iter().for_each(|brand| count(&mut brands, brand));
        facts.groups.iter().for_each(|group| count(&mut categories, group));
    }
    // A product that is itself called so comes before those of a brand that is.
    let is_called = |facts: &Facts| has_all(&typed, words(&facts.name).iter());
    products.sort_by_cached_key(|facts| (!is_called(facts), Reverse(facts.popularity), facts.name.clone(), facts.id));
    let product =
        |facts: &Arc<Facts>| SuggestedProduct { id: facts.id, name: facts.name.clone(), slug: facts.slug.clone() };
    let best = |groups: HashMap<GroupId, CountedGroup>| {
        let mut found: Vec<_> =
            groups.into_values().filter(|group| has_all(&typed, words(&group.name).iter())).collect();
        found.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        found.truncate(most);
        found
    };
    Suggestions {
        products: products.into_iter().take(most).map(product).collect(),
        brands: best(brands),
        categories: best(categories),
    }
}

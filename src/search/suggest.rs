//! Suggestions while someone types: products, brands and categories with a word that begins so.
use super::{
    engine::{CountedGroup, group_counts, raise},
    memory::FactTable,
    rows::KnownProduct,
};
use crate::{
    catalog::search::words::words,
    kernel::{Channel, ProductId},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::cmp::Reverse;
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

/// The beginnings of words that were typed, each with a space before it.
struct Beginnings(Vec<String>);

impl Beginnings {
    /// True if each of them begins one of some words, which have spaces before them.
    fn begin_in(&self, words: &str) -> bool {
        self.0.iter().all(|begun| words.contains(begun.as_str()))
    }

    fn begin_in_name(&self, name: &str) -> bool {
        self.begin_in(&spaced(words(name)).concat())
    }
}

fn spaced(words: Vec<String>) -> Vec<String> {
    words.into_iter().map(|word| format!(" {word}")).collect()
}

/// The best suggestions of each kind for what was typed, among what a channel shows at a moment.
pub fn suggest(table: &FactTable, typed: &str, most: usize, shown: (Channel, DateTime<Utc>)) -> Suggestions {
    let typed = Beginnings(spaced(words(typed)));
    if typed.0.is_empty() {
        return Suggestions::default();
    }
    let (channel, at) = shown;
    let numbers = table.numbers();
    let mut products: Vec<KnownProduct<'_>> = vec![];
    let (mut brands, mut categories) = (vec![0; numbers.groups().len()], vec![0; numbers.groups().len()]);
    for entry in table.all().filter(|entry| entry.is_shown(channel, at)) {
        if typed.begin_in(entry.words()) {
            products.push(entry);
        }
        entry.row.brand.iter().for_each(|brand| raise(&mut brands, *brand));
        entry.groups().iter().for_each(|group| raise(&mut categories, *group));
    }
    // A product that is itself called so comes before those of a brand that is.
    products.sort_by_cached_key(|entry| {
        let facts = entry.facts;
        (!typed.begin_in_name(&facts.name), Reverse(facts.popularity), facts.name.clone(), facts.id)
    });
    let product = |KnownProduct { facts, .. }: KnownProduct<'_>| SuggestedProduct {
        id: facts.id,
        name: facts.name.clone(),
        slug: facts.slug.clone(),
    };
    let best = |counts: &[usize]| {
        let mut found: Vec<_> =
            group_counts(numbers, counts).into_iter().filter(|group| typed.begin_in_name(&group.name)).collect();
        found.truncate(most);
        found
    };
    Suggestions {
        products: products.into_iter().take(most).map(product).collect(),
        brands: best(&brands),
        categories: best(&categories),
    }
}

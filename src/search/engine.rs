//! Pure search over facts: which products a filter leaves, how many each further filter would leave, and their order.
mod facets;
use facets::FacetTally;
pub use facets::{Counted, CountedGroup, Facets, count};

use super::bands::PriceRange;
use crate::{
    catalog::{
        Category,
        attributes::ShadeFamily,
        search::{Facts, VariantFacts},
    },
    kernel::{GroupId, ProductId},
};
use std::cmp::Ordering;

crate::text_enum! {
    /// The order of found products.
    SearchSort {
        /// The best match of the words first; best sellers first where there are no words.
        Relevance = "relevance",
        /// The best seller of the last 90 days first.
        Popularity = "popularity",
        /// The cheapest first.
        PriceAscending = "price",
        /// The dearest first.
        PriceDescending = "-price",
        /// The newest first.
        Newest = "newest",
        /// The one with most units at the location first.
        Availability = "availability",
    }
}

/// Filters of a search. Several values of one field widen it, several fields narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchFilter {
    /// Only of these kinds of product.
    pub categories: Vec<Category>,
    /// Only of these brands.
    pub brands: Vec<GroupId>,
    /// Only of these categories and those below them.
    pub groups: Vec<GroupId>,
    /// Only in these collections.
    pub collections: Vec<GroupId>,
    /// Only with a variant in one of these families of shades.
    pub shade_families: Vec<ShadeFamily>,
    /// Only with a variant of one of these sizes.
    pub sizes: Vec<String>,
    /// Only with a variant at such a price.
    pub price: Option<PriceRange>,
    /// Only with a variant of which the location has some.
    pub is_available: bool,
}

/// A fact that is told of each variant.
pub type ByVariant<'a, T> = Box<dyn Fn(&VariantFacts) -> T + 'a>;

/// Facts of a variant that depend on who asks.
pub struct Shelf<'a> {
    /// The price of a variant, in minor units.
    pub price: ByVariant<'a, Option<i64>>,
    /// The units of a variant that may be promised; none if no location was named.
    pub units: Option<ByVariant<'a, i32>>,
}

/// The place of a product in the order: two numbers, the higher the earlier, then its id.
pub type HitKey = (f64, f64, ProductId);

/// A found product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub id: ProductId,
    /// The lowest price of its variants that were found, in minor units.
    pub price_minor: Option<i64>,
    /// Units of its variants that were found, at the location that was named.
    pub units: Option<i32>,
    pub key: HitKey,
}

// What a product or variant lacks, bit by bit.
const CATEGORY: u8 = 1;
const BRAND: u8 = 2;
const GROUP: u8 = 4;
const COLLECTION: u8 = 8;
const SHADE: u8 = 16;
const SIZE: u8 = 32;
const PRICE: u8 = 64;
const STOCK: u8 = 128;

fn lack<T: PartialEq>(wanted: &[T], has: impl Fn(&T) -> bool, bit: u8) -> u8 {
    if wanted.is_empty() || wanted.iter().any(has) { 0 } else { bit }
}

/// A variant with what it lacks.
struct Judged<'a> {
    variant: &'a VariantFacts,
    lacks: u8,
    price: Option<i64>,
    units: Option<i32>,
}

/// Judges a product: the bits that it lacks. Those of its variants are put in place of what stands in `variants`.
fn judge<'a>(filter: &SearchFilter, shelf: &Shelf<'_>, facts: &'a Facts, variants: &mut Vec<Judged<'a>>) -> u8 {
    let brand = facts.brand.as_ref().map(|brand| brand.id);
    let product = lack(&filter.categories, |of| *of == facts.category, CATEGORY)
        | lack(&filter.brands, |of| Some(*of) == brand, BRAND)
        | lack(&filter.groups, |of| facts.groups.iter().any(|group| group.id == *of), GROUP)
        | lack(&filter.collections, |of| facts.collections.contains(of), COLLECTION);
    let variant = |variant: &'a VariantFacts| {
        let price = (shelf.price)(variant);
        let units = shelf.units.as_ref().map(|units| units(variant));
        let is_in_range = filter.price.is_none_or(|range| price.is_some_and(|minor| range.includes(minor)));
        let is_there = !filter.is_available || units.is_some_and(|units| units > 0);
        let lacks = lack(&filter.shade_families, |of| variant.shade_family == Some(*of), SHADE)
            | lack(&filter.sizes, |of| variant.size.as_ref() == Some(of), SIZE)
            | if is_in_range { 0 } else { PRICE }
            | if is_there { 0 } else { STOCK };
        Judged { variant, lacks, price, units }
    };
    variants.clear();
    variants.extend(facts.variants.iter().map(variant));
    product
}

/// All that a search finds among products with their rank, in any order, and the counts of the facets.
pub fn search<'a>(
    products: impl Iterator<Item = (&'a Facts, f32)>,
    filter: &SearchFilter,
    shelf: &Shelf<'_>,
    sort: SearchSort,
) -> (Vec<Hit>, Facets) {
    let (mut hits, mut tally, mut variants) = (vec![], FacetTally::default(), vec![]);
    for (facts, rank) in products {
        let lacks = judge(filter, shelf, facts, &mut variants);
        tally.add(facts, lacks, &variants);
        let found = || variants.iter().filter(|one| one.lacks == 0);
        if lacks == 0 && found().next().is_some() {
            let price_minor = found().filter_map(|one| one.price).min();
            let units = found().filter_map(|one| one.units).reduce(i32::saturating_add);
            let key = key_of(facts, rank, sort, price_minor, units);
            hits.push(Hit { id: facts.id, price_minor, units, key });
        }
    }
    (hits, tally.facets(shelf.units.is_some()))
}

#[expect(clippy::cast_precision_loss, reason = "an order of sales, prices and moments needs no more than 53 bits")]
fn key_of(facts: &Facts, rank: f32, sort: SearchSort, price: Option<i64>, units: Option<i32>) -> HitKey {
    let (rank, popularity) = (f64::from(rank), facts.popularity as f64);
    let first = match sort {
        SearchSort::Relevance => rank,
        SearchSort::Popularity => return (popularity, rank, facts.id),
        // What has no price comes last either way.
        SearchSort::PriceAscending => price.map_or(f64::MIN, |minor| -(minor as f64)),
        SearchSort::PriceDescending => price.map_or(f64::MIN, |minor| minor as f64),
        SearchSort::Newest => facts.created_at.timestamp_micros() as f64,
        SearchSort::Availability => f64::from(units.unwrap_or(0)),
    };
    (first, popularity, facts.id)
}

/// The order of two places.
pub fn compare(a: &HitKey, b: &HitKey) -> Ordering {
    b.0.total_cmp(&a.0).then_with(|| b.1.total_cmp(&a.1)).then_with(|| a.2.cmp(&b.2))
}

/// The hits in their order.
pub fn ordered(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable_by(|a, b| compare(&a.key, &b.key));
    hits
}

/// The first of ordered hits after a place, and whether there are more.
pub fn page(ordered: &[Hit], after: Option<&HitKey>, limit: usize) -> (Vec<Hit>, bool) {
    let start = after.map_or(0, |after| ordered.partition_point(|hit| compare(&hit.key, after) != Ordering::Greater));
    let left = ordered.get(start..).unwrap_or_default();
    (left.iter().take(limit).copied().collect(), left.len() > limit)
}

#[cfg(test)]
mod tests;

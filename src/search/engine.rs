//! Pure search over facts: which products a filter leaves, how many each further filter would leave, and their order.
mod facets;
use facets::FacetTally;
pub use facets::{AttributeCount, Counted, CountedGroup, Facets, group_counts, raise};

use super::{
    bands::PriceRange,
    rows::{KnownProduct, Number, Numbers, PriceView, VariantRow},
};
use crate::{
    catalog::{
        Category,
        attributes::ShadeFamily,
        search::{Facts, VariantFacts},
    },
    kernel::{GroupId, ProductId},
};
use std::{cmp::Ordering, collections::BTreeMap};

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
    /// Only with one of these values of each attribute that is named by its code.
    pub attributes: Vec<(String, String)>,
    /// Only with a variant at such a price.
    pub price: Option<PriceRange>,
    /// Only with a variant of which the location has some.
    pub is_available: bool,
}

/// The units of each variant at a place that may be promised.
pub type Units<'a> = Box<dyn Fn(&VariantFacts) -> i32 + 'a>;

/// Facts of variants that depend on who asks.
pub struct Shelf<'a> {
    /// The prices that are told.
    pub prices: PriceView,
    /// The units that are there; none if no location was named.
    pub units: Option<Units<'a>>,
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

// What a product or variant lacks, bit by bit; above them one bit for each attribute that is filtered by.
const CATEGORY: u32 = 1;
const BRAND: u32 = 2;
const GROUP: u32 = 4;
const COLLECTION: u32 = 8;
const SHADE: u32 = 16;
const SIZE: u32 = 32;
const PRICE: u32 = 64;
const STOCK: u32 = 128;
/// The attributes that may be filtered by at once.
pub const MOST_ATTRIBUTES: u32 = 16;
/// The values of attributes that may be asked for at once.
pub const MOST_VALUES: usize = 100;

/// The bit of an attribute by its place among those that are filtered by.
fn attribute_bit(place: usize) -> u32 {
    u32::try_from(place).ok().and_then(|place| STOCK.checked_shl(place + 1)).unwrap_or(0)
}

/// Marks what is lacked unless something is wanted of it that is there.
fn lack<T>(wanted: &[T], has: impl FnMut(&T) -> bool, bit: u32) -> u32 {
    if wanted.is_empty() || wanted.iter().any(has) { 0 } else { bit }
}

/// A filter by the numbers of rows. What no product has is a number that no row has.
struct Wanted<'a> {
    filter: &'a SearchFilter,
    brands: Vec<Option<Number>>,
    groups: Vec<Option<Number>>,
    sizes: Vec<Option<Number>>,
    /// The values of each attribute that is named, by its code.
    attributes: BTreeMap<&'a str, Vec<Option<Number>>>,
}

impl<'a> Wanted<'a> {
    fn of(filter: &'a SearchFilter, numbers: &Numbers) -> Self {
        let mut attributes = BTreeMap::<_, Vec<_>>::new();
        for named in &filter.attributes {
            attributes.entry(named.0.as_str()).or_default().push(numbers.attribute(named));
        }
        let groups = |ids: &[GroupId]| ids.iter().map(|id| numbers.group(*id)).collect();
        Self {
            filter,
            attributes,
            brands: groups(&filter.brands),
            groups: groups(&filter.groups),
            sizes: filter.sizes.iter().map(|size| numbers.size(size)).collect(),
        }
    }

    /// The bit of an attribute that is filtered by; 0 of others.
    fn bit_of(&self, code: &str) -> u32 {
        self.attributes.keys().position(|known| *known == code).map_or(0, attribute_bit)
    }

    /// The bits that a product lacks, whatever its variants are.
    fn product(&self, entry: &KnownProduct<'_>) -> u32 {
        let of_attributes = self.attributes.values().enumerate();
        let of_attributes = of_attributes.map(|(place, wanted)| {
            let has = |of: &Option<Number>| of.is_some_and(|of| entry.attributes().contains(&of));
            lack(wanted, has, attribute_bit(place))
        });
        let has = |number: &Option<Number>, all: &[Number]| number.is_some_and(|number| all.contains(&number));
        lack(&self.filter.categories, |of| *of == entry.row.category, CATEGORY)
            | lack(&self.brands, |of| of.is_some() && *of == entry.row.brand, BRAND)
            | lack(&self.groups, |of| has(of, entry.groups()), GROUP)
            | lack(&self.filter.collections, |of| entry.collections().contains(of), COLLECTION)
            | of_attributes.fold(0, |all, bit| all | bit)
    }

    /// The bits that a variant lacks.
    fn variant(&self, row: &VariantRow, price: Option<i64>, units: Option<i32>) -> u32 {
        let is_in_range = self.filter.price.is_none_or(|range| price.is_some_and(|minor| range.includes(minor)));
        let is_there = !self.filter.is_available || units.is_some_and(|units| units > 0);
        lack(&self.filter.shade_families, |of| row.shade_family == Some(*of), SHADE)
            | lack(&self.sizes, |of| of.is_some() && *of == row.size, SIZE)
            | if is_in_range { 0 } else { PRICE }
            | if is_there { 0 } else { STOCK }
    }
}

/// A variant with what it lacks.
struct Judged {
    row: VariantRow,
    lacks: u32,
    price: Option<i64>,
    units: Option<i32>,
}

/// All that a search finds among products with their rank, in any order, and the counts of the facets.
pub fn search<'a>(
    products: impl Iterator<Item = (KnownProduct<'a>, f32)>,
    numbers: &Numbers,
    filter: &SearchFilter,
    shelf: &Shelf<'_>,
    sort: SearchSort,
) -> (Vec<Hit>, Facets) {
    let wanted = Wanted::of(filter, numbers);
    let (mut hits, mut tally, mut variants) = (vec![], FacetTally::of(numbers, |code| wanted.bit_of(code)), vec![]);
    let is_shown = |(entry, _): &(KnownProduct<'a>, f32)| entry.is_shown(shelf.prices.channel, shelf.prices.at);
    for (entry, rank) in products.filter(is_shown) {
        let lacks = wanted.product(&entry);
        // Two fields or more that no variant can mend: neither found nor counted.
        if lacks.count_ones() > 1 {
            continue;
        }
        variants.clear();
        variants.extend(entry.variants(shelf.prices).map(|(row, facts, price)| {
            let units = shelf.units.as_ref().map(|units| units(facts));
            Judged { row: *row, lacks: wanted.variant(row, price, units), price, units }
        }));
        tally.add(&entry, lacks, &variants);
        let found = || variants.iter().filter(|one| one.lacks == 0);
        if lacks == 0 && found().next().is_some() {
            let price_minor = found().filter_map(|one| one.price).min();
            let units = found().filter_map(|one| one.units).reduce(i32::saturating_add);
            let key = key_of(entry.facts, rank, sort, price_minor, units);
            hits.push(Hit { id: entry.facts.id, price_minor, units, key });
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

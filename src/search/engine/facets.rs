//! Counts of products for each value of each field that can be filtered by.
use super::{BRAND, CATEGORY, GROUP, Judged, PRICE, SHADE, SIZE, STOCK};
use crate::{
    catalog::{Category, attributes::ShadeFamily, search::NamedGroup},
    kernel::GroupId,
    search::{
        bands::{PriceRange, bands},
        rows::{KnownProduct, Number, Numbers},
    },
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A value of a field, and the products that are left if only that value is asked of the field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counted<T> {
    /// The value of the field.
    pub value: T,
    /// The products that are found with this value, in place of the ones that were asked of its field.
    pub count: usize,
}

/// A brand or category, and the products that are left if only it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CountedGroup {
    /// Identifies the brand or category.
    pub id: GroupId,
    /// The name that people read.
    pub name: String,
    /// The products that are found under it, in place of the ones that were asked for.
    pub count: usize,
}

/// Counts of products for each value of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttributeCount {
    /// The code of the attribute.
    pub code: String,
    /// Its values, in place of the ones that were asked of it.
    pub values: Vec<Counted<String>>,
}

/// Counts of products for each value of each field. Those of a field are counted as if only that value were asked of
/// it; what is asked of the other fields holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Facets {
    /// By kind of product.
    pub categories: Vec<Counted<Category>>,
    /// By brand.
    pub brands: Vec<CountedGroup>,
    /// By category below the kinds of product; a category counts what is below it too.
    pub groups: Vec<CountedGroup>,
    /// By family of shades.
    pub shade_families: Vec<Counted<ShadeFamily>>,
    /// By size.
    pub sizes: Vec<Counted<String>>,
    /// By attributes that are choices or booleans, in order of their codes.
    pub attributes: Vec<AttributeCount>,
    /// By bands of prices; empty if no currency was named.
    pub prices: Vec<Counted<PriceRange>>,
    /// Products of which the location has some; null if no location was named.
    pub available: Option<usize>,
}

/// Counts that are being added up, those of brands, categories and sizes by number.
pub(super) struct FacetTally<'n> {
    numbers: &'n Numbers,
    categories: BTreeMap<Category, usize>,
    brands: Vec<usize>,
    groups: Vec<usize>,
    shade_families: BTreeMap<ShadeFamily, usize>,
    sizes: Vec<usize>,
    attributes: Vec<usize>,
    /// For each attribute with a value the bit that a product lacks which has other values of it.
    attribute_bits: Vec<u32>,
    /// The prices of products, each with the number of its product, in order of that.
    prices: Vec<(usize, i64)>,
    products: usize,
    available: usize,
}

impl<'n> FacetTally<'n> {
    /// No counts yet, of what has these numbers.
    pub(super) fn of(numbers: &'n Numbers, bit_of: impl Fn(&str) -> u32) -> Self {
        Self {
            numbers,
            categories: BTreeMap::new(),
            brands: vec![0; numbers.groups().len()],
            groups: vec![0; numbers.groups().len()],
            shade_families: BTreeMap::new(),
            sizes: vec![0; numbers.sizes().len()],
            attributes: vec![0; numbers.attributes().len()],
            attribute_bits: numbers.attributes().iter().map(|(code, _)| bit_of(code)).collect(),
            prices: vec![],
            products: 0,
            available: 0,
        }
    }

    /// Counts a product for each value under which it would be found.
    pub(super) fn add(&mut self, entry: &KnownProduct<'_>, lacks: u32, variants: &[Judged]) {
        let without = |bit: u32| variants.iter().filter(move |one| one.lacks & !bit == 0);
        if without(0).next().is_some() {
            if lacks & !CATEGORY == 0 {
                *self.categories.entry(entry.row.category).or_default() += 1;
            }
            if let Some(brand) = entry.row.brand.filter(|_| lacks & !BRAND == 0) {
                raise(&mut self.brands, brand);
            }
            entry.groups().iter().filter(|_| lacks & !GROUP == 0).for_each(|group| raise(&mut self.groups, *group));
            for attribute in entry.attributes() {
                let bit = self.attribute_bits.get(*attribute as usize).copied().unwrap_or(0);
                if lacks & !bit == 0 {
                    raise(&mut self.attributes, *attribute);
                }
            }
        }
        if lacks != 0 {
            return;
        }
        let families = || without(SHADE).filter_map(|one| one.row.shade_family);
        firsts(families).for_each(|family| *self.shade_families.entry(family).or_default() += 1);
        let sizes = || without(SIZE).filter_map(|one| one.row.size);
        firsts(sizes).for_each(|size| raise(&mut self.sizes, size));
        self.products += 1;
        let number = self.products;
        self.prices.extend(without(PRICE).filter_map(|one| one.price).map(|minor| (number, minor)));
        self.available += usize::from(without(STOCK).any(|one| one.units.is_some_and(|units| units > 0)));
    }

    pub(super) fn facets(self, has_location: bool) -> Facets {
        Facets {
            categories: counted(self.categories),
            brands: group_counts(self.numbers, &self.brands),
            groups: group_counts(self.numbers, &self.groups),
            shade_families: counted(self.shade_families),
            sizes: counted(some(&self.sizes, self.numbers.sizes())),
            attributes: attribute_counts(self.numbers, &self.attributes),
            prices: price_counts(&self.prices),
            available: has_location.then_some(self.available),
        }
    }
}

/// Counts one more of what has a number.
pub fn raise(counts: &mut [usize], number: Number) {
    if let Some(count) = counts.get_mut(number as usize) {
        *count += 1;
    }
}

/// The counts that are not 0, each with what has its number.
fn some<'a, T: Clone>(counts: &'a [usize], all: &'a [T]) -> impl Iterator<Item = (T, usize)> + 'a {
    all.iter().zip(counts).filter(|(_, count)| **count > 0).map(|(one, count)| (one.clone(), *count))
}

/// Brands or categories with their counts, the most frequent first.
pub fn group_counts(numbers: &Numbers, counts: &[usize]) -> Vec<CountedGroup> {
    let group = |(group, count): (NamedGroup, usize)| CountedGroup { id: group.id, name: group.name, count };
    let mut all: Vec<_> = some(counts, numbers.groups()).map(group).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.name, a.id).cmp(&(&b.name, b.id))));
    all
}

/// Attributes with the counts of their values, by code.
fn attribute_counts(numbers: &Numbers, counts: &[usize]) -> Vec<AttributeCount> {
    let mut by_code = BTreeMap::<String, Vec<(String, usize)>>::new();
    for ((code, value), count) in some(counts, numbers.attributes()) {
        by_code.entry(code).or_default().push((value, count));
    }
    by_code.into_iter().map(|(code, values)| AttributeCount { code, values: counted(values) }).collect()
}

/// The values of a product that are not the same as one before; there are few.
fn firsts<T: PartialEq, I: Iterator<Item = T>>(values: impl Fn() -> I) -> impl Iterator<Item = T> {
    let all = values();
    all.enumerate()
        .filter(move |(at, value)| !values().take(*at).any(|before| before == *value))
        .map(|(_, value)| value)
}

fn price_counts(prices: &[(usize, i64)]) -> Vec<Counted<PriceRange>> {
    let all = || prices.iter().map(|(_, minor)| *minor);
    let (Some(lowest), Some(highest)) = (all().min(), all().max()) else { return vec![] };
    let count = |band: PriceRange| {
        let (mut count, mut last) = (0, 0);
        for (product, _) in prices.iter().filter(|(_, minor)| band.includes(*minor)) {
            count += usize::from(*product != last);
            last = *product;
        }
        Counted { value: band, count }
    };
    bands(lowest, highest).into_iter().map(count).filter(|counted| counted.count > 0).collect()
}

/// The most frequent first, those of one count in their order.
fn counted<T: Ord>(counts: impl IntoIterator<Item = (T, usize)>) -> Vec<Counted<T>> {
    let mut all: Vec<_> = counts.into_iter().map(|(value, count)| Counted { value, count }).collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    all
}

//! Facts of products as rows of numbers that lie side by side, so that a search over all of them is one pass through
//! little memory.
use crate::{
    catalog::{
        Category, Publication,
        attributes::ShadeFamily,
        search::{Facts, NamedGroup, VariantFacts},
    },
    kernel::{Channel, Currency, GroupId, Typed},
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, ops::Range, sync::Arc};

/// The number of a brand, category or size among those that this instance has read.
pub type Number = u32;

/// Numbers of brands, categories, sizes and values of attributes. They stay the same for as long as the instance runs.
#[derive(Debug, Clone, Default)]
pub struct Numbers {
    by_group: HashMap<GroupId, Number>,
    groups: Vec<NamedGroup>,
    by_size: HashMap<String, Number>,
    sizes: Vec<String>,
    by_attribute: HashMap<(String, String), Number>,
    /// Codes of attributes with their values.
    attributes: Vec<(String, String)>,
}

impl Numbers {
    fn learn_group(&mut self, group: &NamedGroup) -> Number {
        let number = *self.by_group.entry(group.id).or_insert_with(|| next(&self.groups));
        match self.groups.get_mut(number as usize) {
            Some(known) if known.name == group.name => {}
            Some(known) => known.clone_from(group),
            None => self.groups.push(group.clone()),
        }
        number
    }

    fn learn_size(&mut self, size: &str) -> Number {
        if let Some(known) = self.by_size.get(size) {
            return *known;
        }
        let number = next(&self.sizes);
        self.by_size.insert(size.to_owned(), number);
        self.sizes.push(size.to_owned());
        number
    }

    fn learn_attribute(&mut self, attribute: &(String, String)) -> Number {
        if let Some(known) = self.by_attribute.get(attribute) {
            return *known;
        }
        let number = next(&self.attributes);
        self.by_attribute.insert(attribute.clone(), number);
        self.attributes.push(attribute.clone());
        number
    }

    /// The number of an attribute with a value; none if no product has it.
    pub fn attribute(&self, attribute: &(String, String)) -> Option<Number> {
        self.by_attribute.get(attribute).copied()
    }

    /// Codes of attributes with their values, in order of their numbers.
    pub fn attributes(&self) -> &[(String, String)] {
        &self.attributes
    }

    /// The number of a brand or category; none if no product has it.
    pub fn group(&self, id: GroupId) -> Option<Number> {
        self.by_group.get(&id).copied()
    }

    /// The number of a size; none if no variant has it.
    pub fn size(&self, size: &str) -> Option<Number> {
        self.by_size.get(size).copied()
    }

    /// Brands and categories, in order of their numbers.
    pub fn groups(&self) -> &[NamedGroup] {
        &self.groups
    }

    /// Sizes, in order of their numbers.
    pub fn sizes(&self) -> &[String] {
        &self.sizes
    }
}

fn next<T>(known: &[T]) -> Number {
    Number::try_from(known.len()).unwrap_or(Number::MAX)
}

/// A product as it is filtered and counted.
#[derive(Debug)]
pub struct FactRow {
    pub category: Category,
    pub brand: Option<Number>,
    is_everywhere: bool,
    groups: Range<usize>,
    attributes: Range<usize>,
    collections: Range<usize>,
    variants: Range<usize>,
    words: Range<usize>,
}

/// A variant as it is filtered and counted.
#[derive(Debug, Clone, Copy)]
pub struct VariantRow {
    pub shade_family: Option<ShadeFamily>,
    pub size: Option<Number>,
    has_list_prices: bool,
}

/// The base prices of a block's variants in a channel and currency, in minor units.
#[derive(Debug)]
struct PriceColumn {
    channel: Channel,
    currency: Currency,
    minor: Vec<Option<i64>>,
}

/// Some hundred products.
#[derive(Debug, Default)]
pub struct Block {
    facts: Vec<Arc<Facts>>,
    products: Vec<FactRow>,
    groups: Vec<Number>,
    attributes: Vec<Number>,
    collections: Vec<GroupId>,
    variants: Vec<VariantRow>,
    prices: Vec<PriceColumn>,
    /// The words by which its products are suggested, each with a space before it.
    words: String,
    /// The moments at which a publication of its products begins or ends.
    turns: Vec<DateTime<Utc>>,
    /// Places of products in the block by the SKUs and GTINs of their variants.
    codes: HashMap<Typed, usize>,
}

impl Block {
    /// A block of some facts, in their order.
    pub fn of(facts: Vec<Arc<Facts>>, numbers: &mut Numbers) -> Self {
        let mut block = Self::default();
        for (place, one) in facts.iter().enumerate() {
            block.add(place, one, numbers);
        }
        block.facts = facts;
        block
    }

    fn add(&mut self, place: usize, facts: &Facts, numbers: &mut Numbers) {
        let (group, collection, variant) = (self.groups.len(), self.collections.len(), self.variants.len());
        self.groups.extend(facts.groups.iter().map(|group| numbers.learn_group(group)));
        self.collections.extend(&facts.collections);
        let attribute = self.attributes.len();
        self.attributes.extend(facts.attributes.iter().map(|attribute| numbers.learn_attribute(attribute)));
        for one in &facts.variants {
            self.add_variant(one, numbers);
            let codes = [Some(&one.sku), one.gtin.as_ref()].into_iter().flatten();
            self.codes.extend(codes.map(|code| (Typed::of(code), place)));
        }
        let publications = facts.publications.iter().flatten();
        self.turns.extend(publications.flat_map(|of| [of.starts_at, of.ends_at]).flatten());
        let word = self.words.len();
        facts.words.iter().for_each(|word| self.words.extend([" ", word]));
        self.products.push(FactRow {
            category: facts.category,
            brand: facts.brand.as_ref().map(|brand| numbers.learn_group(brand)),
            is_everywhere: facts.publications.is_none(),
            groups: group..self.groups.len(),
            attributes: attribute..self.attributes.len(),
            collections: collection..self.collections.len(),
            variants: variant..self.variants.len(),
            words: word..self.words.len(),
        });
    }

    fn add_variant(&mut self, one: &VariantFacts, numbers: &mut Numbers) {
        let place = self.variants.len();
        for (channel, currency, minor) in &one.prices {
            let is_it = |column: &PriceColumn| column.channel == *channel && column.currency == *currency;
            if !self.prices.iter().any(is_it) {
                self.prices.push(PriceColumn { channel: *channel, currency: *currency, minor: vec![] });
            }
            let Some(column) = self.prices.iter_mut().find(|column| is_it(column)) else { continue };
            if column.minor.len() <= place {
                column.minor.resize(place, None);
                column.minor.push(Some(*minor));
            }
        }
        self.variants.push(VariantRow {
            shade_family: one.shade_family,
            size: one.size.as_deref().map(|size| numbers.learn_size(size)),
            has_list_prices: !one.list_prices.is_empty(),
        });
    }

    /// The moments at which a publication of its products begins or ends.
    pub fn turns(&self) -> &[DateTime<Utc>] {
        &self.turns
    }

    /// The facts that it was made of.
    pub fn facts(&self) -> &[Arc<Facts>] {
        &self.facts
    }

    /// Its products, in order.
    pub fn entries(&self) -> impl Iterator<Item = KnownProduct<'_>> {
        self.products.iter().zip(&self.facts).map(|(row, facts)| KnownProduct { block: self, row, facts })
    }

    /// The product at a place.
    pub fn entry(&self, place: usize) -> Option<KnownProduct<'_>> {
        Some(KnownProduct { block: self, row: self.products.get(place)?, facts: self.facts.get(place)? })
    }

    /// The product with a variant that has one of these as its SKU or GTIN.
    pub fn by_codes(&self, codes: &[Typed]) -> Option<KnownProduct<'_>> {
        codes.iter().find_map(|code| self.entry(*self.codes.get(code)?))
    }
}

/// A product with its rows.
#[derive(Debug, Clone, Copy)]
pub struct KnownProduct<'a> {
    block: &'a Block,
    pub row: &'a FactRow,
    pub facts: &'a Arc<Facts>,
}

/// The channel, currency and moment of prices; no price without a currency.
#[derive(Debug, Clone, Copy)]
pub struct PriceView {
    pub channel: Channel,
    pub currency: Option<Currency>,
    pub at: DateTime<Utc>,
}

impl PriceView {
    /// The price of a variant, in minor units.
    pub fn of(&self, variant: &VariantFacts) -> Option<i64> {
        variant.price(self.channel, self.currency?, self.at)
    }
}

impl<'a> KnownProduct<'a> {
    /// True if a variant of it is sold, and it is published in a channel at a moment.
    pub fn is_shown(&self, channel: Channel, at: DateTime<Utc>) -> bool {
        let is_published =
            || self.row.is_everywhere || Publication::is_published(self.facts.publications.as_deref(), channel, at);
        !self.row.variants.is_empty() && is_published()
    }

    /// Its category below the kind of product and all above that one.
    pub fn groups(&self) -> &'a [Number] {
        self.block.groups.get(self.row.groups.clone()).unwrap_or_default()
    }

    /// Its attributes that have few values.
    pub fn attributes(&self) -> &'a [Number] {
        self.block.attributes.get(self.row.attributes.clone()).unwrap_or_default()
    }

    /// The collections that it is in.
    pub fn collections(&self) -> &'a [GroupId] {
        self.block.collections.get(self.row.collections.clone()).unwrap_or_default()
    }

    /// The words by which it is suggested, each with a space before it.
    pub fn words(&self) -> &'a str {
        self.block.words.get(self.row.words.clone()).unwrap_or_default()
    }

    /// The variants that are sold, each with its facts and its price.
    pub fn variants(
        &self,
        prices: PriceView,
    ) -> impl Iterator<Item = (&'a VariantRow, &'a VariantFacts, Option<i64>)> + use<'a> {
        let range = self.row.variants.clone();
        let is_asked =
            |column: &&PriceColumn| column.channel == prices.channel && Some(column.currency) == prices.currency;
        let column = self.block.prices.iter().find(is_asked).map_or(&[][..], |column| &column.minor);
        let column = column.get(range.start..).unwrap_or_default();
        let rows = self.block.variants.get(range).unwrap_or_default();
        let facts = &self.facts.variants;
        rows.iter().zip(facts).enumerate().map(move |(place, (row, facts))| {
            let base = || column.get(place).copied().flatten();
            (row, facts, if row.has_list_prices { prices.of(facts) } else { base() })
        })
    }
}

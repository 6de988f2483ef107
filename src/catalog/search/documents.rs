//! The document of a product: which words count how much.
use super::{
    model::{Facts, ListedPrice, NamedGroup, VariantFacts},
    words::{configuration, searchable, words},
};
use crate::{
    catalog::{
        attribute_definitions::{AttributeDefinition, AttributeValue, Attributes},
        attributes::Purpose,
        classification::Status,
        content::MediaKind,
        groups::Group,
        price_lists::ListPrice,
        read::{ProductView, VariantView},
        store::Variant,
    },
    kernel::{GroupId, ProductId, VariantId},
    platform::db::Json,
};
use std::collections::{BTreeSet, HashMap};

/// The configuration that keeps every word as it is.
const PLAIN: &str = "simple";
/// The configuration of the default texts.
const DEFAULT: &str = "english";

/// A part of a document: some text, the configuration that reads it, and its weight from A to D.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    pub product: ProductId,
    pub configuration: &'static str,
    pub weight: &'static str,
    pub text: String,
}

/// Characters of the passages of a product at most: beyond them a document could not be stored.
const LONGEST: usize = 150_000;

/// The passages of a product that is sold: names, SKUs and GTINs weigh most, then brand, shades and categories, then
/// the description, then the ingredients. What is too long is cut, the least telling first.
pub fn passages(
    view: &ProductView,
    groups: &HashMap<GroupId, Group>,
    definitions: &[AttributeDefinition],
) -> Vec<Passage> {
    let product = &view.product;
    let mut found = vec![];
    let mut add = |configuration, weight, text: &str| {
        let text = searchable(text);
        if !text.is_empty() {
            found.push(Passage { product: product.id, configuration, weight, text });
        }
    };
    if view.variants.is_empty() {
        return vec![];
    }
    add(PLAIN, "A", &product.name);
    add(DEFAULT, "A", &product.name);
    let description = product.description.as_deref().unwrap_or_default();
    add(PLAIN, "C", description);
    add(DEFAULT, "C", description);
    for told in &view.translations {
        let description = told.description.as_deref().unwrap_or_default();
        add(PLAIN, "A", &told.name);
        add(PLAIN, "C", description);
        if let Some(configuration) = configuration(&told.language) {
            add(configuration, "A", &told.name);
            add(configuration, "C", description);
        }
    }
    add(PLAIN, "B", product.brand.as_deref().unwrap_or_default());
    for name in above(view, groups).into_iter().map(|group| group.name.as_str()).chain([product.category.as_str()]) {
        add(PLAIN, "B", name);
        add(DEFAULT, "B", name);
    }
    for text in attribute_texts(&product.attributes.0, definitions) {
        add(PLAIN, "C", &text);
        add(DEFAULT, "C", &text);
    }
    for VariantView { variant, .. } in &view.variants {
        add(PLAIN, "A", &variant.sku);
        add(PLAIN, "A", variant.gtin.as_deref().unwrap_or_default());
        add(PLAIN, "B", variant.shade.as_deref().unwrap_or_default());
        add(PLAIN, "B", variant.shade_code.as_deref().unwrap_or_default());
        add(PLAIN, "B", variant.size.as_deref().unwrap_or_default());
        add(PLAIN, "B", variant.shade_family.map_or("", |family| family.as_str()));
    }
    add(PLAIN, "D", product.inci.as_deref().unwrap_or_default());
    shortened(found)
}

/// The texts of attributes: the name of one that is true, such as `Vegan`, the name and value of others.
fn attribute_texts(attributes: &Attributes, definitions: &[AttributeDefinition]) -> Vec<String> {
    let text = |(code, value): (&String, &AttributeValue)| {
        let name = &definitions.iter().find(|one| one.code == *code)?.name;
        match value {
            AttributeValue::Flag(is_so) => is_so.then(|| name.clone()),
            told => Some(format!("{name} {told}")),
        }
    };
    attributes.iter().filter_map(text).collect()
}

/// The passages with most weight that fit into a document together.
fn shortened(mut passages: Vec<Passage>) -> Vec<Passage> {
    passages.sort_by_key(|passage| passage.weight);
    let mut left = LONGEST;
    passages.retain(|passage| match left.checked_sub(passage.text.len()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
    passages
}

/// The same product with the variants that are sold: none, if it is retired.
pub fn sold(mut view: ProductView) -> ProductView {
    let is_active = view.product.status == Status::Active;
    let is_sold = |one: &VariantView| one.variant.status == Status::Active && one.variant.purpose == Purpose::Sale;
    view.variants.retain(|one| is_active && is_sold(one));
    view
}

/// The category of a product and those above it.
fn above<'a>(view: &ProductView, groups: &'a HashMap<GroupId, Group>) -> Vec<&'a Group> {
    let mut path = vec![];
    let mut next = view.product.category_id;
    while let Some(group) = next.and_then(|id| groups.get(&id)) {
        path.push(group);
        next = group.parent_id;
    }
    path
}

/// The attributes by which products are filtered and counted, with each of their values.
fn counted_attributes(attributes: &Attributes, definitions: &[AttributeDefinition]) -> Vec<(String, String)> {
    let is_counted = |code: &str| definitions.iter().any(|one| one.code == code && one.kind.is_counted());
    let counted = attributes.iter().filter(|(code, _)| is_counted(code));
    counted.flat_map(|(code, value)| value.words().into_iter().map(|word| (code.clone(), word))).collect()
}

/// The facts of a product, with the prices that lists have for its variants; without variants nobody finds it.
pub fn facts(
    view: ProductView,
    groups: &HashMap<GroupId, Group>,
    definitions: &[AttributeDefinition],
    list_prices: &HashMap<VariantId, Vec<ListPrice>>,
) -> Facts {
    let named = |group: &Group| NamedGroup { id: group.id, name: group.name.clone() };
    let path: Vec<_> = above(&view, groups).into_iter().map(named).collect();
    let brand = view.product.brand_id.and_then(|id| groups.get(&id)).map(named);
    let names = view.translations.iter().map(|told| told.name.as_str()).chain([view.product.name.as_str()]);
    let names = names.chain(view.product.brand.as_deref());
    let words: BTreeSet<_> = names.flat_map(words).collect();
    let choices_of = |of: &Variant| of.choices().iter().map(|one| (one.picks, one.option_ids.clone())).collect();
    let variant = |one: VariantView| VariantFacts {
        choices: choices_of(&one.variant),
        id: one.variant.id,
        sku: one.variant.sku,
        gtin: one.variant.gtin,
        shade: one.variant.shade,
        swatch: one.variant.swatch,
        shade_family: one.variant.shade_family,
        size: one.variant.size,
        prices: one.prices.iter().map(|p| (p.channel, p.amount.currency, p.amount.amount_minor)).collect(),
        list_prices: list_prices.get(&one.variant.id).map_or(vec![], |prices| ListedPrice::general(prices)),
        components: VariantFacts::components_of(&one.components),
    };
    Facts {
        id: view.product.id,
        words: words.into_iter().collect(),
        image: view.media.into_iter().find(|one| one.kind == MediaKind::Image).map(|one| one.url),
        names: view.translations.into_iter().map(|told| (told.language, told.name)).collect(),
        slug: view.product.slug,
        category: view.product.category,
        brand,
        groups: path,
        collections: view.collection_ids,
        created_at: view.product.created_at,
        attributes: counted_attributes(&view.product.attributes.0, definitions),
        publications: view.product.publications.map(|Json(all)| all),
        variants: view.variants.into_iter().map(variant).collect(),
        popularity: 0,
        name: view.product.name,
    }
}

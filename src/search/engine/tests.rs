//! Counts are those of the filtered lists, and pages are the list.
use super::*;
use crate::{
    catalog::search::NamedGroup,
    kernel::{Channel, Currency, VariantId},
    search::memory::FactTable,
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use std::collections::HashMap;
use uuid::Uuid;

fn group(n: usize) -> NamedGroup {
    NamedGroup { id: GroupId(Uuid::from_u128(n as u128 + 1)), name: format!("G{n}") }
}

const FAMILIES: [ShadeFamily; 3] = [ShadeFamily::Red, ShadeFamily::Pink, ShadeFamily::Nude];
const CODES: [&str; 2] = ["vegan", "finish"];
const SIZES: [&str; 2] = ["30 ml", "50 ml"];

/// A variant by the numbers of its family, size, price and units.
type Shape = (usize, usize, i64, i32);

/// Products and the units of their variants.
fn products_of(shapes: &[(usize, usize, Vec<Shape>)]) -> (FactTable, HashMap<VariantId, i32>) {
    let mut shelf = HashMap::new();
    let euros: Currency = "EUR".parse().unwrap();
    let mut variant = |(family, size, price, units): &Shape| {
        let id = VariantId(Uuid::from_u128(shelf.len() as u128 + 1));
        shelf.insert(id, *units);
        VariantFacts {
            id,
            sku: id.to_string(),
            gtin: None,
            shade: None,
            swatch: None,
            shade_family: FAMILIES.get(*family).copied(),
            size: SIZES.get(*size).map(|size| (*size).to_owned()),
            prices: vec![(Channel::Web, euros, *price)],
            list_prices: vec![],
            components: vec![],
            choices: vec![],
        }
    };
    let facts = shapes.iter().enumerate().map(|(n, (category, brand, variants))| Facts {
        id: ProductId(Uuid::from_u128(n as u128 + 1)),
        name: format!("P{n}"),
        names: vec![],
        image: None,
        words: vec![],
        slug: None,
        category: [Category::Cosmetics, Category::Skincare][*category],
        brand: Some(group(*brand)),
        groups: vec![group(10 + brand), group(20 + brand / 2)],
        collections: vec![],
        publications: None,
        attributes: [(CODES[0], n % 2), (CODES[1], n % 3)].map(|(code, n)| (code.to_owned(), n.to_string())).to_vec(),
        created_at: DateTime::<Utc>::from_timestamp(i64::try_from(n / 3).unwrap(), 0).unwrap(),
        variants: variants.iter().map(&mut variant).collect(),
        popularity: i64::try_from(n % 4).unwrap(),
    });
    let facts: Vec<_> = facts.collect();
    let mut table = FactTable::default();
    // In two parts, so that what is known already is put in the place of itself.
    table.learn(facts.iter().skip(facts.len() / 2).cloned());
    table.learn(facts);
    (table, shelf)
}

fn found(
    table: &FactTable,
    shelf: &HashMap<VariantId, i32>,
    filter: &SearchFilter,
    sort: SearchSort,
) -> (Vec<Hit>, Facets) {
    let view = Shelf {
        prices: PriceView { channel: Channel::Web, currency: "EUR".parse().ok(), at: DateTime::UNIX_EPOCH },
        units: Some(Box::new(|variant: &VariantFacts| shelf[&variant.id])),
    };
    search(table.all().map(|entry| (entry, 0.0)), table.numbers(), filter, &view, sort)
}

fn filters() -> impl Strategy<Value = SearchFilter> {
    let some = |n: usize| prop::collection::vec(0..n, 0..2);
    let attributes = prop::collection::vec((0_usize..2, 0_usize..3), 0..3);
    let all = (some(2), some(3), some(3), some(2), attributes, prop::option::of((0_i64..50, 0_i64..50)), any::<bool>());
    all.prop_map(|(categories, brands, families, sizes, attributes, price, is_available)| SearchFilter {
        attributes: attributes.into_iter().map(|(code, n)| (CODES[code].to_owned(), n.to_string())).collect(),
        categories: categories.into_iter().map(|n| [Category::Cosmetics, Category::Skincare][n]).collect(),
        brands: brands.into_iter().map(|n| group(n).id).collect(),
        shade_families: families.into_iter().map(|n| FAMILIES[n]).collect(),
        sizes: sizes.into_iter().map(|n| SIZES[n].to_owned()).collect(),
        price: price.map(|(a, b)| PriceRange { min_minor: a.min(b), max_minor: a.max(b) }),
        is_available,
        ..SearchFilter::default()
    })
}

fn shapes() -> impl Strategy<Value = Vec<(usize, usize, Vec<Shape>)>> {
    let variants = prop::collection::vec((0_usize..4, 0_usize..3, 0_i64..50, 0_i32..3), 0..4);
    prop::collection::vec((0_usize..2, 0_usize..3, variants), 0..20)
}

proptest! {
    #[test]
    fn every_count_is_the_length_of_the_list_with_that_filter(shapes in shapes(), filter in filters()) {
        let (table, shelf) = products_of(&shapes);
        let count = |filter: SearchFilter| found(&table, &shelf, &filter, SearchSort::Newest).0.len();
        let facets = found(&table, &shelf, &filter, SearchSort::Newest).1;
        for of in &facets.categories {
            prop_assert_eq!(count(SearchFilter { categories: vec![of.value], ..filter.clone() }), of.count);
        }
        for of in &facets.brands {
            prop_assert_eq!(count(SearchFilter { brands: vec![of.id], ..filter.clone() }), of.count);
        }
        for of in &facets.groups {
            prop_assert_eq!(count(SearchFilter { groups: vec![of.id], ..filter.clone() }), of.count);
        }
        for of in &facets.shade_families {
            prop_assert_eq!(count(SearchFilter { shade_families: vec![of.value], ..filter.clone() }), of.count);
        }
        for of in &facets.sizes {
            prop_assert_eq!(count(SearchFilter { sizes: vec![of.value.clone()], ..filter.clone() }), of.count);
        }
        for (code, of) in facets.attributes.iter().flat_map(|all| all.values.iter().map(move |of| (&all.code, of))) {
            let others = filter.attributes.iter().filter(|(known, _)| known != code).cloned();
            let attributes = others.chain([(code.clone(), of.value.clone())]).collect();
            prop_assert_eq!(count(SearchFilter { attributes, ..filter.clone() }), of.count);
        }
        for of in &facets.prices {
            prop_assert_eq!(count(SearchFilter { price: Some(of.value), ..filter.clone() }), of.count);
        }
        prop_assert_eq!(Some(count(SearchFilter { is_available: true, ..filter })), facets.available);
    }

    #[test]
    fn a_value_without_a_count_finds_nothing(shapes in shapes(), filter in filters()) {
        let (table, shelf) = products_of(&shapes);
        let facets = found(&table, &shelf, &filter, SearchSort::Newest).1;
        for family in FAMILIES.into_iter().filter(|of| facets.shade_families.iter().all(|c| c.value != *of)) {
            let narrow = SearchFilter { shade_families: vec![family], ..filter.clone() };
            prop_assert!(found(&table, &shelf, &narrow, SearchSort::Newest).0.is_empty());
        }
    }

    #[test]
    fn pages_after_each_other_are_the_whole_list_in_order(
        shapes in shapes(), limit in 1_usize..5, sort in prop::sample::select(SearchSort::ALL),
    ) {
        let (table, shelf) = products_of(&shapes);
        let (hits, _) = found(&table, &shelf, &SearchFilter::default(), sort);
        let whole = ordered(hits);
        prop_assert!(whole.windows(2).all(|two| compare(&two[0].key, &two[1].key) == Ordering::Less));
        let (mut all, mut after) = (vec![], None);
        loop {
            let (rows, has_more) = page(&whole, after.as_ref(), limit);
            after = rows.last().map(|hit| hit.key);
            all.extend(rows);
            if !has_more {
                break;
            }
        }
        prop_assert_eq!(all, whole);
    }
}

/// Prices of a variant by the numbers of their channel and currency.
type Priced = Vec<(usize, usize, i64)>;

proptest! {
    #[test]
    fn the_price_in_a_row_is_that_of_its_variant(
        variants in prop::collection::vec(prop::collection::vec((0_usize..3, 0_usize..2, 0_i64..50), 0..4), 1..8),
    ) {
        let currencies: [Currency; 2] = ["EUR".parse().unwrap(), "JPY".parse().unwrap()];
        let one = |(at, of, minor): &(usize, usize, i64)| (Channel::ALL[*at], currencies[*of], *minor);
        let named = |prices: &Priced| prices.iter().map(one).collect();
        let shapes: Vec<_> = variants.iter().map(|_| (0, 0, vec![(0, 0, 0, 0)])).collect();
        let (table, _) = products_of(&shapes);
        let with_prices = table.all().zip(&variants).map(|(entry, prices)| {
            let mut facts = Facts::clone(entry.facts);
            facts.variants[0].prices = named(prices);
            facts
        });
        let mut priced = FactTable::default();
        priced.learn(with_prices);
        for (channel, currency) in Channel::ALL.iter().flat_map(|at| currencies.map(|of| (*at, of))) {
            let view = PriceView { channel, currency: Some(currency), at: DateTime::UNIX_EPOCH };
            for (_, variant, price) in priced.all().flat_map(|entry| entry.variants(view)) {
                prop_assert_eq!(price, variant.price(channel, currency, view.at));
            }
        }
    }
}

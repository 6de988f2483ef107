//! A search over the facts in memory: which products come into question, in which order, and what is told of each.
use super::{
    engine::{self, Facets, Hit, HitKey, SearchFilter, SearchSort, Shelf},
    matching::MatchedProducts,
    memory::FactTable,
    rows::{KnownProduct, PriceView},
};
use crate::{
    catalog::{
        Language,
        search::{Facts, VariantFacts},
    },
    kernel::{Channel, Currency, LocationId, Page, VariantId},
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, sync::Arc};

/// The rank of a product whose SKU or GTIN was typed.
const NAMED: f32 = f32::MAX;

/// A search that is asked for.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// Words, a SKU or a GTIN; everything, if there are none.
    pub text: Option<String>,
    /// The language of the words.
    pub language: Option<Language>,
    pub filter: SearchFilter,
    /// The channel whose prices and stock are meant.
    pub channel: Option<Channel>,
    /// The currency of prices.
    pub currency: Option<Currency>,
    /// The location whose stock is meant.
    pub location: Option<LocationId>,
    pub sort: Option<SearchSort>,
    /// Hits in a page.
    pub limit: usize,
    /// The last hit of the page before.
    pub after: Option<HitKey>,
}

/// A found product with its facts.
#[derive(Debug, Clone)]
pub struct SearchHit {
    pub hit: Hit,
    pub facts: Arc<Facts>,
    /// For each variant of the facts its price in minor units and its units at the location.
    pub variants: Vec<(Option<i64>, Option<i32>)>,
}

/// The outcome of a search.
#[derive(Debug, Clone)]
pub struct SearchResult {
    pub hits: Page<SearchHit>,
    /// All that was found.
    pub total: usize,
    pub facets: Facets,
    /// The words that were looked for, if typing errors were corrected.
    pub corrected: Option<String>,
}

/// Everything that a search finds, in order.
#[derive(Debug)]
pub struct Ranked {
    pub hits: Vec<Hit>,
    facets: Facets,
    corrected: Option<String>,
}

impl SearchRequest {
    /// A name that searches share which differ in their page alone.
    pub fn name(&self) -> String {
        format!("{:?}", Self { limit: 0, after: None, ..self.clone() })
    }

    /// The prices and units of variants by which this request is answered at a moment.
    pub fn shelf<'a>(&self, units: Option<&'a HashMap<VariantId, i32>>, at: DateTime<Utc>) -> Shelf<'a> {
        Shelf {
            prices: PriceView { channel: self.channel.unwrap_or(Channel::Web), currency: self.currency, at },
            units: units.map(|here| Box::new(move |variant: &VariantFacts| sets(variant, here)) as Box<_>),
        }
    }
}

/// The products that come into question, with their ranks: those that have the words, all of them without words. One
/// whose SKU or GTIN was typed comes first.
pub fn candidates<'a>(
    table: &'a FactTable,
    text: Option<&str>,
    matched: Option<&MatchedProducts>,
    prices: PriceView,
) -> Vec<(KnownProduct<'a>, f32)> {
    let Some(matched) = matched else { return table.all().map(|entry| (entry, 0.0)).collect() };
    let named = text.and_then(|text| table.by_code(text)).filter(|entry| entry.is_shown(prices.channel, prices.at));
    let is_other = |found: &&(_, f32)| named.is_none_or(|named| named.facts.id != found.0);
    let others = matched.ranks.iter().filter(is_other);
    let others = others.filter_map(|(id, rank)| Some((table.one(*id)?, *rank)));
    named.map(|entry| (entry, NAMED)).into_iter().chain(others).collect()
}

/// All that is found among candidates, in order.
pub fn ranked(
    table: &FactTable,
    candidates: Vec<(KnownProduct<'_>, f32)>,
    asked: &SearchRequest,
    shelf: &Shelf<'_>,
    matched: Option<&MatchedProducts>,
) -> Ranked {
    let usual = if matched.is_some() { SearchSort::Relevance } else { SearchSort::Popularity };
    let is_named = candidates.first().is_some_and(|(_, rank)| *rank >= NAMED);
    let sort = asked.sort.unwrap_or(usual);
    let (hits, facets) = engine::search(candidates.into_iter(), table.numbers(), &asked.filter, shelf, sort);
    let corrected = matched.filter(|_| !is_named).and_then(|matched| matched.corrected.clone());
    Ranked { hits: engine::ordered(hits), facets, corrected }
}

/// The page that was asked for.
pub fn shown(table: &FactTable, asked: &SearchRequest, shelf: &Shelf<'_>, ranked: &Ranked) -> SearchResult {
    let (rows, has_more) = engine::page(&ranked.hits, asked.after.as_ref(), asked.limit);
    let hit = |hit: Hit| {
        let facts = table.one(hit.id)?.facts.clone();
        let variant = |one: &VariantFacts| (shelf.prices.of(one), shelf.units.as_ref().map(|units| units(one)));
        Some(SearchHit { hit, variants: facts.variants.iter().map(variant).collect(), facts })
    };
    SearchResult {
        hits: Page { rows: rows.into_iter().filter_map(hit).collect(), has_more },
        total: ranked.hits.len(),
        facets: ranked.facets.clone(),
        corrected: ranked.corrected.clone(),
    }
}

/// The variants that one of it takes from stock.
pub fn stocked(variant: &VariantFacts) -> Vec<VariantId> {
    variant.needs().variants().collect()
}

fn sets(variant: &VariantFacts, here: &HashMap<VariantId, i32>) -> i32 {
    match (variant.components.as_slice(), variant.choices.as_slice()) {
        ([], []) => here.get(&variant.id).copied().unwrap_or(0),
        _ => variant.needs().sets(here),
    }
}

//! The search of one instance: its facts, the words that PostgreSQL looks for, and what was lately found.
use super::{
    engine::{MOST_ATTRIBUTES, MOST_VALUES, SearchSort},
    finding::{Ranked, SearchRequest, SearchResult, candidates, ranked, shown, stocked},
    matching::{MatchedProducts, Matches},
    memory::KnownFacts,
    suggest::{Suggestions, suggest},
};
use crate::{
    catalog::{
        Language,
        search::{
            self as documents,
            words::{configuration, folded},
        },
    },
    inventory::{self, ChannelOffer, Inventory},
    kernel::{Channel, Code, Error, Result},
    platform::db::Write,
};
use chrono::{DateTime, Duration, Utc};
use moka::sync::Cache;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

/// The time for which results are remembered, if no product changes meanwhile.
const TIME_TO_LIVE: std::time::Duration = std::time::Duration::from_secs(5);
/// Hits of all remembered results together.
const MOST_REMEMBERED: u64 = 1_000_000;
/// The days of which sales count as popularity.
const POPULAR_DAYS: i64 = 90;
/// The hours between two counts of sales.
const COUNT_HOURS: i64 = 1;

/// Suggestions that were asked for, with the number of publications that had begun or ended then.
#[derive(PartialEq, Eq, Hash)]
struct SuggestionKey {
    typed: String,
    most: usize,
    channel: Channel,
    turned: usize,
}

/// The search of one instance; cheap to clone.
#[derive(Clone)]
pub struct Search {
    inventory: Inventory,
    memory: KnownFacts,
    matches: Matches,
    /// Results of searches without a location, and suggestions, as they were lately found.
    results: Cache<String, Arc<Ranked>>,
    suggested: Cache<SuggestionKey, Arc<Suggestions>>,
    /// When sales were last counted.
    counted_at: Arc<Mutex<Option<DateTime<Utc>>>>,
}

impl Search {
    /// The search of what is kept in stock.
    pub fn new(inventory: &Inventory) -> Self {
        let weight = |_: &String, ranked: &Arc<Ranked>| u32::try_from(ranked.hits.len()).unwrap_or(u32::MAX).max(100);
        let results = Cache::builder().max_capacity(MOST_REMEMBERED).weigher(weight).time_to_live(TIME_TO_LIVE).build();
        let suggested = Cache::builder().max_capacity(10_000).time_to_live(TIME_TO_LIVE).build();
        Self {
            inventory: inventory.clone(),
            memory: KnownFacts::default(),
            matches: Matches::default(),
            results,
            suggested,
            counted_at: Arc::default(),
        }
    }

    /// Says in the log if the server lacks the extension by which typing errors are corrected.
    pub fn check(&self) -> Result<()> {
        let can_correct = self.inventory.db.read_now(|db| Ok(documents::can_correct(db.conn())?))?;
        if !can_correct {
            tracing::warn!("PostgreSQL lacks pg_trgm: the search of products corrects no typing errors");
        }
        Ok(())
    }

    /// Writes the documents of products that have changed, counts sales when it is time, and reads what others have
    /// written; the number of products that were read.
    pub async fn keep(&self) -> Result<usize> {
        documents::refresh(&self.inventory.db).await?;
        let counted = self.count_sales().await;
        let newer = self.memory.catch_up(&self.inventory.db).await?;
        if newer > 0 {
            self.matches.forget();
            self.results.invalidate_all();
            self.suggested.invalidate_all();
        }
        counted?;
        Ok(newer)
    }

    /// Counts the sales of the last 90 days, if this instance has not done so within the hour. A count that failed,
    /// such as one that took too long, is not tried again before.
    async fn count_sales(&self) -> Result<()> {
        let now = self.inventory.db.clock().now();
        let last = *self.counted_at.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| now < last + Duration::hours(COUNT_HOURS)) {
            return Ok(());
        }
        let since = now - Duration::days(POPULAR_DAYS);
        let count = move |tx: &mut Write| {
            let sold = inventory::sold_since(tx, since)?;
            documents::count_sales(tx, sold)
        };
        let counted = self.inventory.db.write(count).await;
        if !matches!(counted, Ok(None)) {
            *self.counted_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
        counted.map(|_| ())
    }

    /// The products that are found, a page of them, with the counts of what else could be asked.
    pub async fn find(&self, asked: SearchRequest, to: ChannelOffer) -> Result<SearchResult> {
        require_sense(&asked)?;
        self.memory.ready(&self.inventory.db).await?;
        let table = self.memory.table();
        // Stock changes all the time: what depends on it is not remembered.
        let now = self.inventory.db.clock().now();
        let name = asked.location.is_none().then(|| format!("{} {}", table.turned(now), asked.name()));
        if let Some(ranked) = name.as_ref().and_then(|name| self.results.get(name)) {
            return Ok(shown(&table, &asked, &asked.shelf(None, now), &ranked));
        }
        let text = asked.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let matched = match text {
            Some(text) => Some(self.matched(text, asked.language.as_ref()).await?),
            None => None,
        };
        let candidates = candidates(&table, text, matched.as_deref(), asked.shelf(None, now).prices);
        let units = match asked.location {
            Some(location) => {
                self.inventory.require_open_location(location).await?;
                let variants =
                    candidates.iter().flat_map(|(entry, _)| &entry.facts.variants).flat_map(stocked).collect();
                Some(self.inventory.available_at(location, to, variants).await?)
            }
            None => None,
        };
        let shelf = asked.shelf(units.as_ref(), now);
        let ranked = Arc::new(ranked(&table, candidates, &asked, &shelf, matched.as_deref()));
        if let Some(name) = name {
            self.results.insert(name, ranked.clone());
        }
        Ok(shown(&table, &asked, &shelf, &ranked))
    }

    /// Names of what a channel shows that begin with what was typed.
    pub async fn suggestions(&self, typed: &str, most: usize, channel: Channel) -> Result<Arc<Suggestions>> {
        self.memory.ready(&self.inventory.db).await?;
        let now = self.inventory.db.clock().now();
        let table = self.memory.table();
        let key = SuggestionKey { typed: folded(typed), most, channel, turned: table.turned(now) };
        let find = || Arc::new(suggest(&table, typed, most, (channel, now)));
        Ok(self.suggested.get_with(key, find))
    }

    async fn matched(&self, text: &str, language: Option<&Language>) -> Result<Arc<MatchedProducts>> {
        let configuration = language.and_then(|tag| configuration(tag.as_str())).unwrap_or("english");
        self.matches.of(&self.inventory.db, text, configuration).await
    }
}

/// Refuses what needs a currency or a location that was not named.
fn require_sense(asked: &SearchRequest) -> Result<()> {
    let refuse = |detail: &str| Err(Error::refused(Code::InvalidQuery, detail));
    let by_price = matches!(asked.sort, Some(SearchSort::PriceAscending | SearchSort::PriceDescending));
    let codes: BTreeSet<_> = asked.filter.attributes.iter().map(|(code, _)| code).collect();
    if codes.len() > MOST_ATTRIBUTES as usize || asked.filter.attributes.len() > MOST_VALUES {
        let said = format!("a search is filtered by {MOST_ATTRIBUTES} attributes at most, with {MOST_VALUES} values");
        return refuse(&said);
    }
    if asked.currency.is_none() && (by_price || asked.filter.price.is_some()) {
        return refuse("name the currency by whose prices products are filtered or sorted");
    }
    if asked.filter.price.is_some_and(|range| range.min_minor < 0 || range.max_minor < 0) {
        return refuse("a price is 0 minor units or more");
    }
    if asked.filter.price.is_some_and(|range| range.min_minor > range.max_minor) {
        return refuse("the highest price is less than the lowest");
    }
    if asked.location.is_none() && (asked.filter.is_available || asked.sort == Some(SearchSort::Availability)) {
        return refuse("name the location by whose stock products are filtered or sorted");
    }
    Ok(())
}

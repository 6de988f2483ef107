//! The products that have some words: looked for in PostgreSQL, corrected where nothing is found, remembered briefly.
use crate::{
    catalog::search::{self as documents, AskedWords, Correction, TextMatch, words::words},
    kernel::{Code, Error, ProductId, Result},
    platform::db::{Db, Read},
};
use moka::sync::Cache;
use std::{sync::Arc, time::Duration};

/// Words that are looked for at most.
const MOST_WORDS: usize = 12;
/// Products of all remembered matches together.
const MOST_REMEMBERED: u64 = 1_000_000;
/// The time for which matches are remembered, if no product changes meanwhile.
const TIME_TO_LIVE: Duration = Duration::from_secs(5);

/// Products that have some words.
#[derive(Debug, Default)]
pub struct MatchedProducts {
    /// With the weight of what was found.
    pub ranks: Vec<(ProductId, f32)>,
    /// The words that were looked for, if they are other than those that were typed.
    pub corrected: Option<String>,
}

/// Matches of words, as they were lately found; cheap to clone.
#[derive(Clone)]
pub struct Matches(Cache<(String, bool, &'static str), Arc<MatchedProducts>>);

impl Default for Matches {
    fn default() -> Self {
        let weight = |_: &(String, bool, &'static str), matched: &Arc<MatchedProducts>| {
            u32::try_from(matched.ranks.len()).unwrap_or(u32::MAX).saturating_add(1)
        };
        Self(Cache::builder().max_capacity(MOST_REMEMBERED).weigher(weight).time_to_live(TIME_TO_LIVE).build())
    }
}

impl Matches {
    /// Forgets all matches, because a product has changed.
    pub fn forget(&self) {
        self.0.invalidate_all();
    }

    /// The products that have all words of a text, each word as it begins or by its stem in a configuration. A text
    /// like a SKU, with digits and other signs than spaces in it, is taken at its word: another code is another
    /// product.
    pub async fn of(&self, db: &Db, text: &str, configuration: &'static str) -> Result<Arc<MatchedProducts>> {
        let asked = words(text);
        if asked.len() > MOST_WORDS {
            let detail = format!("a search has {MOST_WORDS} words at most, not {}", asked.len());
            return Err(Error::refused(Code::InvalidQuery, detail));
        }
        if asked.is_empty() {
            return Ok(Arc::default());
        }
        let is_code =
            asked.len() > 1 && asked.iter().any(|word| has_digits(word)) && !text.trim().contains(char::is_whitespace);
        let key = (asked.join(" "), is_code, configuration);
        if let Some(known) = self.0.get(&key) {
            return Ok(known);
        }
        let found = Arc::new(db.read(move |db| matched(db, asked, is_code, configuration)).await?);
        self.0.insert(key, found.clone());
        Ok(found)
    }
}

fn matched(
    db: &mut Read,
    mut asked: Vec<String>,
    is_code: bool,
    configuration: &'static str,
) -> Result<MatchedProducts> {
    let mut found = documents::matches(db.conn(), AskedWords { words: &asked, is_code, configuration })?;
    let mut corrected = None;
    if found.is_empty() && !is_code && documents::can_correct(db.conn())? {
        let letters: Vec<_> = asked.iter().filter(|word| !has_digits(word)).cloned().collect();
        let known = documents::corrections(db.conn(), letters)?;
        if correct(&mut asked, &known) {
            found = documents::matches(db.conn(), AskedWords { words: &asked, is_code, configuration })?;
            corrected = (!found.is_empty()).then(|| asked.join(" "));
        }
    }
    let rank = |TextMatch { product, rank }: TextMatch| (product, rank);
    Ok(MatchedProducts { ranks: found.into_iter().map(rank).collect(), corrected })
}

fn has_digits(word: &str) -> bool {
    word.chars().any(char::is_numeric)
}

/// Puts the nearest known word in place of each unknown one, at most one typing error away, two in long words; true if
/// it changed some.
fn correct(asked: &mut [String], known: &[Correction]) -> bool {
    let mut has_changed = false;
    for word in asked {
        let most = match word.chars().count() {
            ..=2 => 0,
            // A wrong number is another number.
            _ if has_digits(word) => 0,
            3..=7 => 1,
            _ => 2,
        };
        let near = known.iter().filter(|near| near.asked == *word);
        let near = near.map(|near| (strsim::osa_distance(word, &near.word), &near.word));
        if let Some((_, nearest)) = near.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance)
        {
            word.clone_from(nearest);
            has_changed = true;
        }
    }
    has_changed
}

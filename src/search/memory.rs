//! Facts of all products in memory, as this instance last read them.
use super::rows::{Block, KnownProduct, Numbers};
use crate::{
    catalog::{
        Gtin,
        search::{Facts, facts_since},
    },
    kernel::{ProductId, Result, Typed},
    platform::db::Db,
};
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::Mutex;

/// Facts that are read at once.
const AT_ONCE: i64 = 5_000;
/// Products of a block. A change of one product makes its block anew.
const BLOCK: usize = 512;

/// The facts of all products at a moment.
#[derive(Debug, Clone, Default)]
pub struct FactTable {
    /// The place of each product: blocks one after another, each with so many products.
    places: HashMap<ProductId, usize>,
    blocks: Vec<Arc<Block>>,
    numbers: Numbers,
    /// The moments at which a publication begins or ends, in order.
    turns: Vec<DateTime<Utc>>,
}

impl FactTable {
    /// All products.
    pub fn all(&self) -> impl Iterator<Item = KnownProduct<'_>> {
        self.blocks.iter().flat_map(|block| block.entries())
    }

    /// The product of this id.
    pub fn one(&self, id: ProductId) -> Option<KnownProduct<'_>> {
        let place = *self.places.get(&id)?;
        self.blocks.get(place / BLOCK)?.entry(place % BLOCK)
    }

    /// The product with a variant of this SKU or GTIN; GTINs of fewer digits have zeros in front of them.
    pub fn by_code(&self, text: &str) -> Option<KnownProduct<'_>> {
        let forms = text.parse::<Gtin>().map(|gtin| gtin.forms()).unwrap_or_default();
        let codes: Vec<_> = forms.iter().map(String::as_str).chain([text]).map(Typed::of).collect();
        self.blocks.iter().find_map(|block| block.by_codes(&codes))
    }

    /// The numbers by which its rows name brands, categories and sizes.
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// The number of publications that have begun or ended by a moment: as long as it stays, so does what is shown.
    pub fn turned(&self, by: DateTime<Utc>) -> usize {
        self.turns.partition_point(|turn| *turn <= by)
    }

    /// Puts newer facts in the place of those of the same products, and adds the others at the end.
    pub fn learn(&mut self, newer: impl IntoIterator<Item = Facts>) {
        let mut changed: BTreeMap<usize, Vec<Arc<Facts>>> = BTreeMap::new();
        for facts in newer {
            let next = self.places.len();
            let place = *self.places.entry(facts.id).or_insert(next);
            let known = || self.blocks.get(place / BLOCK).map_or(vec![], |block| block.facts().to_vec());
            let block = changed.entry(place / BLOCK).or_insert_with(known);
            match block.get_mut(place % BLOCK) {
                Some(known) => *known = Arc::new(facts),
                None => block.push(Arc::new(facts)),
            }
        }
        for (at, facts) in changed {
            let block = Arc::new(Block::of(facts, &mut self.numbers));
            match self.blocks.get_mut(at) {
                Some(known) => *known = block,
                None => self.blocks.push(block),
            }
        }
        self.turns = self.blocks.iter().flat_map(|block| block.turns()).copied().collect();
        self.turns.sort_unstable();
    }
}

/// The facts of all products as this instance last read them; cheap to clone.
#[derive(Clone, Default)]
pub struct KnownFacts {
    facts: Arc<RwLock<Arc<FactTable>>>,
    /// The revision up to which they have been read; none before the first time. Locked while they are read.
    read_to: Arc<Mutex<Option<i64>>>,
}

impl KnownFacts {
    /// The facts as they were last read.
    pub fn table(&self) -> Arc<FactTable> {
        self.facts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads them for the first time, if that was not done yet.
    pub async fn ready(&self, db: &Db) -> Result<()> {
        let is_read = self.read_to.lock().await.is_some();
        if !is_read {
            self.catch_up(db).await?;
        }
        Ok(())
    }

    /// Reads what is newer, and returns of how many products.
    pub async fn catch_up(&self, db: &Db) -> Result<usize> {
        let mut read_to = self.read_to.lock().await;
        let (mut revision, mut count) = (read_to.unwrap_or(0), 0);
        loop {
            let newer = db.read(move |db| Ok(facts_since(db.conn(), revision, AT_ONCE)?)).await?;
            let is_last = newer.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            if let Some((last, _)) = newer.last() {
                revision = *last;
                count += newer.len();
                self.learn(newer.into_iter().map(|(_, facts)| facts));
            }
            if is_last {
                break;
            }
        }
        *read_to = Some(revision);
        Ok(count)
    }

    /// Makes the table anew beside the one that searches read.
    fn learn(&self, newer: impl Iterator<Item = Facts>) {
        let mut next = FactTable::clone(&self.table());
        next.learn(newer);
        *self.facts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
    }
}

//! Facts of all products in memory, as this instance last read them.
use crate::{
    catalog::{
        Gtin,
        search::{Facts, facts_since},
    },
    kernel::{ProductId, Result, Typed},
    platform::db::Db,
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::Mutex;

/// Facts that are read at once.
const AT_ONCE: i64 = 5_000;

/// The facts of all products at a moment.
#[derive(Debug, Clone, Default)]
pub struct FactTable {
    /// By product.
    pub all: HashMap<ProductId, Arc<Facts>>,
    /// Products by the SKUs and GTINs that their variants have or had.
    codes: HashMap<Typed, ProductId>,
}

impl FactTable {
    /// The product with a variant of this SKU or GTIN; GTINs of fewer digits have zeros in front of them.
    pub fn by_code(&self, text: &str) -> Option<&Arc<Facts>> {
        let forms = text.parse::<Gtin>().map(|gtin| gtin.forms()).unwrap_or_default();
        let forms = forms.iter().map(String::as_str).chain([text]).map(Typed::of).collect::<Vec<_>>();
        let product = |form: &Typed| self.all.get(self.codes.get(form)?);
        let has_it = |facts: &&Arc<Facts>| codes_of(facts).any(|code| forms.contains(&code));
        forms.iter().filter_map(product).find(has_it)
    }

    fn learn(&mut self, facts: Facts) {
        self.codes.extend(codes_of(&facts).map(|code| (code, facts.id)));
        self.all.insert(facts.id, Arc::new(facts));
    }
}

fn codes_of(facts: &Facts) -> impl Iterator<Item = Typed> + '_ {
    facts
        .variants
        .iter()
        .flat_map(|variant| [Some(&variant.sku), variant.gtin.as_ref()])
        .flatten()
        .map(|code| Typed::of(code))
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

    fn learn(&self, newer: impl Iterator<Item = Facts>) {
        let mut known = self.facts.write().unwrap_or_else(PoisonError::into_inner);
        let all = Arc::make_mut(&mut known);
        newer.for_each(|facts| all.learn(facts));
    }
}

//! Offers in memory, so that pricing an order asks the database nothing. Another instance's change is seen when the
//! feed tells of it, and after the time to live at the latest.
use super::{
    model::Offer,
    promotions::{self, Promotions, Usage},
    shipping::{self, ShippingMethods},
    store,
    tax::{self, TaxRates},
};
use crate::{
    kernel::{Actor, PromotionId, Result, Sku, Typed, VariantId, actor::Permission},
    platform::{
        db::{Db, Read, Write, remembered},
        events::Changes,
        idempotency::{Once, Outcome, Recorded, write_once},
        shared::Shared,
    },
};
use moka::sync::Cache;
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The time for which another instance's change may go unseen if the feed stands still.
const TIME_TO_LIVE: Duration = Duration::from_secs(5);

/// The time for which the uses of a promotion are remembered.
const USAGES_LIVE: Duration = Duration::from_secs(1);

/// The catalog's memory; cheap to clone.
#[derive(Clone)]
pub struct Catalog {
    offers: Cache<VariantId, Arc<Offer>>,
    ids: Cache<Typed, VariantId>,
    taxes: Shared<TaxRates>,
    pub(super) promotions: Shared<Promotions>,
    shipping_methods: Shared<ShippingMethods>,
    /// The uses of promotions, as they were a moment ago: a lane counts them before anything is taken off.
    pub(super) usages: Cache<PromotionId, Usage>,
    /// Counts changes: what was read before one is not kept after it.
    changes: Arc<AtomicU64>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            offers: Cache::builder().max_capacity(100_000).time_to_live(TIME_TO_LIVE).build(),
            ids: Cache::builder().max_capacity(100_000).build(),
            taxes: Shared::new(TIME_TO_LIVE),
            promotions: Shared::new(TIME_TO_LIVE),
            shipping_methods: Shared::new(TIME_TO_LIVE),
            usages: Cache::builder().max_capacity(10_000).time_to_live(USAGES_LIVE).build(),
            changes: Arc::default(),
        }
    }
}

impl Catalog {
    /// The offers of these SKUs by their identity; a SKU that does not exist is missing from the answer.
    pub fn offers_by_sku(&self, db: &mut Read, skus: &[Sku]) -> Result<HashMap<Typed, Arc<Offer>>> {
        let (mut ids, unknown) = self.sorted_out(skus);
        if !unknown.is_empty() {
            for (sku, id) in store::ids_of_skus(db.conn(), &unknown)? {
                self.ids.insert(Typed::of(&sku), id);
                ids.push(id);
            }
        }
        let offers = self.offers(db, &ids)?;
        Ok(offers.into_values().map(|offer| (Typed::of(&offer.variant.sku), offer)).collect())
    }

    /// The ids that are remembered, and the SKUs whose are not. Each SKU is looked up once: asked for twice, one that
    /// another thread remembers in between would be in neither half and be told as unknown.
    fn sorted_out<'a>(&self, skus: &'a [Sku]) -> (Vec<VariantId>, Vec<&'a Typed>) {
        let (mut known, mut unknown) = (vec![], vec![]);
        for sku in skus {
            match self.ids.get(sku.key()) {
                Some(id) => known.push(id),
                None => unknown.push(sku.key()),
            }
        }
        (known, unknown)
    }

    /// The ids of these SKUs, if all of them are remembered.
    pub(super) fn remembered_ids(&self, skus: &[Sku]) -> Option<Vec<VariantId>> {
        skus.iter().map(|sku| self.ids.get(sku.key())).collect()
    }

    /// The offers of these variants.
    pub fn offers(&self, db: &mut Read, ids: &[VariantId]) -> Result<HashMap<VariantId, Arc<Offer>>> {
        let mut found: HashMap<_, _> = ids.iter().filter_map(|id| Some((*id, self.offers.get(id)?))).collect();
        let missing: Vec<_> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
        if !missing.is_empty() {
            let before = self.changes.load(Ordering::SeqCst);
            for offer in store::offers(db, &missing)?.into_iter().map(Arc::new) {
                self.offers.insert(offer.variant.id, offer.clone());
                if self.changes.load(Ordering::SeqCst) != before {
                    self.offers.invalidate(&offer.variant.id);
                }
                found.insert(offer.variant.id, offer);
            }
        }
        Ok(found)
    }

    /// The offers of these variants, if all of them are remembered.
    pub fn remembered(&self, ids: &[VariantId]) -> Option<HashMap<VariantId, Arc<Offer>>> {
        ids.iter().map(|id| Some((*id, self.offers.get(id)?))).collect()
    }

    /// The rates of tax.
    pub async fn tax_rates(&self, db: &Db) -> Result<Arc<TaxRates>> {
        self.taxes.get(async || db.read(tax::store::all).await).await
    }

    /// The promotions that have not ended or only lately.
    pub async fn promotions(&self, db: &Db) -> Result<Arc<Promotions>> {
        let now = db.clock().now();
        self.promotions.get(async || db.read(move |db| promotions::remembered(db, now)).await).await
    }

    /// The shipping methods, with those that are out of use.
    pub async fn shipping_methods(&self, db: &Db) -> Result<Arc<ShippingMethods>> {
        self.shipping_methods.get(async || db.read(shipping::store::all).await).await
    }

    /// A write of the catalog, which belongs to no location: whoever does it holds the permission everywhere. It waits
    /// for orders that are being placed, and they for it. What is remembered is dropped afterwards, whatever came of
    /// it.
    pub(super) async fn write<T: Serialize + Send + 'static>(
        &self,
        db: &Db,
        actor: Actor,
        permission: Permission,
        key: Option<Once>,
        work: impl Fn(&mut Write) -> Result<Outcome<T>> + Send + 'static,
    ) -> Result<Recorded<T>> {
        let change = move |tx: &mut Write| {
            remembered::lock(tx)?;
            tx.renew_now();
            let answer = work(tx)?;
            remembered::count_change(tx)?;
            Ok(answer)
        };
        self.add(db, actor, permission, key, change).await
    }

    /// A write that only adds what no one remembers: nothing waits for it.
    pub(super) async fn add<T: Serialize + Send + 'static>(
        &self,
        db: &Db,
        actor: Actor,
        permission: Permission,
        key: Option<Once>,
        work: impl Fn(&mut Write) -> Result<Outcome<T>> + Send + 'static,
    ) -> Result<Recorded<T>> {
        actor.require_everywhere(permission)?;
        let answer = write_once(db, actor, permission, key, move |tx, _| work(tx)).await;
        self.forget();
        answer
    }

    /// Drops what is remembered if records of one of these kinds have changed.
    pub fn hear(&self, changes: &Changes) {
        if changes.concern(&super::events::AGGREGATES) {
            self.forget();
        }
    }

    pub(super) fn forget(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.offers.invalidate_all();
        self.taxes.forget();
        self.promotions.forget();
        self.shipping_methods.forget();
        self.usages.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sku_is_lost_while_another_thread_remembers_it() {
        let skus: Vec<Sku> = (0..2_000).map(|n| format!("SKU-{n}").parse().unwrap()).collect();
        for _ in 0..30 {
            let catalog = Catalog::default();
            std::thread::scope(|scope| {
                scope.spawn(|| skus.iter().for_each(|sku| catalog.ids.insert(sku.key().clone(), VariantId::new())));
                for _ in 0..10 {
                    let (known, unknown) = catalog.sorted_out(&skus);
                    assert_eq!(known.len() + unknown.len(), skus.len());
                }
            });
        }
    }
}

//! The prices as a lane holds them. Orders are priced from memory before their batch begins; from the moment at which a
//! batch checks them until its commit none changes, and an order whose offers have changed is priced anew.
use super::{
    cache::Catalog,
    model::Offer,
    price_lists,
    store::{self, Variant},
    tax::{self, TaxClass, TaxRates},
};
use crate::{
    catalog::classification::Status,
    kernel::{Code, Error, PriceListId, Result, TaxRateId, VariantId},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, WorkingSet, held_by_others},
    },
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, sync::Arc};

/// The offers by which the requests of one batch are priced.
pub struct CurrentOffers {
    catalog: Catalog,
    wanted: Vec<Arc<Offer>>,
    wanted_taxes: Vec<Arc<TaxRates>>,
    mutant: Mutant,
    /// Someone changes the catalog right now, and is not waited for.
    is_locked_away: bool,
    /// Version and product's status of each, as they are now; of all that are wanted, or none if nothing has changed.
    now: HashMap<VariantId, (i64, i64, Status, TaxClass)>,
    /// The versions of the price lists of these.
    lists: HashMap<PriceListId, i64>,
    /// The versions of the rates of tax, as they are now; none if nothing has changed.
    taxes: Option<Vec<(TaxRateId, i64)>>,
}

impl CurrentOffers {
    /// The prices that a server remembers.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            wanted: vec![],
            wanted_taxes: vec![],
            mutant: Mutant::None,
            is_locked_away: false,
            now: HashMap::new(),
            lists: HashMap::new(),
            taxes: None,
        }
    }

    /// Says by which offers a request is priced.
    pub fn want<'a>(&mut self, offers: impl IntoIterator<Item = &'a Arc<Offer>>) {
        self.wanted.extend(offers.into_iter().cloned());
    }

    /// Says by which rates of tax a request is taxed.
    pub fn want_taxes(&mut self, rates: &Arc<TaxRates>) {
        self.wanted_taxes.push(rates.clone());
    }

    /// Refuses a request that was taxed by rates which have changed since, or of which one begins or ends between the
    /// moment by which it was taxed and now.
    pub fn require_same_taxes(&self, rates: &TaxRates, taxed_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        match self.are_current(rates) && !rates.turn(taxed_at, now) {
            true => Ok(()),
            false => Err(Error::refused(Code::Conflict, "a rate of tax has just changed; try again")),
        }
    }

    fn are_current(&self, rates: &TaxRates) -> bool {
        let then = || rates.rates.iter().map(|rate| (rate.id, rate.version));
        self.taxes.as_ref().is_none_or(|now| then().eq(now.iter().copied()))
    }

    /// True if a request that cannot be refused was priced or taxed by what has changed since, and is to be prepared
    /// anew. What someone changes right now has not changed yet.
    pub fn is_stale<'a>(&self, offers: impl IntoIterator<Item = &'a Arc<Offer>>, rates: &TaxRates) -> bool {
        !self.is_locked_away && (!offers.into_iter().all(|offer| self.is_current(offer)) || !self.are_current(rates))
    }

    /// Refuses a request whose prices turn between the moment by which it was priced and now.
    pub fn require_same_prices<'a>(
        &self,
        offers: impl IntoIterator<Item = &'a Arc<Offer>>,
        priced_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut offers = offers.into_iter();
        match offers.find(|offer| !self.mutant.RememberedPrice() && offer.price_turns(priced_at, now)) {
            None => Ok(()),
            Some(offer) => Err(turned(offer)),
        }
    }

    /// Refuses a request that was priced by an offer which has changed since: it is to be prepared anew.
    pub fn require_current<'a>(&self, offers: impl IntoIterator<Item = &'a Arc<Offer>>) -> Result<()> {
        if self.is_locked_away {
            return Err(held_by_others("catalog"));
        }
        match offers.into_iter().find(|offer| !self.is_current(offer)) {
            None => Ok(()),
            Some(offer) => Err(turned(offer)),
        }
    }

    fn is_current(&self, offer: &Offer) -> bool {
        let Variant { id, version, offer_version, .. } = offer.variant;
        let is_same =
            self.now.get(&id) == Some(&(version, offer_version, offer.product.status, offer.product.tax_class));
        let mut lists = offer.list_prices.iter().map(|price| &price.list);
        self.now.is_empty() || is_same && lists.all(|list| self.lists.get(&list.id) == Some(&list.version))
    }
}

fn turned(offer: &Offer) -> Error {
    Error::refused(Code::Conflict, format!("the price or state of {} has just changed; try again", offer.variant.sku))
}

impl WorkingSet for CurrentOffers {
    fn clear(&mut self) {
        self.wanted.clear();
        self.wanted_taxes.clear();
        self.taxes = None;
        self.now.clear();
        self.lists.clear();
        self.is_locked_away = false;
    }

    fn open(&mut self, _: &mut Write, _: Patience, mutant: Mutant) -> Result<()> {
        self.mutant = mutant;
        Ok(())
    }

    fn decides_by_memory(&self) -> bool {
        !self.wanted.is_empty()
    }

    fn check(&mut self, tx: &mut Write, changes: i64) -> Result<()> {
        let is_known = self.wanted.iter().all(|offer| offer.changes == changes)
            && self.wanted_taxes.iter().all(|rates| rates.changes == changes);
        if self.mutant.RememberedPrice() || is_known {
            return Ok(());
        }
        self.is_locked_away = changes < 0;
        if self.is_locked_away {
            return Ok(());
        }
        let ids: Vec<_> = self.wanted.iter().map(|offer| offer.variant.id).collect();
        self.now = store::versions_of(tx.conn(), &ids)?.into_iter().collect();
        let lists = self.wanted.iter().flat_map(|offer| &offer.list_prices).map(|price| price.list.id);
        let lists: Vec<_> = lists.collect();
        self.lists = price_lists::versions_of(tx.conn(), &lists)?.into_iter().collect();
        self.taxes = Some(tax::store::versions(tx.conn())?);
        let are_same = |rates: &Arc<TaxRates>| self.are_current(rates);
        if !self.wanted.iter().all(|offer| self.is_current(offer)) || !self.wanted_taxes.iter().all(are_same) {
            self.catalog.forget();
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        0
    }

    fn save(&mut self, _: &mut Bulk, _: DateTime<Utc>) -> Result<()> {
        Ok(())
    }
}

//! The prices as a lane holds them. Orders are priced from memory before their batch begins; from the moment at which a
//! batch checks them until its commit none changes, and an order whose offers have changed is priced anew.
use super::{
    cache::Catalog,
    model::Offer,
    price_lists::{self, PriceContext},
    promotions::{self, Promotions, PromotionsNow},
    shipping::{self, ShippingMethods},
    store::{self, Variant},
    tax::{self, TaxRates},
};
use crate::{
    kernel::{Code, Currency, Error, PriceListId, Result, ShippingMethodId, TaxRateId, VariantId},
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
    wanted_promotions: Vec<(Arc<Promotions>, Currency)>,
    wanted_shipping: Vec<Arc<ShippingMethods>>,
    mutant: Mutant,
    /// Someone changes the catalog right now, and is not waited for.
    is_locked_away: bool,
    /// The versions of each and of its product, as they are now; of all that are wanted, or none if nothing has
    /// changed.
    now: HashMap<VariantId, (i64, i64, i64)>,
    /// The versions of the price lists of these.
    lists: HashMap<PriceListId, i64>,
    /// The versions of the rates of tax, as they are now; none if nothing has changed.
    taxes: Option<Vec<(TaxRateId, i64)>>,
    /// The promotions, as they are now; none if nothing has changed.
    promotions: Option<PromotionsNow>,
    /// The versions of the shipping methods, as they are now; none if nothing has changed.
    shipping: Option<Vec<(ShippingMethodId, i64)>>,
}

impl CurrentOffers {
    /// The prices that a server remembers.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            catalog,
            wanted: vec![],
            wanted_taxes: vec![],
            wanted_promotions: vec![],
            wanted_shipping: vec![],
            mutant: Mutant::None,
            is_locked_away: false,
            now: HashMap::new(),
            lists: HashMap::new(),
            taxes: None,
            promotions: None,
            shipping: None,
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

    /// Says by which promotions a request in a currency is discounted.
    pub fn want_promotions(&mut self, promotions: &Arc<Promotions>, currency: Currency) {
        self.wanted_promotions.push((promotions.clone(), currency));
    }

    /// Refuses a request that was discounted by promotions which have changed since, or of which one begins or ends
    /// between the moment by which it was discounted and now.
    pub fn require_same_promotions(&self, then: &Promotions, to: &PriceContext, now: DateTime<Utc>) -> Result<()> {
        match self.promotions.as_ref().is_none_or(|is| then.are_as(is, to.currency))
            && !then.turn(to.currency, to.at, now)
        {
            true => Ok(()),
            false => Err(Error::refused(Code::Conflict, "a promotion has just changed; try again")),
        }
    }

    /// Says by which shipping methods a request is charged.
    pub fn want_shipping(&mut self, methods: &Arc<ShippingMethods>) {
        self.wanted_shipping.push(methods.clone());
    }

    /// Refuses a request that was charged by shipping methods which have changed since.
    pub fn require_same_shipping(&self, methods: &ShippingMethods) -> Result<()> {
        match self.is_same_shipping(methods) {
            true => Ok(()),
            false => Err(Error::refused(Code::Conflict, "a shipping method has just changed; try again")),
        }
    }

    fn is_same_shipping(&self, methods: &ShippingMethods) -> bool {
        let then = || methods.list.iter().map(|method| (method.id, method.version));
        self.shipping.as_ref().is_none_or(|now| then().eq(now.iter().copied()))
    }

    fn are_current(&self, rates: &TaxRates) -> bool {
        let then = || rates.rates.iter().map(|rate| (rate.id, rate.version));
        self.taxes.as_ref().is_none_or(|now| then().eq(now.iter().copied()))
    }

    /// True if a request that cannot be refused was priced or taxed by what has changed since, and is to be prepared
    /// anew. What someone changes right now has not changed yet.
    pub fn is_stale<'a>(
        &self,
        offers: impl IntoIterator<Item = &'a Arc<Offer>>,
        rates: &TaxRates,
        promotions: (&Promotions, Currency),
    ) -> bool {
        let (then, currency) = promotions;
        let are_same = || self.promotions.as_ref().is_none_or(|is| then.are_as(is, currency));
        let are_current = || offers.into_iter().all(|offer| self.is_current(offer));
        !(self.is_locked_away || are_current() && self.are_current(rates) && are_same())
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
        let is_same = self.now.get(&id) == Some(&(version, offer_version, offer.product.version));
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
        self.wanted_promotions.clear();
        self.wanted_shipping.clear();
        self.taxes = None;
        self.promotions = None;
        self.shipping = None;
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
            && self.wanted_taxes.iter().all(|rates| rates.changes == changes)
            && self.wanted_promotions.iter().all(|(promotions, _)| promotions.changes == changes)
            && self.wanted_shipping.iter().all(|methods| methods.changes == changes);
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
        self.shipping = Some(shipping::store::versions(tx.conn())?);
        let moment = tx.now();
        let promotions = promotions::promotions_now(tx.conn(), moment)?;
        let are_same = self.wanted.iter().all(|offer| self.is_current(offer))
            && self.wanted_taxes.iter().all(|rates| self.are_current(rates))
            && self.wanted_promotions.iter().all(|(then, currency)| then.are_as(&promotions, *currency))
            && self.wanted_shipping.iter().all(|then| self.is_same_shipping(then));
        self.promotions = Some(promotions);
        if !are_same {
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

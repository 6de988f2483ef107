//! The sale of a variant: at which price in which channel, and, for a bundle, made of what.
use super::{
    bundles::{self, ChosenPart},
    cache::Catalog,
    events::{self, PriceSet},
    model::{NewParts, NewPrice, Offer},
    prices::{
        store::{self as changes, PriceOf},
        summed,
    },
    read,
    store::{self, Component},
};
use crate::{
    catalog::{attributes::Purpose, classification::Category, read::VariantView},
    kernel::{Channel, Code, Error, Faults, Money, Result, Sku, Typed, VariantId, actor::Permission},
    platform::{
        db::{Db, Read},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use chrono::{DateTime, Utc};
use std::{collections::HashMap, sync::Arc};

/// The offers of lines, in their order, and the SKUs of all that must be in stock for them.
#[derive(Debug, Clone)]
pub struct OfferLines {
    /// One for each line.
    pub lines: Vec<Arc<Offer>>,
    /// The SKUs of the variants and of bundles' parts.
    pub names: Arc<[(VariantId, String)]>,
    /// The offers of the variants and of bundles' parts.
    pub known: Arc<HashMap<VariantId, Arc<Offer>>>,
}

impl Catalog {
    /// The offers of an order's lines with the parts that are chosen for each, if lines can choose; refused with all
    /// that are unknown, retired or wrongly chosen. Asks the database nothing if all of them are remembered.
    pub async fn lines(&self, db: &Db, skus: Vec<Sku>, chosen: Option<&[Vec<ChosenPart>]>) -> Result<OfferLines> {
        let parts = chosen.iter().copied().flatten().flatten().map(|part| &part.sku);
        let all: Vec<_> = skus.iter().chain(parts).cloned().collect();
        if let Some(known) = self.remembered_ids(&all).and_then(|ids| self.remembered_with_parts(&ids)) {
            return checked(&skus, chosen, known);
        }
        let (catalog, chosen) = (self.clone(), chosen.map(<[_]>::to_vec));
        db.read(move |db| {
            let offers = catalog.offers_by_sku(db, &all)?;
            let known = catalog.with_parts(db, offers.into_values())?;
            checked(&skus, chosen.as_deref(), known)
        })
        .await
    }

    /// The offers and those of their parts, by variant.
    pub fn with_parts(
        &self,
        db: &mut Read,
        offers: impl Iterator<Item = Arc<Offer>>,
    ) -> Result<HashMap<VariantId, Arc<Offer>>> {
        let mut known: HashMap<_, _> = offers.map(|offer| (offer.variant.id, offer)).collect();
        let parts: Vec<_> = known.values().flat_map(|offer| &offer.components).map(|c| c.variant_id).collect();
        if !parts.is_empty() {
            // An offer that is known already stays: lines are priced by it.
            for (id, part) in self.offers(db, &parts)? {
                known.entry(id).or_insert(part);
            }
        }
        Ok(known)
    }

    fn remembered_with_parts(&self, ids: &[VariantId]) -> Option<HashMap<VariantId, Arc<Offer>>> {
        let mut known = self.remembered(ids)?;
        let parts: Vec<_> = known.values().flat_map(|offer| &offer.components).map(|c| c.variant_id).collect();
        if !parts.is_empty() {
            known.extend(self.remembered(&parts)?);
        }
        Some(known)
    }
}

/// Refuses SKUs that are unknown, retired, or bundles of which a part is retired or wrongly chosen.
fn checked(
    skus: &[Sku],
    chosen: Option<&[Vec<ChosenPart>]>,
    known: HashMap<VariantId, Arc<Offer>>,
) -> Result<OfferLines> {
    let by_sku: HashMap<Typed, &Arc<Offer>> = known.values().map(|o| (Typed::of(&o.variant.sku), o)).collect();
    let (mut lines, mut faults) = (vec![], Faults::default());
    for (at, sku) in skus.iter().enumerate() {
        let pointer = format!("/lines/{at}/sku");
        let Some(offer) = by_sku.get(sku.key()) else {
            faults.add(Code::UnknownSku, &pointer, format!("there is no SKU {sku}"));
            continue;
        };
        let parts = chosen.and_then(|chosen| chosen.get(at)).map_or(&[][..], Vec::as_slice);
        if let (None, Err(refused)) = (chosen, offer.require_chosen()) {
            faults.add_refusal(&pointer, refused)?;
            continue;
        }
        let offer = match offer.chosen(parts, &known, &format!("/lines/{at}/choices")) {
            Ok(offer) => offer,
            Err(refused) => {
                faults.add_all(refused)?;
                continue;
            }
        };
        let parts = offer.components.iter().filter_map(|part| known.get(&part.variant_id));
        let retired_part = parts.into_iter().find(|part| !part.is_sold());
        if offer.variant.purpose != Purpose::Sale {
            let said = format!("{sku} is a {} and not for sale", offer.variant.purpose);
            faults.add(Code::NotForSale, &pointer, said);
        } else if !offer.is_sold() {
            faults.add(Code::VariantRetired, &pointer, format!("{sku} is retired"));
        } else if offer.product.category == Category::Bundle && offer.components.is_empty() {
            faults.add(Code::InvalidBundle, &pointer, format!("the bundle {sku} has no parts"));
        } else if let Some(part) = retired_part {
            let said = format!("{}, a part of the bundle {sku}, is retired", part.variant.sku);
            faults.add(Code::VariantRetired, &pointer, said);
        }
        lines.push(offer);
    }
    faults.require_none()?;
    let names = known.values().map(|offer| (offer.variant.id, offer.variant.sku.clone())).collect();
    Ok(OfferLines { lines, names, known: Arc::new(known) })
}

impl OfferLines {
    /// Refuses each line whose product is not published in the channel at the moment of a sale.
    pub fn require_published(&self, channel: Channel, at: DateTime<Utc>) -> Result<()> {
        let mut faults = Faults::default();
        for (line, offer) in self.lines.iter().enumerate() {
            if let Err(refused) = offer.require_published(channel, at) {
                faults.add_refusal(&format!("/lines/{line}/sku"), refused)?;
            }
        }
        faults.require_none()
    }
}

/// Sets the price of a variant in one channel and currency.
pub async fn set_price(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: VariantId,
    price: NewPrice,
) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    let NewPrice { channel, currency, amount_minor, .. } = price;
    Money::new(amount_minor, currency)?;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            found.require_own_prices()?;
            changes::record(tx, PriceOf { variant: id, channel, currency }, Some(amount_minor), by)?;
            store::set_price(tx, id, price)?;
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::price_set(tx, variant.version, &PriceSet { variant_id: id, channel, currency, amount_minor })?;
            summed::follow(tx, &[id], by)?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

/// Says what a bundle is made of.
pub async fn set_components(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: VariantId,
    parts: NewParts,
) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    let (memory, by) = (catalog.clone(), actor.id);
    let who = actor.clone();
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            let NewParts { components: parts, sum_discount_ppm, choices: new_choices } = &parts;
            let sum_discount_ppm = sum_discount_ppm.unwrap_or(found.sum_discount_ppm);
            if found.sum_discount_ppm.or(sum_discount_ppm).is_some() {
                who.require_everywhere(Permission::PricesWrite)?;
            }
            let options = new_choices.iter().flatten().flat_map(|choice| &choice.skus);
            let skus: Vec<_> = parts.iter().map(|p| &p.sku).chain(options).cloned().collect();
            let offers = memory.offers_by_sku(tx, &skus)?;
            let bundle = store::offers(tx, &[id])?.pop().ok_or_else(|| Error::not_found("variant"))?;
            let components: Vec<Component> = bundles::components(&bundle, parts, &offers)?;
            let choices = match new_choices {
                Some(new) => bundles::choices(new, &offers)?,
                None => bundle.variant.choices().to_vec(),
            };
            bundles::require_priced(&components, &choices, sum_discount_ppm)?;
            store::set_components(tx.conn(), id, &components, &choices, sum_discount_ppm)?;
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::variant_changed(tx, &variant)?;
            if let Some(discount) = sum_discount_ppm {
                summed::set(tx, &[(id, discount)], by)?;
            }
            let view = read::variant_view(tx, id)?;
            Ok(Outcome::changed(view.variant.version, None, view))
        })
        .await
}

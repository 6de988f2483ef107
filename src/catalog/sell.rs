//! How a variant is sold: at which price in which channel, and, for a bundle, made of what.
use super::{
    Catalog, Component, Offer, events,
    model::{NewComponent, NewPrice},
    read, rules, store,
};
use crate::{
    kernel::{Actor, Code, Error, Money, Result, Sku, VariantId, actor::Permission, words::Channel},
    platform::{
        db::{Db, Read},
        events::{Subject, publish},
        http::IfMatch,
        idempotency::{Answer, Once},
    },
};
use std::sync::Arc;

impl Catalog {
    /// The offers of an order's lines, in the lines' order; refused at the first that is unknown or retired.
    pub fn offers_of_lines(&self, db: &mut Read, skus: &[Sku]) -> Result<Vec<Arc<Offer>>> {
        let known = self.offers_by_sku(db, skus)?;
        let find = |(at, sku): (usize, &Sku)| {
            let offer = known.get(sku.as_str()).ok_or_else(|| {
                let fault = crate::kernel::Fault::at(
                    &format!("/lines/{at}/sku"),
                    "unknown_sku",
                    format!("there is no SKU {sku}"),
                );
                crate::kernel::Refusal::new(Code::UnknownSku, format!("there is no SKU {sku}")).with_faults(vec![fault])
            })?;
            match offer.is_sold() {
                true => Ok(offer.clone()),
                false => Err(Error::refused(Code::VariantRetired, format!("{sku} is retired"))),
            }
        };
        let offers: Vec<Arc<Offer>> = skus.iter().enumerate().map(find).collect::<Result<_>>()?;
        self.demand_parts_sold(db, &offers)?;
        Ok(offers)
    }

    /// Refuses bundles of which a part is retired.
    fn demand_parts_sold(&self, db: &mut Read, offers: &[Arc<Offer>]) -> Result<()> {
        let parts: Vec<_> = offers.iter().flat_map(|offer| &offer.components).map(|part| part.variant_id).collect();
        if parts.is_empty() {
            return Ok(());
        }
        match self.offers(db, &parts)?.values().find(|part| !part.is_sold()) {
            Some(part) => Err(Error::refused(
                Code::VariantRetired,
                format!("{}, a part of the bundle, is retired", part.variant.sku),
            )),
            None => Ok(()),
        }
    }
}

impl Offer {
    /// What must be in stock to sell so many: the variant itself, or a bundle's parts.
    pub fn exploded(&self, quantity: i32) -> Result<Vec<(VariantId, i32)>> {
        rules::exploded(self, quantity)
    }

    /// The price in a channel and currency, or a refusal.
    pub fn demand_price(&self, channel: Channel, currency: crate::kernel::Currency) -> Result<Money> {
        self.price(channel, currency).ok_or_else(|| {
            Error::refused(Code::NoPrice, format!("{} has no price for {channel} in {currency}", self.variant.sku))
        })
    }
}

/// Sets the price of a variant in one channel and currency.
pub async fn set_price(
    db: &Db,
    catalog: &Catalog,
    actor: Actor,
    (id, price): (VariantId, NewPrice),
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    let NewPrice { channel, currency, amount_minor } = price;
    let amount = Money::new(amount_minor, currency)?;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            if_match.check("the variant", found.version)?;
            store::set_price(tx, id, channel, amount)?;
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            let subject = Subject { aggregate: "variant", id: id.0, version: variant.version, location: None };
            publish(tx, subject, &events::PriceSet { variant_id: id, channel, currency, amount_minor })?;
            Answer::ok(&read::variant_view(tx, id)?, variant.version, None)
        })
        .await
}

/// Says what a bundle is made of.
pub async fn set_components(
    db: &Db,
    catalog: &Catalog,
    actor: Actor,
    (id, parts): (VariantId, Vec<NewComponent>),
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    let memory = catalog.clone();
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            if_match.check("the variant", found.version)?;
            let skus: Vec<_> = parts.iter().map(|p| p.sku.clone()).collect();
            let offers = memory.offers_by_sku(tx, &skus)?;
            let bundle = store::offers(tx.conn(), &[id])?.pop().ok_or_else(|| Error::not_found("variant"))?;
            let components: Vec<Component> = rules::components(&bundle, &parts, &offers)?;
            store::set_components(tx.conn(), id, &components)?;
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::variant_changed(tx, &variant)?;
            Answer::ok(&read::variant_view(tx, id)?, variant.version, None)
        })
        .await
}

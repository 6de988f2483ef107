//! The price of an order before it is placed: of its lines, less what promotions take off, or as a quote keeps it.
use crate::{
    catalog::{Buyer, Cart, CartLine, Discounts, Offer, OfferLines},
    kernel::{LocationId, Money, Quantity, Result, Sku},
    orders::{
        carts,
        model::NewOrder,
        pricing::{Pricing, SaleTerms, pricing_of},
        rules::{self, Priced},
        service::Services,
    },
};
use std::{iter, sync::Arc};

/// An order with the price of each line.
pub struct PricedOrder {
    pub offers: OfferLines,
    pub lines: Vec<Priced>,
    /// That by which it is priced.
    pub pricing: Pricing,
    /// The discounts of promotions.
    pub discounts: Discounts,
    pub total: Money,
}

/// Prices an order of someone who may place orders at one location alone, or at several.
pub async fn priced(services: &Services, new: &NewOrder, alone_at: Option<LocationId>) -> Result<PricedOrder> {
    let (inventory, catalog) = (&services.inventory, &services.inventory.catalog);
    let offers = catalog.lines(&inventory.db, new.lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let pricing = pricing_of(inventory, SaleTerms::of_new(new, alone_at, inventory.db.clock().now())).await?;
    let pricing = Pricing { needs_tax: !new.is_settled_outside, ..pricing };
    if let Some(quote) = new.quote {
        let promotions = catalog.promotions(&inventory.db).await?;
        let (lines, discounts) = carts::honored(&inventory.db, quote, new, &pricing.to, promotions).await?;
        let total = rules::total_of(&lines, new.currency)?;
        return Ok(PricedOrder { offers, lines, pricing, discounts, total });
    }
    let goods = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let told = new.unit_prices.iter().copied().chain(iter::repeat(None));
    let (mut lines, mut total) = rules::price(goods.zip(told), &pricing)?;
    let discounts = discounts_of(services, new, &offers, &lines, &pricing).await?;
    if !discounts.applied.is_empty() {
        rules::discount(&mut lines, &discounts, new.currency)?;
        total = rules::total_of(&lines, new.currency)?;
    }
    Ok(PricedOrder { offers, lines, pricing, discounts, total })
}

/// The discounts of an order; none of one whose price a marketplace has settled.
async fn discounts_of(
    services: &Services,
    new: &NewOrder,
    offers: &OfferLines,
    priced: &[Priced],
    pricing: &Pricing,
) -> Result<Discounts> {
    if new.is_settled_outside {
        return Ok(Discounts::default());
    }
    let lines = offers.lines.iter().zip(priced).zip(&new.lines);
    let line = |((offer, priced), (_, quantity)): ((&Arc<Offer>, &Priced), &(Sku, Quantity))| {
        CartLine::of(offer, quantity.get(), priced.unit.amount_minor)
    };
    let lines: Vec<_> = lines.map(line).collect();
    let digest = new.customer_digest();
    let buyer = Buyer { coupons: &new.coupons, digest: digest.as_ref() };
    let inventory = &services.inventory;
    inventory.catalog.discounts(&inventory.db, Cart { to: &pricing.to, lines: &lines }, buyer).await
}

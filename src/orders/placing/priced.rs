//! The price of an order before it is placed: of its lines and its shipping, less what promotions take off, or as a
//! quote keeps it.
use crate::{
    catalog::{Buyer, Cart, CartLine, Discounts, Offer, OfferLines},
    kernel::{Code, Error, Faults, LocationId, Money, Quantity, Result, Sku},
    orders::{
        carts::{self, Honored},
        model::{NewOrder, ShippingCharge},
        placing::shipping::{ChosenShipping, settled},
        pricing::{Pricing, SaleTerms, SoldPacks, pricing_of},
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
    pub shipping: ChosenShipping,
    /// The charge for shipping, which is within the total.
    pub charge: Option<ShippingCharge>,
    pub total: Money,
}

/// Prices an order of someone who may place orders at one location alone, or at several.
pub async fn priced(services: &Services, new: &NewOrder, alone_at: Option<LocationId>) -> Result<PricedOrder> {
    let (inventory, catalog) = (&services.inventory, &services.inventory.catalog);
    let offers = catalog
        .lines(&inventory.db, new.lines.iter().map(|(sku, _)| sku.clone()).collect(), Some(&new.choices))
        .await?;
    let pricing = pricing_of(inventory, SaleTerms::of_new(new, alone_at, inventory.db.clock().now())).await?;
    // What is replaced was sold before, and what a marketplace has settled is.
    if !new.is_settled_outside && new.exchange_for.is_none() {
        offers.require_published(pricing.to.channel, pricing.to.at)?;
    }
    let is_somewhere = pricing.to.country.is_some() || !new.is_mere_cart;
    let pricing = Pricing { needs_tax: !new.is_settled_outside && is_somewhere, ..pricing };
    let shipping = ChosenShipping::of(catalog.shipping_methods(&inventory.db).await?, new, &offers, &pricing)?;
    if let Some(quote) = new.quote {
        let promotions = catalog.promotions(&inventory.db).await?;
        let Honored { lines, discounts, charge } =
            carts::honored(&inventory.db, quote, new, &pricing.to, promotions).await?;
        let total = with_charge(rules::total_of(&lines, new.currency)?, charge.as_ref())?;
        return Ok(PricedOrder { offers, lines, pricing, discounts, shipping, charge, total });
    }
    let goods = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let told = new.unit_prices.iter().copied().chain(iter::repeat(None));
    let (mut lines, mut total) = rules::price(goods.zip(told), &pricing)?;
    let sold = SoldGoods { offers: &offers, lines: &lines, shipping: &shipping };
    let discounts = discounts_of(services, new, sold, &pricing).await?;
    if !discounts.applied.is_empty() {
        rules::discount(&mut lines, &discounts)?;
        total = rules::total_of(&lines, new.currency)?;
    }
    let charge = match new.is_settled_outside {
        true => settled(new, &pricing)?,
        false => shipping.charge(total, &discounts, &pricing)?,
    };
    let total = with_charge(total, charge.as_ref())?;
    Ok(PricedOrder { offers, lines, pricing, discounts, shipping, charge, total })
}

fn with_charge(goods: Money, charge: Option<&ShippingCharge>) -> Result<Money> {
    goods.plus(Money::new(charge.map_or(0, ShippingCharge::total_minor), goods.currency)?)
}

/// Refuses packs of lots that nobody knows.
fn require_known(new: &NewOrder, unknown: &[usize]) -> Result<()> {
    let mut faults = Faults::default();
    for at in unknown {
        let lot = new.lots.get(*at).and_then(Option::as_deref).unwrap_or_default();
        faults.add(Code::UnknownLot, &format!("/lines/{at}/lot"), format!("there is no lot {lot} of this SKU"));
    }
    faults.require_none()
}

/// The goods of an order with their prices, and the way in which they are sent.
#[derive(Clone, Copy)]
struct SoldGoods<'a> {
    offers: &'a OfferLines,
    lines: &'a [Priced],
    shipping: &'a ChosenShipping,
}

/// The discounts of an order; none of one whose price a marketplace has settled.
async fn discounts_of(
    services: &Services,
    new: &NewOrder,
    sold: SoldGoods<'_>,
    pricing: &Pricing,
) -> Result<Discounts> {
    if new.is_settled_outside {
        return Ok(Discounts::default());
    }
    let lines = sold.offers.lines.iter().zip(sold.lines).zip(&new.lines);
    let line = |((offer, priced), (_, quantity)): ((&Arc<Offer>, &Priced), &(Sku, Quantity))| CartLine {
        added_tax: priced.added_tax().cloned(),
        ..CartLine::of(offer, quantity.get(), priced.unit.amount_minor)
    };
    let mut lines: Vec<_> = lines.map(line).collect();
    if !new.lots.is_empty() {
        let unnamed = || Error::at(Code::InvalidBody, "/location_id", "name the location at which the lots were read");
        let till = pricing.to.location.ok_or_else(unnamed)?;
        let lots = new.lots.iter().map(Option::as_deref).collect();
        let packs = SoldPacks { till, at: pricing.to.at, offers: &sold.offers.lines, lots };
        require_known(new, &packs.date(&services.inventory, &mut lines).await?)?;
    }
    let digest = new.customer_digest();
    let may_choose_shipping = new.is_mere_cart && new.is_sent();
    let buyer = Buyer { coupons: &new.coupons, digest: digest.as_ref(), may_choose_shipping };
    let inventory = &services.inventory;
    let cart = Cart { to: &pricing.to, lines: &lines, shipping: sold.shipping.of_cart() };
    inventory.catalog.discounts(&inventory.db, cart, buyer).await
}

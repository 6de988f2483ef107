//! The money of a sale: its prices and taxes, its discounts, and its payments with their tenders.
use super::{NewTender, Sale, SaleLine, SaleTender};
use crate::{
    catalog::{Cart, CartLine, Discounts, LineTax, Offer},
    inventory::Inventory,
    kernel::{Channel, Country, Error, Money, Result},
    orders::{
        model::ToldPrice,
        pricing::{Pricing, SaleTerms, SoldPacks, pricing_of},
        rules::{Priced, with_tax},
        service::Services,
    },
    payments::{TenderKind, TenderSums, cash_step},
};
use std::sync::Arc;

/// All of a price, in millionths.
const WHOLE_PPM: i32 = 1_000_000;

/// The prices and taxes of a sale. One that is told late has those of its own time, unless the till's clock cannot be
/// right; a tax that is not known keeps no sale out of the books.
pub(super) async fn pricing(inventory: &Inventory, sale: &Sale) -> Result<Pricing> {
    let (now, place) = (inventory.db.clock().now(), sale.location);
    inventory.learn_zones(&[place]).await?;
    let (at, _) = sale.dated(&inventory.zones, now);
    let (channel, currency, customer) = (Channel::Pos, sale.currency, &sale.customer);
    let pricing = pricing_of(inventory, SaleTerms { channel, currency, place: Some(place), customer, at }).await?;
    Ok(Pricing { needs_tax: false, ..pricing })
}

/// The discounts of a sale: of its lines for which the till does not say what it took.
pub(super) async fn discounts(
    inventory: &Inventory,
    sale: &Sale,
    sold: (&[Arc<Offer>], &[Priced]),
    pricing: &Pricing,
) -> Result<Discounts> {
    let (offers, priced) = sold;
    let lines = sale.lines.iter().zip(offers).zip(priced).enumerate();
    let open: Vec<_> = lines.filter(|(_, ((line, _), _))| line.unit_price_minor.is_none()).collect();
    let cart_line = |((line, offer), priced): &((&SaleLine, &Arc<Offer>), &Priced)| {
        CartLine::of(offer, line.quantity.get(), priced.unit.amount_minor)
    };
    let mut lines: Vec<_> = open.iter().map(|(_, line)| cart_line(line)).collect();
    let of_open: Vec<_> = open.iter().map(|(_, ((_, offer), _))| Arc::clone(offer)).collect();
    let lots = open.iter().map(|(_, ((line, _), _))| line.lot.as_deref()).collect();
    let packs = SoldPacks { till: sale.location, at: pricing.to.at, offers: &of_open, lots };
    packs.date(inventory, &mut lines).await?;
    let cart = Cart { to: &pricing.to, lines: &lines, shipping: None };
    let mut discounts = inventory.catalog.discounts_of_past(&inventory.db, cart).await?;
    for of in &mut discounts.applied {
        let mut amounts = vec![0; sale.lines.len()];
        for ((at, _), off) in open.iter().zip(&of.amounts) {
            amounts.get_mut(*at).into_iter().for_each(|amount| *amount = *off);
        }
        Arc::make_mut(of).amounts = amounts;
    }
    Ok(discounts)
}

/// The payments of a sale as the till tells them; or one of the whole if it tells none, or, with the reason, if they do
/// not pay the total.
pub(super) async fn payments_of(
    inventory: &Inventory,
    sale: &Sale,
    total: Money,
) -> Result<(Vec<NewTender>, Option<String>)> {
    let whole = || {
        let whole = NewTender { amount: total, tender: None, reference: sale.payment_reference.clone() };
        if total.amount_minor > 0 { vec![whole] } else { vec![] }
    };
    if sale.tenders.is_empty() {
        return Ok((whole(), None));
    }
    let country = inventory.country_of(sale.location).await?;
    let step = cash_step(country.as_ref().map(Country::as_str), sale.currency);
    let sum = sale.tenders.iter().fold(0_i64, |sum, one| sum.saturating_add(one.amount_minor));
    if sum != total.amount_minor {
        return Ok((whole(), Some(format!("the tenders pay {sum} of {}", total.amount_minor))));
    }
    match tenders_of(sale, step) {
        Ok(tenders) => Ok((tenders, None)),
        Err(Error::Refused(why)) => Ok((whole(), Some(why.detail))),
        Err(internal) => Err(internal),
    }
}

/// The tenders of a sale. All of its cash is rounded once, with the last of it.
fn tenders_of(sale: &Sale, step: i64) -> Result<Vec<NewTender>> {
    let is_cash = |one: &&SaleTender| one.told.kind == TenderKind::Cash;
    let cash = sale.tenders.iter().filter(is_cash).map(|one| one.amount_minor).sum();
    let last = sale.tenders.iter().rposition(|one| is_cash(&one));
    let tender = |(at, one): (usize, &SaleTender)| {
        let amount = Money::new(one.amount_minor, sale.currency)?;
        let mut told = one.told;
        if is_cash(&one) && sale.tenders.iter().filter(is_cash).count() > 1 && told.rounding_minor.is_none() {
            told.rounding_minor = Some(if Some(at) == last { TenderSums::of(cash, step).rounding_minor } else { 0 });
        }
        let tender = told.settled(amount, step, &format!("/tenders/{at}"))?;
        let reference = one.reference.clone().or_else(|| sale.payment_reference.clone());
        Ok(NewTender { amount, tender: Some(tender), reference })
    };
    sale.tenders.iter().enumerate().map(tender).collect()
}

/// True if a till took far less for something than its price, with what promotions of its time take off, or a price for
/// something that has none there.
pub(super) async fn is_far_below(
    services: &Services,
    sale: &Sale,
    offers: &[Arc<Offer>],
    pricing: &Pricing,
) -> Result<bool> {
    if sale.lines.iter().all(|line| line.unit_price_minor.is_none()) {
        return Ok(false);
    }
    let has_none = |(line, offer): (&SaleLine, &Arc<Offer>)| {
        line.unit_price_minor.is_some() && offer.effective_price(&pricing.to, line.quantity.get()).is_none()
    };
    if sale.lines.iter().zip(offers).any(has_none) {
        return Ok(true);
    }
    let goods = sale.lines.iter().zip(offers);
    let mut lines = goods.map(|(line, offer)| regular(offer, line, pricing)).collect::<Result<Vec<_>>>()?;
    let lots = sale.lines.iter().map(|line| line.lot.as_deref()).collect();
    let packs = SoldPacks { till: sale.location, at: pricing.to.at, offers, lots };
    packs.date(&services.inventory, &mut lines).await?;
    let cart = Cart { to: &pricing.to, lines: &lines, shipping: None };
    let inventory = &services.inventory;
    let discounts = inventory.catalog.discounts_of_past(&inventory.db, cart).await?;
    let kept = i128::from(WHOLE_PPM - services.settings.price_override_ppm);
    for (at, ((line, offer), regular)) in sale.lines.iter().zip(offers).zip(&lines).enumerate() {
        let Some(told) = line.told_price() else { continue };
        let off = discounts.applied.iter().filter_map(|of| of.amounts.get(at)).sum();
        let took = i128::from(took(told, regular, pricing.tax(offer)?.as_ref()));
        if took * i128::from(WHOLE_PPM) < i128::from(price_of(regular, off)) * kept {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A line at the price that holds for it.
fn regular(offer: &Offer, line: &SaleLine, pricing: &Pricing) -> Result<CartLine> {
    let units = line.quantity.get();
    let price = offer.effective_price(&pricing.to, units);
    let is_net = price.as_ref().is_some_and(|price| !price.tax_included);
    let added_tax = if is_net { pricing.tax(offer)? } else { None };
    let unit_minor = price.map_or(0, |price| price.amount.amount_minor);
    Ok(CartLine { added_tax, ..CartLine::of(offer, units, unit_minor) })
}

/// The price of a line with its tax, less an amount off the price without it if that is how it is priced.
fn price_of(line: &CartLine, off: i64) -> i64 {
    let listed = line.unit_minor.saturating_mul(line.units.into()).saturating_sub(off);
    with_tax(listed, line.added_tax.as_ref(), false)
}

/// The price with tax that a till took for a line.
fn took(told: ToldPrice, line: &CartLine, tax: Option<&LineTax>) -> i64 {
    let units = i64::from(line.units);
    let took = with_tax(told.unit_minor.saturating_mul(units), tax, told.tax_included);
    // A till that shows a price of a net list with tax has rounded it for each unit.
    let is_rounded = line.added_tax.is_some() && told.tax_included;
    if is_rounded { took.saturating_add(units / 2) } else { took }
}

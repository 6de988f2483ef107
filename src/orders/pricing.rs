//! The prices and taxes of an order, and the circumstances that they depend on. A price list of a location holds at its
//! till and for orders that are fetched there; one of a country holds for goods that go there.
use super::{
    model::{Customer, NewOrder},
    store::{Order, OrderRow},
};
use crate::{
    catalog::{CartLine, LineTax, Offer, PriceContext, TaxClass, TaxRates},
    inventory::Inventory,
    kernel::{Channel, Code, Currency, Error, LocationId, Result, Typed},
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A sale, as far as its prices depend on it.
#[derive(Debug, Clone, Copy)]
pub struct SaleTerms<'a> {
    pub channel: Channel,
    pub currency: Currency,
    /// The location of the till, or where the order is fetched.
    pub place: Option<LocationId>,
    pub customer: &'a Customer,
    pub at: DateTime<Utc>,
}

impl<'a> SaleTerms<'a> {
    /// Those of an order that is to be placed by someone who may place at one location alone, or at several.
    pub fn of_new(new: &'a NewOrder, alone_at: Option<LocationId>, at: DateTime<Utc>) -> Self {
        let place = new.location.or(alone_at).filter(|_| new.is_pickup || new.channel == Channel::Pos);
        Self { channel: new.channel, currency: new.currency, place, customer: &new.customer, at }
    }

    /// Those of an order that was placed, for units that are added to it.
    pub fn of_order(order: &Order, customer: &'a Customer, at: DateTime<Utc>) -> Self {
        let is_fetched = order.is_pickup || order.channel == Channel::Pos;
        let place = is_fetched.then_some(order.location_id);
        Self { channel: order.channel, currency: order.currency(), place, customer, at }
    }
}

/// That by which an order is priced and taxed.
#[derive(Debug, Clone)]
pub struct Pricing {
    pub to: PriceContext,
    pub taxes: Arc<TaxRates>,
    /// True if what has no rate of tax is refused; otherwise its tax stays unknown.
    pub needs_tax: bool,
}

impl Pricing {
    /// The tax of an offer.
    pub fn tax(&self, offer: &Offer) -> Result<Option<LineTax>> {
        self.tax_of(offer.product.tax_class)
    }

    /// The tax of goods or services of a class.
    pub fn tax_of(&self, class: TaxClass) -> Result<Option<LineTax>> {
        if self.needs_tax { self.taxes.require_tax(&self.to, class) } else { Ok(self.taxes.tax(&self.to, class)) }
    }
}

/// Refuses another address whose taxes or shipping may cost something else: an order keeps what it was placed with.
/// Shipping depends on the region where some method does (`by_region`).
pub fn require_same_place(row: &OrderRow, to: &Customer, by_region: bool) -> Result<()> {
    let place = |customer: &Customer| {
        customer.address.as_ref().map(|address| (address.country.clone(), address.region.clone()))
    };
    let is_taxed = row.lines.iter().any(|line| line.quantity > 0 && line.tax().is_some());
    let is_sent = !row.order.is_pickup && row.order.channel != Channel::Pos;
    let (is_other, number) = (is_sent && place(row.order.customer()) != place(to), row.order.number);
    if is_other && is_taxed {
        let said = format!("order {number} is taxed for its country and region: cancel it and place another");
        return Err(Error::refused(Code::TaxPlaceFixed, said));
    }
    let is_elsewhere = is_other && (by_region || row.order.customer().country() != to.country());
    if is_elsewhere && row.order.shipping().is_some_and(|charge| charge.method_id.is_some()) {
        let said =
            format!("order {number} is charged for shipping to its country and region: cancel it and place another");
        return Err(Error::refused(Code::ShippingPlaceFixed, said));
    }
    Ok(())
}

/// Prices and taxes of a sale: the country is the one where the goods go, or of the place where they change hands.
pub async fn pricing_of(inventory: &Inventory, sale: SaleTerms<'_>) -> Result<Pricing> {
    let SaleTerms { channel, currency, place, customer, at } = sale;
    let sent_to = customer.address.as_ref().filter(|_| place.is_none());
    let to = PriceContext {
        channel,
        currency,
        location: place,
        country: match place {
            Some(place) => inventory.country_of(place).await?,
            None => sent_to.map(|address| address.country.clone()),
        },
        region: sent_to.and_then(|address| address.region.clone()),
        groups: customer.groups.clone(),
        at,
    };
    Ok(Pricing { to, taxes: inventory.catalog.tax_rates(&inventory.db).await?, needs_tax: true })
}

/// Packs that are sold at a till, each with the lot that was read from it, if one was.
pub struct SoldPacks<'a> {
    pub till: LocationId,
    pub at: DateTime<Utc>,
    pub offers: &'a [Arc<Offer>],
    pub lots: Vec<Option<&'a str>>,
}

impl SoldPacks<'_> {
    /// Notes in lines of a cart in how many days their packs expire; answers the lines whose lot is not known.
    pub async fn date(&self, inventory: &Inventory, lines: &mut [CartLine]) -> Result<Vec<usize>> {
        let read = self.offers.iter().zip(&self.lots).enumerate();
        let pack = |(at, (offer, lot)): (usize, (&Arc<Offer>, &Option<&str>))| {
            Some((at, (offer.variant.id, Typed::of((*lot)?))))
        };
        let packs: Vec<_> = read.filter_map(pack).collect();
        if packs.is_empty() {
            return Ok(vec![]);
        }
        let wanted = packs.iter().map(|(_, pack)| pack.clone()).collect();
        let days = inventory.days_until_expiry(self.till, self.at, wanted).await?;
        let mut unknown = vec![];
        for (at, pack) in packs {
            match (days.get(&pack), lines.get_mut(at)) {
                (Some(days), Some(line)) => line.expires_in_days = *days,
                _ => unknown.push(at),
            }
        }
        Ok(unknown)
    }
}

//! The circumstances of an order that its prices depend on. A price list of a location holds at its till and for orders
//! that are fetched there; one of a country holds for goods that go there.
use super::{
    model::{Customer, NewOrder},
    store::Order,
};
use crate::{
    catalog::PriceContext,
    inventory::Inventory,
    kernel::{Channel, Currency, LocationId, Result},
};
use chrono::{DateTime, Utc};

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
    /// Those of an order that is to be placed.
    pub fn of_new(new: &'a NewOrder, at: DateTime<Utc>) -> Self {
        let place = new.location.filter(|_| new.is_pickup || new.channel == Channel::Pos);
        Self { channel: new.channel, currency: new.currency, place, customer: &new.customer, at }
    }

    /// Those of an order that was placed, for units that are added to it.
    pub fn of_order(order: &Order, customer: &'a Customer, at: DateTime<Utc>) -> Self {
        let is_fetched = order.is_pickup || order.channel == Channel::Pos;
        let place = is_fetched.then_some(order.location_id);
        Self { channel: order.channel, currency: order.currency(), place, customer, at }
    }
}

/// The circumstances of a sale: the country is the one where the goods go, or of the place where they change hands.
pub async fn price_context(inventory: &Inventory, sale: SaleTerms<'_>) -> Result<PriceContext> {
    let SaleTerms { channel, currency, place, customer, at } = sale;
    if let Some(place) = place {
        inventory.learn_zones(&[place]).await?;
    }
    let sent_to = customer.address.as_ref().map(|address| address.country.clone());
    Ok(PriceContext {
        channel,
        currency,
        location: place,
        country: match place {
            Some(place) => inventory.zones.country(place),
            None => sent_to,
        },
        groups: customer.groups.clone(),
        at,
    })
}

//! Placing an order: price it, find a location that has everything, reserve it there, write it down, all or nothing.
mod write;

use super::{
    priced::{PricedOrder, priced},
    take_over::{place_of_reservation, take_over},
};
use crate::{
    catalog::{CurrentOffers, Discounts, Offer, OfferLines, Redemptions, ShippingMethods},
    inventory::{self, Claim, Demand, Reach, Stock, StockActions, Zones},
    kernel::{Actor, Error, LocationId, Money, Result, actor::Permission},
    orders::{
        model::{NewOrder, ShippingCharge},
        pricing::Pricing,
        read::OrderView,
        returns,
        rules::Priced,
        service::Services,
        sourcing::{Candidates, Strategy, Wanted, looked_at, split::ShippingCost, strategies_of},
        working_set::Orders,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::Outcome,
    },
};
use std::sync::Arc;

/// A priced order with the locations where it may be filled.
pub(super) struct PlaceOrder {
    pub(super) new: NewOrder,
    offers: OfferLines,
    priced: Vec<Priced>,
    /// That by which it is priced.
    pricing: Pricing,
    /// The discounts of promotions.
    discounts: Discounts,
    shipping_methods: Arc<ShippingMethods>,
    charge: Option<ShippingCharge>,
    total: Money,
    demand: Demand,
    /// The same with what this channel leaves to others of each level.
    padded: Demand,
    buffer: i32,
    /// Days for which the goods must be good.
    good_for_days: i64,
    locations: Vec<LocationId>,
    /// The strategies by which one of several choices is taken, and what they know of each location.
    chain: Vec<Strategy>,
    shipping_costs: Vec<ShippingCost>,
    hold_seconds: i64,
    zones: Zones,
    /// A location without a name in the order seems to have everything.
    pub(super) has_whole: bool,
    /// No other location than those that are locked seems to have everything.
    may_split: bool,
    /// The units that others count as taken by this one while it is on its way.
    _claim: Option<Claim>,
}

/// Prices an order and looks for the locations that may fill it; in the tables, whatever the index says, if that is
/// asked.
pub(super) async fn prepared(
    services: &Services,
    actor: &Actor,
    mut new: NewOrder,
    by_tables: bool,
) -> Result<PlaceOrder> {
    let (inventory, settings) = (&services.inventory, &services.settings);
    if let Some(id) = new.reservation {
        new.location = Some(place_of_reservation(inventory, actor, id, new.location).await?);
    }
    if let Some(location) = new.location {
        inventory.require_open_location(location).await?;
    }
    if let Some(id) = new.exchange_for {
        let locations = actor.places(Permission::OrdersPlace);
        inventory.db.read(move |db| returns::return_by_id(db, &locations, id)).await?;
    }
    let PricedOrder { offers, lines: priced, pricing, discounts, shipping, charge, total } =
        priced(services, &new, alone_at(actor)).await?;
    let lines = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let demand = Demand::of(lines.map(|(offer, quantity)| (offer, quantity.get())))?;
    let buffer = inventory::buffer_of(settings, new.channel);
    let mut padded = demand.clone();
    if buffer > 0 {
        demand.variants().into_iter().try_for_each(|variant| padded.add(variant, buffer))?;
    }
    let chain = strategies_of(settings, new.channel)?;
    let Candidates { locations, shipping_costs, has_whole, claim, too_few } = if let Some(location) = new.location {
        Candidates::named(location)
    } else {
        let reach = inventory.reach(Some((actor, Permission::OrdersPlace)), new.channel, new.customer.country());
        let wanted = Wanted { padded: &padded, demand: &demand, chain: &chain, customer: &new.customer };
        looked_at(inventory, Reach { buffer, by_tables, ..reach }, wanted).await?
    };
    if locations.is_empty() {
        let available = |variant| too_few.as_ref().and_then(|of| of.get(&variant)).copied().unwrap_or(0);
        let available = |variant| i32::try_from(available(variant)).unwrap_or(i32::MAX);
        return Err(inventory::out_of_stock(&lines_of(&offers, &new), available)?);
    }
    let hold_seconds = settings.hold_seconds;
    inventory.learn_zones(&locations).await?;
    let (good_for_days, zones) = (inventory.shelf_life.days(new.channel), inventory.zones.clone());
    Ok(PlaceOrder {
        new,
        offers,
        priced,
        pricing,
        discounts,
        shipping_methods: shipping.methods,
        charge,
        total,
        demand,
        padded,
        buffer,
        good_for_days,
        locations,
        chain,
        shipping_costs,
        hold_seconds,
        zones,
        has_whole,
        may_split: !has_whole || by_tables,
        _claim: claim,
    })
}

/// The location of someone who may place orders at no other.
pub fn alone_at(actor: &Actor) -> Option<LocationId> {
    let places = actor.places(Permission::OrdersPlace);
    places.ids().filter(|ids| ids.len() == 1).and_then(|ids| ids.first().copied())
}

impl PlaceOrder {
    /// True if the promotions and shipping methods of now decide about its price: neither a quote nor a marketplace
    /// does.
    fn is_discounted_now(&self) -> bool {
        self.new.quote.is_none() && !self.new.is_settled_outside
    }
}

impl Command for PlaceOrder {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let current = uow.of::<CurrentOffers>()?;
        current.want(self.offers.known.values());
        current.want_taxes(&self.pricing.taxes);
        if self.is_discounted_now() {
            current.want_promotions(&self.discounts.promotions, self.new.currency);
            current.want_shipping(&self.shipping_methods);
        }
        uow.of::<Redemptions>()?.want(&self.discounts.applied, self.discounts.customer.as_ref());
        let stock = uow.of::<Stock>()?;
        self.new.reservation.iter().for_each(|id| stock.want_hold(*id));
        self.locations.iter().for_each(|location| stock.want(*location, &self.demand));
        if self.new.location.is_none() {
            self.locations.iter().for_each(|location| stock.want_capacity(*location));
        }
        let register = uow.of::<Orders>()?;
        register.want_number();
        if let Some(name) = &self.new.external_ref {
            register.want_ref(self.new.channel, name);
        }
        Ok(())
    }

    fn early_refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
        match self.new.reservation {
            Some(_) => Ok(None),
            None => self.refusal(uow),
        }
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        for location in &self.locations {
            who.require_at(Permission::OrdersPlace, *location, "location")?;
        }
        self.require_new(uow, who)?;
        let now = uow.now;
        let current = uow.of::<CurrentOffers>()?;
        current.require_current(self.offers.known.values())?;
        let is_quoted = self.new.quote.is_some();
        if !is_quoted {
            current.require_same_prices(&self.offers.lines, self.pricing.to.at, now)?;
            current.require_same_taxes(&self.pricing.taxes, self.pricing.to.at, now)?;
        }
        if self.is_discounted_now() {
            current.require_same_promotions(&self.discounts.promotions, &self.pricing.to, now)?;
            current.require_same_shipping(&self.shipping_methods)?;
        }
        let Discounts { applied, customer, .. } = &self.discounts;
        uow.of::<Redemptions>()?.require_room(applied, customer.as_ref(), is_quoted)?;
        if self.new.is_settled_outside {
            self.locations.iter().try_for_each(|place| who.require_at(Permission::OrdersPay, *place, "location"))?;
        }
        let work = |uow: &mut UnitOfWork| {
            let sourced = self.source(uow)?;
            self.write_down(uow, who, &sourced)
        };
        let row = match self.new.reservation {
            None => work(uow)?,
            Some(id) => uow.all_or_nothing(|uow| {
                take_over(uow, who, id)?;
                work(uow)
            })?,
        };
        uow.of::<Redemptions>()?.redeem(row.order.id, applied, customer.as_ref());
        let view = OrderView::from(&row);
        Ok(Outcome::created(view.id, view.version, Some(view.location_id), view))
    }

    fn contended_rows(&self) -> Vec<u64> {
        self.locations.iter().flat_map(|location| inventory::rows_of(*location, &self.demand)).collect()
    }
}

fn lines_of<'a>(offers: &'a OfferLines, new: &NewOrder) -> Vec<(&'a Arc<Offer>, i32)> {
    offers.lines.iter().zip(new.lines.iter().map(|(_, quantity)| quantity.get())).collect()
}

//! Placing an order: price it, find a location that has everything, reserve it there, write it down, all or nothing.
use super::take_over::{place_of_reservation, take_over};
use crate::{
    catalog::{Offer, OfferLines, PriceList},
    inventory::{self, Claim, Demand, NewReservation, Reach, Stock, StockActions, Zones},
    kernel::{Actor, Code, Error, LocationId, Money, OrderId, Refusal, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        bundles, events,
        model::NewOrder,
        read::OrderView,
        returns,
        rules::{self, OrderMove, Priced},
        service::Services,
        sourcing::{
            Candidates, Site, SourcedLocations, SourcingChoice, Strategy, Wanted, looked_at, parts_by,
            split::{self, ShippingCost},
            strategies_of,
        },
        store::{self, Occurrence, Opening, Order, OrderRow, SoldLine},
        timeline::By,
        working_set::Orders,
    },
    payments::{GatewayKind, NewPayment, PaymentActions},
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::Outcome,
    },
};
use chrono::Duration;
use std::sync::Arc;

/// A priced order with the locations where it may be filled.
pub(super) struct PlaceOrder {
    pub(super) new: NewOrder,
    offers: OfferLines,
    priced: Vec<Priced>,
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
    let (inventory, catalog, settings) = (&services.inventory, &services.inventory.catalog, &services.settings);
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
    let offers = catalog.lines(&inventory.db, new.lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let lines = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let told = new.unit_prices.iter().copied().chain(std::iter::repeat(None));
    let (priced, total) = rules::price(lines.clone().zip(told), new.channel, new.currency)?;
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

impl Command for PlaceOrder {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<PriceList>()?.want(self.offers.known.values());
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
        uow.of::<PriceList>()?.require_current(self.offers.known.values())?;
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
        let view = OrderView::from(&row);
        Ok(Outcome::created(view.id, view.version, Some(view.location_id), view))
    }

    fn contended_rows(&self) -> Vec<u64> {
        self.locations.iter().flat_map(|location| inventory::rows_of(*location, &self.demand)).collect()
    }
}

impl PlaceOrder {
    /// Refuses an order that its channel has told of already, and names that one to callers who may read it.
    fn require_new(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<()> {
        let (channel, Some(name)) = (self.new.channel, &self.new.external_ref) else { return Ok(()) };
        let Some(known) = uow.of::<Orders>()?.known_ref(channel, name)? else { return Ok(()) };
        let order = &known.order;
        Err(match order.is_at(&who.places(Permission::OrdersRead)) {
            true => {
                let detail = format!("{channel} knows order {} by the name {name}", order.number);
                Refusal::new(Code::ExternalRefTaken, detail).existing(order.id.0).into()
            }
            false => Error::refused(Code::ExternalRefTaken, format!("{channel} has an order by the name {name}")),
        })
    }

    /// The first location that has everything, or else the fewest that together do; or what the chain prefers.
    fn source(&self, uow: &mut UnitOfWork) -> Result<SourcedLocations> {
        let stock = uow.of::<Stock>()?;
        if self.new.location.is_none() && *self.chain != split::PLAIN {
            let sites = self.sites(stock)?;
            let parts = parts_by(&self.chain, &self.demand, &sites, &self.shipping_costs)?;
            let strategy = self.chain.first().copied().unwrap_or(Strategy::LocationPriority);
            return match parts {
                Some(parts) => Ok(SourcedLocations { strategy, parts }),
                None => Err(self.out_of_stock(stock)?),
            };
        }
        for location in self.locations.iter().filter(|location| !stock.is_full(**location)) {
            if stock.shortage(*location, &self.padded, &self.offers.names, self.good_for_days)?.is_none() {
                let parts = vec![(*location, self.demand.clone())];
                return Ok(SourcedLocations { strategy: Strategy::LocationPriority, parts });
            }
        }
        match self.split(stock)? {
            Some(parts) => Ok(SourcedLocations { strategy: Strategy::FewestParcels, parts }),
            None => Err(self.out_of_stock(stock)?),
        }
    }

    /// The units that each of several locations gives, if they may be several and together have everything.
    fn split(&self, stock: &Stock) -> Result<Option<Vec<(LocationId, Demand)>>> {
        if self.new.location.is_some() || !self.may_split {
            return Ok(None);
        }
        split::parts_of(&self.demand, &self.sites(stock)?)
    }

    fn sites(&self, stock: &Stock) -> Result<Vec<Site>> {
        let site = |location: &LocationId| {
            let here = stock.available(*location, &self.demand, self.good_for_days)?.into_iter();
            Ok(Site { location: *location, available: here.map(|units| units.saturating_sub(self.buffer)).collect() })
        };
        self.locations.iter().filter(|location| !stock.is_full(**location)).map(site).collect()
    }

    /// Why it cannot be filled, if it cannot.
    fn refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
        let stock = uow.of::<Stock>()?;
        for location in &self.locations {
            if stock.shortage(*location, &self.padded, &self.offers.names, self.good_for_days)?.is_none() {
                return Ok(None);
            }
        }
        match self.split(stock)? {
            Some(_) => Ok(None),
            None => self.out_of_stock(stock).map(Some),
        }
    }

    /// The lines that are short, with what all locations that were looked at have of them together.
    fn out_of_stock(&self, stock: &Stock) -> Result<Error> {
        let here = |location: &LocationId, variant| {
            let free = stock.available_to_promise(*location, variant, self.good_for_days).unwrap_or(0);
            free.saturating_sub(self.buffer).max(0)
        };
        let sum = |variant| self.locations.iter().fold(0_i32, |sum, place| sum.saturating_add(here(place, variant)));
        inventory::out_of_stock(&self.lines(), sum)
    }

    fn lines(&self) -> Vec<(&Arc<Offer>, i32)> {
        lines_of(&self.offers, &self.new)
    }

    fn write_down(&self, uow: &mut UnitOfWork, who: &Actor, sourced: &SourcedLocations) -> Result<OrderRow> {
        let (id, now) = (OrderId::new(), uow.now);
        if self.new.location.is_none() {
            let sites = self.sites(uow.of::<Stock>()?)?;
            let choice = SourcingChoice { demand: &self.demand, sites: &sites, shipping_costs: &self.shipping_costs };
            let decision = sourced.told(id, choice, self.new.customer.country(), now);
            uow.of::<Orders>()?.add_decision(decision);
        }
        let number = uow.of::<Orders>()?.number()?;
        let mut held = vec![];
        for (location, demand) in &sourced.parts {
            let hold = NewReservation {
                location: *location,
                demand: demand.clone(),
                names: self.offers.names.clone(),
                good_for_days: self.good_for_days,
                reference: None,
                order: Some(id),
                principal: who.id,
                expires_at: now + Duration::seconds(self.hold_seconds),
            };
            held.push(uow.reserve(&hold)?.reservation);
            uow.of::<Stock>()?.take_capacity(*location);
        }
        let at = held.first().map_or(now.date_naive(), |first| self.zones.day(first.location_id, now));
        let told = Occurrence::now(now, at);
        let opening = Opening { id, number, new: &self.new, held: &held, total: self.total, by: who.id, told };
        let order = Order::open(opening)?;
        let lines = self.new.lines.iter().zip(&self.offers.lines).zip(&self.priced);
        let lines: Vec<_> = (1..)
            .zip(lines)
            .map(|(no, (((_, quantity), offer), priced))| {
                let (channel, unit) = (self.new.channel, priced.unit);
                let parts = bundles::parts_of(offer, &self.offers.known, channel, unit);
                store::new_line(id, no, SoldLine { offer, quantity: *quantity, priced, parts })
            })
            .collect();
        events::placed(&mut uow.outbox, &order, &lines, now)?;
        uow.of::<Orders>()?.add(By::of(who), order.clone(), lines.clone());
        if self.new.is_settled_outside && self.total.amount_minor > 0 {
            return self.record_outside_payment(uow, who, &order);
        }
        if self.total.amount_minor == 0 {
            uow.allocate(id)?;
            return uow.move_order(By::of(who), id, OrderMove::Confirm, |_| {});
        }
        Ok(OrderRow { order, lines, shipments: vec![] })
    }
}

impl PlaceOrder {
    /// A marketplace settles the price with the brand: nothing is due any more.
    fn record_outside_payment(&self, uow: &mut UnitOfWork, who: &Actor, order: &Order) -> Result<OrderRow> {
        let id = order.id;
        uow.allocate(id)?;
        let told = self.new.external_ref.clone();
        uow.record_payment(&NewPayment::taken(id, order.location_id, GatewayKind::External, self.total, told))?;
        let paid = self.total.amount_minor;
        let by = By::of(who).for_reason(Some("settled by the marketplace"));
        uow.move_order(by, id, OrderMove::Confirm, |order| order.paid_minor = paid)
    }
}

fn lines_of<'a>(offers: &'a OfferLines, new: &NewOrder) -> Vec<(&'a Arc<Offer>, i32)> {
    offers.lines.iter().zip(new.lines.iter().map(|(_, quantity)| quantity.get())).collect()
}

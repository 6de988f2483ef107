//! An order is written down: its rows, its units, its first events.
use super::{PlaceOrder, lines_of};
use crate::{
    catalog::Offer,
    inventory::{self, Demand, NewReservation, Stock, StockActions},
    kernel::{Actor, Code, Error, LocationId, OrderId, Refusal, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        bundles, events,
        model::Mark,
        rules::{OrderMove, is_tax_unknown},
        sourcing::{
            Site, SourcedLocations, SourcingChoice, Strategy, parts_by,
            split::{self},
        },
        store::{self, Occurrence, Opening, Order, OrderRow, SoldLine},
        timeline::By,
        working_set::Orders,
    },
    payments::{GatewayKind, NewPayment, PaymentActions},
    platform::group_commit::UnitOfWork,
};
use chrono::Duration;
use std::sync::Arc;

impl PlaceOrder {
    /// Refuses an order that its channel has told of already, and names that one to callers who may read it.
    pub(super) fn require_new(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<()> {
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
    pub(super) fn source(&self, uow: &mut UnitOfWork) -> Result<SourcedLocations> {
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
    pub(super) fn refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
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

    pub(super) fn write_down(&self, uow: &mut UnitOfWork, who: &Actor, sourced: &SourcedLocations) -> Result<OrderRow> {
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
        let is_tax_unknown = is_tax_unknown(&self.pricing, &self.priced, self.charge.as_ref());
        let marks = is_tax_unknown.then_some(Mark::TaxUnknown).into_iter().collect();
        let told = Occurrence { marks, ..Occurrence::now(now, at) };
        let opening = Opening {
            id,
            number,
            new: &self.new,
            held: &held,
            total: self.total,
            shipping: self.charge.clone(),
            by: who.id,
            told,
        };
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

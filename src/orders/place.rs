//! Placing an order: price it, find a place that has everything, hold it there, write it down, all or nothing.
use super::{
    events,
    model::NewOrder,
    read::OrderView,
    register::Register,
    returns,
    rules::{self, Move, Priced},
    sourcing::{self, Candidate, Site, Strategy},
    store::{self, Decision, Opening, Order, OrderRow, SourcedPart, SourcedUnits},
    timeline::By,
};
use crate::{
    catalog::{Catalog, Lines},
    inventory::{self, Demand, Inventory, NewHold, Stock},
    kernel::{Actor, Code, Error, LocationId, Money, OrderId, Result, actor::Permission},
    platform::{
        idempotency::{Answer, Once},
        intake::{Books, Job, Refused},
    },
};
use chrono::{DateTime, Duration, Utc};

/// A priced order with the places where it may be filled.
struct Place {
    new: NewOrder,
    offers: Lines,
    priced: Vec<Priced>,
    total: Money,
    demand: Demand,
    places: Vec<LocationId>,
    hold_seconds: i64,
}

/// Places an order. Where no location is named, the first by priority that has everything fills it, or the fewest that
/// together do; all that seem to are locked together, so that the choice is exact.
pub async fn place(
    (inventory, catalog): (&Inventory, &Catalog),
    actor: Actor,
    new: NewOrder,
    hold_seconds: i64,
    key: Once,
) -> Result<Answer> {
    if let Some(location) = new.location {
        actor.demand_at(Permission::OrdersPlace, location, "location")?;
    }
    let mut choice = 0;
    loop {
        let (actor, key) = (actor.clone(), key.clone());
        choice += 1;
        let job = match prepared(inventory, catalog, &actor, new.clone(), hold_seconds).await {
            Ok(job) => job,
            // An earlier call under the key may have been answered when all was well.
            Err(why) => return inventory.intake.submit(actor, Permission::OrdersPlace, key, Refused(why)).await,
        };
        // In a rush all places that were looked at may be emptied meanwhile, and others not.
        let may_be_elsewhere = job.new.location.is_none() && job.places.len() == inventory::CANDIDATES;
        match inventory.intake.submit(actor, Permission::OrdersPlace, key, job).await {
            Err(error) if error.code() == Code::OutOfStock && may_be_elsewhere && choice < CHOICES => {}
            done => return done,
        }
    }
}

/// Times that places are looked for while others empty them.
const CHOICES: usize = 4;

async fn prepared(
    inventory: &Inventory,
    catalog: &Catalog,
    actor: &Actor,
    new: NewOrder,
    hold_seconds: i64,
) -> Result<Place> {
    if let Some(location) = new.location {
        inventory.demand_location(location).await?;
    }
    if let Some(id) = new.exchange_for {
        let places = actor.places(Permission::OrdersPlace);
        inventory.db.read(move |db| returns::return_by_id(db, &places, id)).await?;
    }
    let offers = catalog.lines(&inventory.db, new.lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let lines = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let (priced, total) = rules::price(lines.clone(), new.channel, new.currency)?;
    let demand = Demand::of(lines.map(|(offer, quantity)| (offer, quantity.get())))?;
    let places = match new.location {
        Some(location) => vec![location],
        None => match inventory.candidates(&demand, actor, Permission::OrdersPlace).await? {
            none if none.is_empty() => inventory.sources(&demand, actor, Permission::OrdersPlace).await?,
            places => places,
        },
    };
    if places.is_empty() {
        return Err(nowhere(&new));
    }
    Ok(Place { new, offers, priced, total, demand, places, hold_seconds })
}

impl Job for Place {
    fn ask(&self, books: &mut Books) -> Result<()> {
        let stock = books.of::<Stock>()?;
        self.places.iter().for_each(|location| stock.want(*location, &self.demand));
        books.of::<Register>()?.want_number();
        Ok(())
    }

    fn refusal_at_a_look(&self, books: &mut Books) -> Result<Option<Error>> {
        self.refusal(books)
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        for location in &self.places {
            who.demand_at(Permission::OrdersPlace, *location, "location")?;
        }
        let sourced = self.source(books)?;
        let row = self.write_down(books, who, &sourced)?;
        let view = OrderView::from(&row);
        Answer::created(&view, view.version, Some(view.location_id), format!("/v1/orders/{}", view.id))
    }

    fn rows(&self) -> Vec<u64> {
        self.places.iter().flat_map(|place| inventory::rows_of(*place, &self.demand)).collect()
    }
}

impl Place {
    /// The first place that has everything, or else the fewest that together do.
    fn source(&self, books: &mut Books) -> Result<Sourced> {
        let stock = books.of::<Stock>()?;
        for location in &self.places {
            if stock.shortage(*location, &self.demand, &self.offers.names)?.is_none() {
                let parts = vec![(*location, self.demand.clone())];
                return Ok(Sourced { strategy: Strategy::LocationPriority, parts });
            }
        }
        match self.split(stock)? {
            Some(parts) => Ok(Sourced { strategy: Strategy::FewestParcels, parts }),
            None => Err(self.refusal(books)?.unwrap_or_else(|| nowhere(&self.new))),
        }
    }

    /// What each of several places gives, if they may be several and together have everything.
    fn split(&self, stock: &Stock) -> Result<Option<Vec<(LocationId, Demand)>>> {
        if self.new.location.is_some() {
            return Ok(None);
        }
        sourcing::parts_of(&self.demand, &self.sites(stock)?)
    }

    fn sites(&self, stock: &Stock) -> Result<Vec<Site>> {
        let site = |location: &LocationId| {
            Ok(Site { location: *location, available: stock.available(*location, &self.demand)? })
        };
        self.places.iter().map(site).collect()
    }

    /// Why it cannot be filled, if it cannot.
    fn refusal(&self, books: &mut Books) -> Result<Option<Error>> {
        let stock = books.of::<Stock>()?;
        let mut last = None;
        for location in &self.places {
            match stock.shortage(*location, &self.demand, &self.offers.names)? {
                None => return Ok(None),
                shortage => last = shortage,
            }
        }
        match self.new.location {
            Some(_) => Ok(last),
            None => Ok(self.split(stock)?.is_none().then(|| nowhere(&self.new))),
        }
    }

    fn write_down(&self, books: &mut Books, who: &Actor, sourced: &Sourced) -> Result<OrderRow> {
        let (id, now) = (OrderId::new(), books.now);
        if self.new.location.is_none() {
            let decision = sourced.told(id, self, &self.sites(books.of::<Stock>()?)?, now);
            books.of::<Register>()?.add_decision(decision);
        }
        let number = books.of::<Register>()?.number()?;
        let mut held = vec![];
        for (location, demand) in &sourced.parts {
            let hold = NewHold {
                location: *location,
                demand: demand.clone(),
                names: self.offers.names.clone(),
                reference: None,
                order: Some(id),
                principal: who.id,
                expires_at: now + Duration::seconds(self.hold_seconds),
            };
            held.push(books.hold(&hold)?.reservation);
        }
        let opening = Opening { id, number, new: &self.new, held: &held, total: self.total, by: who.id };
        let order = Order::open(opening)?;
        let lines = self.new.lines.iter().zip(&self.offers.lines).zip(&self.priced);
        let lines: Vec<_> = (1..)
            .zip(lines)
            .map(|(no, (((_, quantity), offer), priced))| store::new_line(id, no, offer, *quantity, priced))
            .collect();
        events::placed(&mut books.outbox, &order, &lines, now)?;
        books.of::<Register>()?.add(By::of(who), order.clone(), lines.clone());
        if self.total.amount_minor == 0 {
            books.convert(id)?;
            return books.move_order(By::of(who), (id, Move::Confirm), |_| {});
        }
        Ok(OrderRow { order, lines, shipments: vec![] })
    }
}

/// Where an order is filled, and why there.
struct Sourced {
    strategy: Strategy,
    parts: Vec<(LocationId, Demand)>,
}

impl Sourced {
    fn told(&self, order_id: OrderId, place: &Place, sites: &[Site], now: DateTime<Utc>) -> Decision {
        let wanted: Vec<_> = place.demand.iter().map(|(_, units)| units).collect();
        let candidate = |site: &Site| Candidate {
            location_id: site.location,
            units: site.units(&wanted),
            chosen: self.parts.iter().any(|(location, _)| *location == site.location),
        };
        let units = |(variant_id, quantity)| SourcedUnits { variant_id, quantity };
        let part = |(location, demand): &(LocationId, Demand)| SourcedPart {
            location_id: *location,
            units: demand.iter().map(units).collect(),
        };
        let reason = match self.strategy {
            Strategy::LocationPriority => "the first place by priority that has everything".to_owned(),
            Strategy::FewestParcels => format!(
                "no place has everything; these {} together do, and no fewer of those looked at",
                self.parts.len()
            ),
        };
        Decision {
            order_id,
            attempt: 1,
            strategy: self.strategy,
            candidates: sites.iter().map(candidate).collect(),
            parts: self.parts.iter().map(part).collect(),
            reason,
            decided_at: now,
        }
    }
}

fn nowhere(new: &NewOrder) -> Error {
    let wanted: Vec<_> = new.lines.iter().map(|(sku, quantity)| format!("{quantity} of {sku}")).collect();
    let shown = wanted.get(..wanted.len().min(10)).unwrap_or_default().join(", ");
    Error::refused(Code::OutOfStock, format!("the locations that you may order from do not have {shown}"))
}

//! Placing an order: price it, find a place that has everything, hold it there, write it down, all or nothing.
use super::{
    events,
    model::NewOrder,
    read::OrderView,
    register::Register,
    rules::{self, Move, Priced},
    store::{self, Opening, Order, OrderRow},
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
use chrono::Duration;

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

/// Places an order. Where no location is named, the first by priority that has everything fills it; all that seem to
/// are locked together, so that the choice is exact.
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
    let offers = catalog.lines(&inventory.db, new.lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let lines = offers.lines.iter().map(AsRef::as_ref).zip(new.lines.iter().map(|(_, quantity)| *quantity));
    let (priced, total) = rules::price(lines.clone(), new.channel, new.currency)?;
    let demand = Demand::of(lines.map(|(offer, quantity)| (offer, quantity.get())))?;
    let places = match new.location {
        Some(location) => vec![location],
        None => inventory.candidates(&demand, actor, Permission::OrdersPlace).await?,
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
        let place = self.place(books)?;
        let row = self.write_down(books, who, place)?;
        let view = OrderView::from(&row);
        Answer::created(&view, view.version, Some(place), format!("/v1/orders/{}", view.id))
    }

    fn rows(&self) -> Vec<u64> {
        self.places.iter().flat_map(|place| inventory::rows_of(*place, &self.demand)).collect()
    }
}

impl Place {
    /// The first place that has everything.
    fn place(&self, books: &mut Books) -> Result<LocationId> {
        for location in &self.places {
            if books.of::<Stock>()?.shortage(*location, &self.demand, &self.offers.names)?.is_none() {
                return Ok(*location);
            }
        }
        Err(self.refusal(books)?.unwrap_or_else(|| nowhere(&self.new)))
    }

    /// Why no place can fill it, if none can.
    fn refusal(&self, books: &mut Books) -> Result<Option<Error>> {
        let mut last = None;
        for location in &self.places {
            match books.of::<Stock>()?.shortage(*location, &self.demand, &self.offers.names)? {
                None => return Ok(None),
                shortage => last = shortage,
            }
        }
        Ok(if self.new.location.is_some() { last } else { Some(nowhere(&self.new)) })
    }

    fn write_down(&self, books: &mut Books, who: &Actor, location: LocationId) -> Result<OrderRow> {
        let (id, now) = (OrderId::new(), books.now);
        let hold = NewHold {
            location,
            demand: self.demand.clone(),
            names: self.offers.names.clone(),
            reference: None,
            order: Some(id),
            principal: who.id,
            expires_at: now + Duration::seconds(self.hold_seconds),
        };
        let number = books.of::<Register>()?.number()?;
        let held = books.hold(&hold)?;
        let opening = Opening { id, number, new: &self.new, held: &held.reservation, total: self.total, by: who.id };
        let order = Order::open(opening)?;
        let lines = self.new.lines.iter().zip(&self.offers.lines).zip(&self.priced);
        let lines: Vec<_> = (1..)
            .zip(lines)
            .map(|(no, (((_, quantity), offer), priced))| store::new_line(id, no, offer, *quantity, priced))
            .collect();
        events::placed(&mut books.outbox, &order, &lines, now)?;
        books.of::<Register>()?.add(order.clone(), lines.clone());
        if self.total.amount_minor == 0 {
            books.convert(id)?;
            return books.move_order(id, Move::Confirm, |_| {});
        }
        Ok(OrderRow { order, lines, shipments: vec![] })
    }
}

fn nowhere(new: &NewOrder) -> Error {
    let wanted: Vec<_> = new.lines.iter().map(|(sku, quantity)| format!("{quantity} of {sku}")).collect();
    let shown = wanted.get(..wanted.len().min(10)).unwrap_or_default().join(", ");
    Error::refused(Code::OutOfStock, format!("no single location that you may order from has {shown}"))
}

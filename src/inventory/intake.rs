//! The stock of one instance: its intake, and what is done to the books of a lane.
use super::{
    model::ReservationStatus,
    stock::{Held, NewHold, Stock},
};
use crate::{
    kernel::{Error, LocationId, OrderId, PrincipalId, ReservationId, Result},
    platform::{
        db::Db,
        intake::{Books, Intake},
    },
};
use chrono::{DateTime, Utc};
use std::{
    collections::HashSet,
    sync::{Arc, RwLock},
};

/// The stock of one instance; cheap to clone.
#[derive(Clone)]
pub struct Inventory {
    /// The one way by which stock changes.
    pub intake: Intake,
    /// For looking.
    pub db: Db,
    known: Arc<RwLock<HashSet<LocationId>>>,
}

impl Inventory {
    /// On a database and an intake.
    pub fn new(db: Db, intake: Intake) -> Self {
        Self { intake, db, known: Arc::default() }
    }

    pub(super) fn knows(&self, id: LocationId) -> bool {
        self.known.read().is_ok_and(|known| known.contains(&id))
    }

    pub(super) fn learn(&self, id: LocationId) {
        if let Ok(mut known) = self.known.write() {
            known.insert(id);
        }
    }
}

/// What orders do to the stock, in the books of a lane.
impl Books {
    /// Holds a whole demand, or refuses and changes nothing.
    pub fn hold(&mut self, new: &NewHold) -> Result<Held> {
        let now = self.now;
        self.with_stock(|stock, books| stock.hold(new, &mut books.outbox, now).cloned())
    }

    /// Gives a hold back, or lets it run out.
    pub fn give_back(&mut self, id: ReservationId, status: ReservationStatus) -> Result<Held> {
        let now = self.now;
        self.with_stock(|stock, books| stock.give_back(id, status, &mut books.outbox, now).cloned())
    }

    /// Gives up what is held for an order or promised to it, whichever it is.
    pub fn give_up(&mut self, order: OrderId) -> Result<()> {
        let held = self.of::<Stock>()?.held_for(order)?;
        let (id, status) = (held.reservation.id, held.reservation.status);
        match status {
            ReservationStatus::Active => self.give_back(id, ReservationStatus::Released).map(|_| ()),
            ReservationStatus::Converted => self.of::<Stock>()?.deallocate(order),
            ReservationStatus::Released | ReservationStatus::Expired => Ok(()),
        }
    }

    /// Turns an order's hold into a promise.
    pub fn convert(&mut self, order: OrderId) -> Result<()> {
        let now = self.now;
        self.with_stock(|stock, books| stock.convert(order, &mut books.outbox, now))
    }

    /// Ships what is promised to an order.
    pub fn ship(&mut self, actor: PrincipalId, order: OrderId) -> Result<()> {
        let now = self.now;
        self.of::<Stock>()?.ship(actor, order, now)
    }

    /// Gives an order's hold its full time again.
    pub fn extend(&mut self, order: OrderId, until: DateTime<Utc>) -> Result<()> {
        self.of::<Stock>()?.extend(order, until)
    }

    /// The stock and, beside it, the rest of the books.
    pub(super) fn with_stock<T>(&mut self, work: impl FnOnce(&mut Stock, &mut Self) -> Result<T>) -> Result<T, Error> {
        let mut stock = std::mem::take(self.of::<Stock>()?);
        let done = work(&mut stock, self);
        *self.of::<Stock>()? = stock;
        done
    }
}

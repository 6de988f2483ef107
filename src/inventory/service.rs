//! The stock of one instance: its group commit, and what is done to the unit of work of a lane.
use super::{
    Index, ShelfLife, events,
    model::{Demand, ReservationStatus},
    rehearsal::Rehearsed,
    stock::{Cause, Gone, Held, NewHold, Part, Picking, Rearrangement, Sold, Stock},
    store::Reservation,
    unmet::Unmet,
    zones::Zones,
};
use crate::{
    kernel::{
        Actor, Code, Error, LocationId, OrderId, PrincipalId, ReservationId, Result, VariantId, actor::Permission,
    },
    platform::{
        db::Db,
        group_commit::{Command, GroupCommit, Refused, UnitOfWork},
        idempotency::{Answer, Once},
    },
};
use chrono::{DateTime, Utc};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use tokio::sync::Semaphore;

/// Looks for places in the tables at once: more would only slow each other and, after a start, the reading of the index,
/// which makes them needless.
const LOOKS: usize = 4;

/// Tries of a job whose records change all the time.
const TRIES: usize = 24;

/// The stock of one instance; cheap to clone.
#[derive(Clone)]
pub struct Inventory {
    /// The one way by which stock changes.
    pub group_commit: GroupCommit,
    /// For looking.
    pub db: Db,
    /// How long goods must still be good for, by channel.
    pub shelf_life: ShelfLife,
    /// The business days of locations.
    pub zones: Zones,
    /// What each place seems to be able to promise.
    pub(super) index: Index,
    /// Lets few at a time look for places in the tables.
    pub(super) looks: Arc<Semaphore>,
    /// What was asked for and is not there, until it is written.
    pub(super) unmet: Unmet,
    /// Nothing that is handed in by `settle` is done.
    pub(super) is_rehearsal: bool,
}

impl Inventory {
    /// On a database and an group commit.
    pub fn new(db: Db, group_commit: GroupCommit, shelf_life: ShelfLife, index: Index) -> Self {
        let (zones, looks, unmet) = (Zones::default(), Arc::new(Semaphore::new(LOOKS)), Unmet::default());
        Self { group_commit, db, shelf_life, zones, index, looks, unmet, is_rehearsal: false }
    }

    /// Forgets what is remembered of locations, because one has changed.
    pub fn forget_locations(&self) {
        self.zones.forget();
        self.index.forget_places();
    }

    /// Hands in a job that was prepared from records as they were read; when they have changed before its turn, it is
    /// prepared anew.
    pub async fn settle<J: Command>(
        &self,
        actor: Actor,
        permission: Permission,
        key: impl Into<Option<Once>>,
        prepare: impl AsyncFn() -> Result<J>,
    ) -> Result<Answer> {
        let key = key.into();
        for _ in 1..TRIES {
            match self.try_once(&actor, permission, key.clone(), &prepare).await {
                Err(error) if error.code() == Code::Conflict => {}
                done => return done,
            }
        }
        self.try_once(&actor, permission, key, &prepare).await
    }

    async fn try_once<J: Command>(
        &self,
        actor: &Actor,
        permission: Permission,
        key: Option<Once>,
        prepare: &impl AsyncFn() -> Result<J>,
    ) -> Result<Answer> {
        match prepare().await {
            Ok(command) if self.is_rehearsal => {
                self.group_commit.submit(actor.clone(), permission, None, Rehearsed(command)).await
            }
            Ok(command) => self.group_commit.submit(actor.clone(), permission, key, command).await,
            // A retry of what was done before is answered from its key, whatever has become of the records.
            Err(Error::Refused(why)) if key.is_some() => {
                self.group_commit.submit(actor.clone(), permission, key, Refused(Error::Refused(why))).await
            }
            Err(error) => Err(error),
        }
    }
}

/// What orders do to the stock, in the unit of work of a lane.
impl UnitOfWork {
    /// Holds a whole demand, or refuses and changes nothing.
    pub fn hold(&mut self, new: &NewHold) -> Result<Held> {
        let now = self.now;
        self.with_stock(|stock, uow| stock.hold(new, &mut uow.outbox, now).cloned())
    }

    /// Gives a hold back, or lets it run out.
    pub fn give_back(&mut self, id: ReservationId, status: ReservationStatus) -> Result<Held> {
        let now = self.now;
        self.with_stock(|stock, uow| stock.give_back(id, status, &mut uow.outbox, now).cloned())
    }

    /// Gives up what is held for an order or promised to it, whichever it is.
    pub fn give_up(&mut self, order: OrderId) -> Result<()> {
        let held = self.of::<Stock>()?.held_for(order)?;
        if held.iter().any(|held| held.reservation.status == ReservationStatus::Converted) {
            return self.of::<Stock>()?.deallocate(order, &Part::All);
        }
        let now = self.now;
        self.with_stock(|stock, uow| stock.give_back_all(order, &mut uow.outbox, now))
    }

    /// Turns an order's hold into a promise.
    pub fn convert(&mut self, order: OrderId) -> Result<()> {
        let now = self.now;
        self.with_stock(|stock, uow| stock.convert(order, &mut uow.outbox, now))
    }

    /// Ships what is promised to an order, at one place or at all, first expired first unless other lots were picked;
    /// every lot that was is told.
    pub fn ship(&mut self, actor: PrincipalId, part: (OrderId, &Part), picking: &Picking) -> Result<()> {
        let order = part.0;
        let (cause, now) = (Cause { of: ("order", order.0), actor, now: self.now, note: None }, self.now);
        for (location, other) in self.of::<Stock>()?.ship(part, picking, cause)? {
            let why = picking.reason.as_deref();
            events::fefo_overridden(&mut self.outbox, (order, actor, location), (&other, why), now)?;
        }
        Ok(())
    }

    /// What an order has at each place and has not left, hold by hold.
    pub fn standing(&mut self, order: OrderId) -> Result<Vec<(LocationId, Demand)>> {
        self.of::<Stock>()?.standing(order)
    }

    /// Does work on the stock that may be refused half way: then nothing of it has happened.
    pub fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (before, told) = (self.of::<Stock>()?.clone(), self.outbox.count());
        let done = work(self);
        if done.is_err() {
            *self.of::<Stock>()? = before;
            self.outbox.forget_after(told);
        }
        done
    }

    /// One of the holds that stand for an order.
    pub fn a_hold_of(&mut self, order: OrderId) -> Result<ReservationId> {
        let stock = self.of::<Stock>()?;
        let held = stock.held_for(order)?;
        held.first().map(|held| held.reservation.id).ok_or_else(|| Error::not_found("hold"))
    }

    /// Puts an order's goods in other places or amounts; the new holds.
    pub fn rearrange(&mut self, change: &Rearrangement<'_>) -> Result<Vec<ReservationId>> {
        let now = self.now;
        self.with_stock(|stock, uow| stock.rearrange(change, &mut uow.outbox, now))
    }

    /// Holds anew what was held for an order and has run out.
    pub fn renew(&mut self, (order, good_for_days): (OrderId, i64), until: DateTime<Utc>) -> Result<()> {
        let now = self.now;
        self.with_stock(|stock, uow| stock.renew((order, good_for_days), until, &mut uow.outbox, now))
    }

    /// Which variants were taken from stock for an order, and how many units of each have not left.
    pub fn goods_of(&mut self, order: OrderId) -> Result<(HashSet<VariantId>, HashMap<VariantId, i32>)> {
        let stock = self.of::<Stock>()?;
        let held = stock.held_for(order)?;
        let goods = held.iter().flat_map(|held| held.lines.iter().map(|line| line.variant_id)).collect();
        let mut left = HashMap::new();
        for allocation in stock.open_of(order, &Part::All)? {
            *left.entry(allocation.variant_id).or_default() += allocation.quantity;
        }
        Ok((goods, left))
    }

    /// Books what was sold at a place and is gone already; the hold that stands for it, and what became of it. Refused, and
    /// nothing is booked, when the books lack more units of a variant than may be found.
    pub fn sell(
        &mut self,
        (new, sold): (&NewHold, &[Sold]),
        (actor, at): (PrincipalId, DateTime<Utc>),
        most_found: i32,
    ) -> Result<(Reservation, Gone)> {
        let now = self.now;
        let of = new.order.map_or_else(uuid::Uuid::nil, |order| order.0);
        let cause = Cause { of: ("order", of), actor, now: at, note: None };
        self.all_or_nothing(|uow| {
            uow.with_stock(|stock, uow| {
                let gone = stock.sell((new, sold), cause, &mut uow.outbox, now)?;
                if gone.found > most_found {
                    let detail = format!("the books lack {} units of what was sold; at most {most_found} are found by a sale, more needs the permission inventory:adjust", gone.found);
                    return Err(Error::refused(Code::TooMuchFound, detail));
                }
                let held = stock.held(gone.hold)?.ok_or_else(|| Error::not_found("reservation"))?;
                Ok((held.reservation.clone(), gone))
            })
        })
    }

    /// Refuses unless an order's goods are held still.
    pub fn require_held(&mut self, order: OrderId) -> Result<()> {
        self.of::<Stock>()?.require_held(order)
    }

    /// Gives an order's hold more time.
    pub fn extend(&mut self, order: OrderId, until: DateTime<Utc>) -> Result<()> {
        self.of::<Stock>()?.extend(order, until)
    }

    /// The stock and, beside it, the rest of the books.
    pub(super) fn with_stock<T>(&mut self, work: impl FnOnce(&mut Stock, &mut Self) -> Result<T>) -> Result<T, Error> {
        let kept = self.of::<Stock>()?;
        let fresh = kept.fresh();
        let mut stock = std::mem::replace(kept, fresh);
        let done = work(&mut stock, self);
        *self.of::<Stock>()? = stock;
        done
    }
}

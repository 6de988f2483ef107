//! The changes of stock that orders ask for, as actions on a unit of work.
use super::{
    disposition::{self, LotUnits, StockDisposition},
    levels::missing,
    lots,
    model::{Demand, ReservationStatus},
    reservations::Reservation,
    stock::{Gone, NewReservation, Picking, Rearrangement, Sold},
};
use crate::{
    inventory::{
        levels::model::PickFault,
        movement::Cause,
        stock::{AllocationScope, HeldReservation, Stock},
    },
    kernel::{Code, Error, LocationId, LotId, OrderId, PrincipalId, ReservationId, Result, VariantId},
    platform::group_commit::UnitOfWork,
};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// Changes of stock in a unit of work; a refusal leaves no trace.
pub trait StockActions {
    /// Reserves a whole demand, or refuses and changes nothing.
    fn reserve(&mut self, new: &NewReservation) -> Result<HeldReservation>;

    /// Ends a reservation: its units may be sold again.
    fn end_reservation(&mut self, id: ReservationId, status: ReservationStatus) -> Result<HeldReservation>;

    /// Releases the units that are reserved for an order or allocated to it.
    fn release_order(&mut self, order: OrderId) -> Result<()>;

    /// Turns the reservations of an order into allocations.
    fn allocate(&mut self, order: OrderId) -> Result<()>;

    /// Ships the units that are allocated to an order, at one location or at all, first expired first unless other lots
    /// were picked. Picks of other lots are published.
    fn ship(&mut self, actor: PrincipalId, order: OrderId, part: &AllocationScope, picking: &Picking) -> Result<()>;

    /// The units of an order that have not left, by location and reservation.
    fn unshipped(&mut self, order: OrderId) -> Result<Vec<(LocationId, Demand)>>;

    /// Runs changes of the stock as one: if one of them is refused, none has happened.
    fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T>;

    /// Any reservation of an order; it stands for all of them in the order.
    fn any_reservation_of(&mut self, order: OrderId) -> Result<ReservationId>;

    /// Moves the units of an order to other locations or amounts, and returns the new reservations.
    fn rearrange(&mut self, change: &Rearrangement<'_>) -> Result<Vec<ReservationId>>;

    /// Reserves again the units of an order whose reservations have expired.
    fn renew_reservation(&mut self, order: OrderId, good_for_days: i64, until: DateTime<Utc>) -> Result<()>;

    /// The variants that were taken from stock for an order, and the units of each that have not left.
    fn goods_of(&mut self, order: OrderId) -> Result<(HashSet<VariantId>, HashMap<VariantId, i32>)>;

    /// Books a sale whose goods have left already, and returns the reservation that stands for it with the units that
    /// were found or missing. It is refused, and nothing is booked, if more units of a variant are missing from the
    /// stock than a sale may find.
    fn record_sale(
        &mut self,
        new: &NewReservation,
        sold: &[Sold],
        actor: PrincipalId,
        at: DateTime<Utc>,
        most_found: i32,
    ) -> Result<(Reservation, Gone)>;

    /// Refuses unless the reservations of an order are active.
    fn require_reserved(&mut self, order: OrderId) -> Result<()>;

    /// Gives the reservations of an order more time.
    fn extend_reservation(&mut self, order: OrderId, until: DateTime<Utc>) -> Result<()>;

    /// Takes back units of an order at any location; at a closed one only if they pass through it.
    fn take_back(
        &mut self,
        location: LocationId,
        pieces: &[LotUnits],
        passes_through: bool,
        cause: Cause,
    ) -> Result<()>;

    /// Books the dispositions of returned units; those that are restocked must be of a lot that may be sold.
    fn dispose(
        &mut self,
        location: LocationId,
        dispositions: &[(VariantId, Option<LotId>, i32, StockDisposition)],
        cause: Cause,
    ) -> Result<()>;

    /// Sets aside units that could not be picked, and publishes that they should be counted.
    fn set_aside(
        &mut self,
        location: LocationId,
        goods: &[(VariantId, i32)],
        amiss: PickFault,
        cause: Cause,
    ) -> Result<()>;
}

impl StockActions for UnitOfWork {
    fn reserve(&mut self, new: &NewReservation) -> Result<HeldReservation> {
        let now = self.now;
        with_stock(self, |stock, uow| stock.hold(new, &mut uow.outbox, now).cloned())
    }

    fn end_reservation(&mut self, id: ReservationId, status: ReservationStatus) -> Result<HeldReservation> {
        let now = self.now;
        with_stock(self, |stock, uow| stock.give_back(id, status, &mut uow.outbox, now).cloned())
    }

    fn release_order(&mut self, order: OrderId) -> Result<()> {
        let held = self.of::<Stock>()?.held_for(order)?;
        if held.iter().any(|held| held.reservation.status == ReservationStatus::Converted) {
            return self.of::<Stock>()?.deallocate(order, &AllocationScope::All);
        }
        let now = self.now;
        with_stock(self, |stock, uow| stock.give_back_all(order, &mut uow.outbox, now))
    }

    fn allocate(&mut self, order: OrderId) -> Result<()> {
        let now = self.now;
        with_stock(self, |stock, uow| stock.convert(order, &mut uow.outbox, now))
    }

    fn ship(&mut self, actor: PrincipalId, order: OrderId, part: &AllocationScope, picking: &Picking) -> Result<()> {
        let cause = Cause { of: ("order", order.0), actor, now: self.now, note: None };
        for (location, other) in self.of::<Stock>()?.ship(order, part, picking, cause)? {
            let cause = Cause { note: picking.reason.as_deref(), ..cause };
            lots::fefo_overridden(&mut self.outbox, order, location, &other, cause)?;
        }
        Ok(())
    }

    fn unshipped(&mut self, order: OrderId) -> Result<Vec<(LocationId, Demand)>> {
        self.of::<Stock>()?.standing(order)
    }

    fn all_or_nothing<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let (before, told) = (self.of::<Stock>()?.clone(), self.outbox.count());
        let done = work(self);
        if done.is_err() {
            *self.of::<Stock>()? = before;
            self.outbox.forget_after(told);
        }
        done
    }

    fn any_reservation_of(&mut self, order: OrderId) -> Result<ReservationId> {
        let stock = self.of::<Stock>()?;
        let held = stock.held_for(order)?;
        held.first().map(|held| held.reservation.id).ok_or_else(|| Error::not_found("hold"))
    }

    fn rearrange(&mut self, change: &Rearrangement<'_>) -> Result<Vec<ReservationId>> {
        let now = self.now;
        with_stock(self, |stock, uow| stock.rearrange(change, &mut uow.outbox, now))
    }

    fn renew_reservation(&mut self, order: OrderId, good_for_days: i64, until: DateTime<Utc>) -> Result<()> {
        let now = self.now;
        with_stock(self, |stock, uow| stock.renew(order, good_for_days, until, &mut uow.outbox, now))
    }

    fn goods_of(&mut self, order: OrderId) -> Result<(HashSet<VariantId>, HashMap<VariantId, i32>)> {
        let stock = self.of::<Stock>()?;
        let held = stock.held_for(order)?;
        let goods = held.iter().flat_map(|held| held.lines.iter().map(|line| line.variant_id)).collect();
        let mut left = HashMap::new();
        for allocation in stock.open_of(order, &AllocationScope::All)? {
            *left.entry(allocation.variant_id).or_default() += allocation.quantity;
        }
        Ok((goods, left))
    }

    fn record_sale(
        &mut self,
        new: &NewReservation,
        sold: &[Sold],
        actor: PrincipalId,
        at: DateTime<Utc>,
        most_found: i32,
    ) -> Result<(Reservation, Gone)> {
        let now = self.now;
        let of = new.order.map_or_else(uuid::Uuid::nil, |order| order.0);
        let cause = Cause { of: ("order", of), actor, now: at, note: None };
        self.all_or_nothing(|uow| {
            with_stock(uow, |stock, uow| {
                let gone = stock.sell(new, sold, cause, &mut uow.outbox, now)?;
                if gone.found > most_found {
                    let detail = format!(
                        "the books lack {} units of what was sold; at most {most_found} are found by \
                        a sale, more needs the permission inventory:adjust",
                        gone.found
                    );
                    return Err(Error::refused(Code::TooMuchFound, detail));
                }
                let held = stock.held(gone.hold)?.ok_or_else(|| Error::not_found("reservation"))?;
                Ok((held.reservation.clone(), gone))
            })
        })
    }

    fn require_reserved(&mut self, order: OrderId) -> Result<()> {
        self.of::<Stock>()?.require_reserved(order)
    }

    fn extend_reservation(&mut self, order: OrderId, until: DateTime<Utc>) -> Result<()> {
        self.of::<Stock>()?.extend(order, until)
    }

    fn take_back(
        &mut self,
        location: LocationId,
        pieces: &[LotUnits],
        passes_through: bool,
        cause: Cause,
    ) -> Result<()> {
        disposition::take_back(self, location, pieces, passes_through, cause)
    }

    fn dispose(
        &mut self,
        location: LocationId,
        dispositions: &[(VariantId, Option<LotId>, i32, StockDisposition)],
        cause: Cause,
    ) -> Result<()> {
        disposition::dispose(self, location, dispositions, cause)
    }

    fn set_aside(
        &mut self,
        location: LocationId,
        goods: &[(VariantId, i32)],
        amiss: PickFault,
        cause: Cause,
    ) -> Result<()> {
        missing::set_aside(self, location, goods, amiss, cause)
    }
}

/// The stock and, beside it, the rest of the books.
pub(super) fn with_stock<T>(
    uow: &mut UnitOfWork,
    work: impl FnOnce(&mut Stock, &mut UnitOfWork) -> Result<T>,
) -> Result<T, Error> {
    let kept = uow.of::<Stock>()?;
    let fresh = kept.fresh();
    let mut stock = std::mem::replace(kept, fresh);
    let done = work(&mut stock, uow);
    *uow.of::<Stock>()? = stock;
    done
}

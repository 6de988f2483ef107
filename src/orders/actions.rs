//! The changes of orders, as actions on a unit of work; each is published.
use super::{
    assignments::Assignments,
    events,
    fulfillment::Unsent,
    model::{OrderEventKind, ParcelProblem},
    pickup::Pickups,
    rules::{self, OrderMove, worth::worth_of_what_left},
    store::{NewShipment, Order, OrderLine, OrderRow},
    timeline::By,
    working_set::Orders,
};
use crate::{
    catalog::{Redemptions, Released},
    inventory::{AllocationScope, Rearrangement, Stock, StockActions},
    kernel::{Actor, LocationId, OrderId, PromotionId, ReservationId, Result, ReturnId, ShipmentId, actor::Permission},
    payments::{Due, PaymentActions, Payments, Sums},
    platform::group_commit::UnitOfWork,
};
use std::collections::BTreeMap;

/// Changes of orders in a unit of work.
pub trait OrderActions {
    /// Asks for the locks of an order with its stock, payments and pickup.
    fn lock_order(&mut self, id: OrderId) -> Result<()>;

    /// Returns an order, if the actor has the permission at its location.
    fn order(&mut self, id: OrderId, actor: &Actor, permission: Permission) -> Result<Order>;

    /// Moves an order along the table of moves and changes it otherwise, too.
    fn move_order(&mut self, by: By, id: OrderId, step: OrderMove, more: impl FnOnce(&mut Order)) -> Result<OrderRow>;

    /// Cancels an order that may be canceled: releases its stock, voids or refunds its payments, ends its pickup.
    fn cancel_order(&mut self, by: By, id: OrderId) -> Result<OrderRow>;

    /// Changes an order without moving it.
    fn change_order(
        &mut self,
        by: By,
        id: OrderId,
        event: OrderEventKind,
        change: impl FnOnce(&mut Order),
    ) -> Result<OrderRow>;

    /// Changes an order and its lines without moving it.
    fn change_lines(
        &mut self,
        by: By,
        id: OrderId,
        event: OrderEventKind,
        change: impl FnOnce(&mut OrderRow),
    ) -> Result<OrderRow>;

    /// Records that a parcel does not arrive, with the return that follows from it, if there is one.
    fn end_parcel(
        &mut self,
        by: By,
        id: OrderId,
        parcel: ShipmentId,
        problem: ParcelProblem,
        return_id: Option<ReturnId>,
    ) -> Result<OrderRow>;

    /// Ships parcels of an order; `is_all` if nothing of it is left to ship. Parcels that name no lines hold the first
    /// lines that have such units.
    fn ship_order(
        &mut self,
        by: By,
        id: OrderId,
        parcels: Vec<NewShipment>,
        is_all: bool,
        sums: Sums,
    ) -> Result<OrderRow>;

    /// Moves units of an order into these parts, in place of those that are given up, and returns the new reservations.
    /// Units that the order did not have before must be good for so many days.
    fn reassign(
        &mut self,
        id: OrderId,
        given_up: AllocationScope,
        parts: &Assignments,
        good_for_days: i64,
    ) -> Result<Vec<ReservationId>>;

    /// The locations that have shipped a part of an order or will, and one of its reservations.
    fn locations_of(&mut self, id: OrderId) -> Result<(Vec<LocationId>, ReservationId)>;

    /// Captures or refunds the money of an order as its lines and shipments stand now, at most a given amount.
    fn collect_order_due(&mut self, id: OrderId, at_most: i64) -> Result<Sums>;
}

impl OrderActions for UnitOfWork {
    fn lock_order(&mut self, id: OrderId) -> Result<()> {
        self.of::<Orders>()?.want(id);
        self.of::<Stock>()?.want_order(id);
        self.of::<Payments>()?.want(id);
        self.of::<Pickups>()?.want(id);
        Ok(())
    }

    fn order(&mut self, id: OrderId, actor: &Actor, permission: Permission) -> Result<Order> {
        Ok(self.of::<Orders>()?.order(id, actor, permission)?.order.clone())
    }

    fn move_order(&mut self, by: By, id: OrderId, step: OrderMove, more: impl FnOnce(&mut Order)) -> Result<OrderRow> {
        let order = self.of::<Orders>()?.row(id)?.order.clone();
        let after = rules::moved(order.number, order.status, step)?;
        self.change_order(by, id, step.into(), |order| {
            order.status = after;
            more(order);
        })
    }

    fn cancel_order(&mut self, by: By, id: OrderId) -> Result<OrderRow> {
        self.release_order(id)?;
        let now = self.now;
        self.of::<Pickups>()?.clear_away(id, now);
        let sums = self.collect_due(id, Due::NOTHING)?;
        let canceled = self.move_order(by, id, OrderMove::Cancel, |order| {
            order.cancel_reason = by.reason.map(str::to_owned);
            order.take(sums);
        })?;
        self.of::<Redemptions>()?.release(id, &uses_of(&canceled));
        Ok(canceled)
    }

    fn change_order(
        &mut self,
        by: By,
        id: OrderId,
        event: OrderEventKind,
        change: impl FnOnce(&mut Order),
    ) -> Result<OrderRow> {
        self.change_lines(by, id, event, |row| change(&mut row.order))
    }

    fn change_lines(
        &mut self,
        by: By,
        id: OrderId,
        event: OrderEventKind,
        change: impl FnOnce(&mut OrderRow),
    ) -> Result<OrderRow> {
        let now = self.now;
        let row = self.of::<Orders>()?.change(id, now, change)?;
        self.of::<Orders>()?.note(&row.order, event, by);
        events::changed(&mut self.outbox, event, &row, now)?;
        Ok(row)
    }

    fn end_parcel(
        &mut self,
        by: By,
        id: OrderId,
        parcel: ShipmentId,
        problem: ParcelProblem,
        return_id: Option<ReturnId>,
    ) -> Result<OrderRow> {
        let now = self.now;
        let event = match problem {
            ParcelProblem::Lost => OrderEventKind::ParcelLost,
            ParcelProblem::ReturnedToSender => OrderEventKind::ParcelReturnedToSender,
        };
        let row = self.change_lines(by, id, event, |row| {
            for parcel in row.shipments.iter_mut().filter(|of| of.id == parcel) {
                (parcel.problem, parcel.problem_at, parcel.return_id) = (Some(problem), Some(now), return_id);
                parcel.version += 1;
            }
        })?;
        let ended = row.shipments.iter().filter(|of| of.id == parcel).cloned();
        self.of::<Orders>()?.note_ended(ended);
        Ok(row)
    }

    fn ship_order(
        &mut self,
        by: By,
        id: OrderId,
        mut parcels: Vec<NewShipment>,
        is_all: bool,
        sums: Sums,
    ) -> Result<OrderRow> {
        let row = self.of::<Orders>()?.row(id)?;
        let mut unsent = Unsent::of(row)?;
        for parcel in parcels.iter_mut().filter(|parcel| parcel.0.lines().is_empty()) {
            let lines = unsent.take(parcel.0.goods());
            parcel.hold(lines);
        }
        let order = &row.order;
        let (event, after) = match is_all {
            true => (OrderMove::Ship.into(), rules::moved(order.number, order.status, OrderMove::Ship)?),
            false => (OrderEventKind::PartShipped, order.status),
        };
        self.of::<Orders>()?.note_shipped(&parcels);
        self.change_lines(by, id, event, |row| {
            row.order.status = after;
            row.order.take(sums);
            row.shipments.extend(parcels.into_iter().map(|parcel| parcel.0));
        })
    }

    fn reassign(
        &mut self,
        id: OrderId,
        given_up: AllocationScope,
        parts: &Assignments,
        good_for_days: i64,
    ) -> Result<Vec<ReservationId>> {
        self.rearrange(&Rearrangement { order: id, given_up, good_for_days, parts })
    }

    fn locations_of(&mut self, id: OrderId) -> Result<(Vec<LocationId>, ReservationId)> {
        let row = self.of::<Orders>()?.row(id)?;
        let sent: Vec<_> = row.shipments.iter().map(|shipment| shipment.location_id).collect();
        let standing = self.unshipped(id)?.into_iter().map(|(location, _)| location);
        let mut locations: Vec<LocationId> = vec![];
        for place in standing.chain(sent) {
            if !locations.contains(&place) {
                locations.push(place);
            }
        }
        Ok((locations, self.any_reservation_of(id)?))
    }

    fn collect_order_due(&mut self, id: OrderId, at_most: i64) -> Result<Sums> {
        let (goods, left) = self.goods_of(id)?;
        let is_last = left.values().all(|units| *units == 0);
        let row = self.of::<Orders>()?.row(id)?;
        // What has come back is not taken first, only to be given back.
        let credited = row.order.total_minor - at_most;
        let now =
            (worth_of_what_left(&row.lines, &left, &goods, row.order.shipping_minor) - credited).clamp(0, at_most);
        self.collect_due(id, Due { now, at_most, is_last })
    }
}

/// The uses of promotions that the discounts of an order are.
fn uses_of(row: &OrderRow) -> Vec<Released> {
    let of_lines = row.lines.iter().flat_map(OrderLine::discounts);
    let of_shipping = row.order.shipping().into_iter().flat_map(|charge| &charge.discounts);
    let mut uses = BTreeMap::<PromotionId, Released>::new();
    for of in of_lines.chain(of_shipping).filter(|of| of.is_counted) {
        let (promotion, coupon) = (of.promotion_id, of.coupon_id);
        let released = uses.entry(promotion).or_insert(Released { promotion, coupon, amount_minor: 0 });
        released.amount_minor += of.amount_minor;
    }
    uses.into_values().collect()
}

//! Changing an order before anything of it has left: its lines are priced and sourced anew, its money follows, or
//! nothing changes.
mod chosen;
mod prepare;
use prepare::PreparedEdit;
pub use prepare::prepared;

use crate::{
    catalog::CurrentOffers,
    inventory::{self, AllocationScope, Stock, StockActions},
    kernel::{
        Actor, Code, Error, Expected, LocationId, Money, OrderId, PaymentId, Quantity, Result, Sku, actor::Permission,
    },
    orders::{
        actions::OrderActions,
        assignments::Assignments,
        model::{Customer, OrderEventKind, OrderStatus},
        pricing::{self, Pricing},
        read::OrderView,
        rules::{self, OrderMove},
        sourcing::{Site, split},
        store::{Order, OrderRow},
        timeline::By,
        working_set::Orders,
    },
    payments::{Due, GatewayKind, NewPayment, PaymentActions, Payments, TenderTold},
    platform::{
        db::Json,
        group_commit::{Command, UnitOfWork},
        idempotency::{Outcome, OutcomeKind},
    },
};

/// The changes of an order.
#[derive(Debug, Clone)]
pub struct Edit {
    /// All lines as they shall be, each SKU once; as they are, if none.
    pub lines: Option<Vec<(Sku, Quantity)>>,
    /// The customer and the address; as they are, if none.
    pub customer: Option<Customer>,
    pub reason: Option<String>,
    /// Money that a person or a till has taken of what more is due.
    pub by_hand: Option<TakenByHand>,
}

/// Money that a person or a till has taken.
#[derive(Debug, Clone, Default)]
pub struct TakenByHand {
    pub reference: Option<String>,
    /// The way in which it was handed over, with the least coin of the country in minor units.
    pub tender: Option<(TenderTold, i64)>,
}

/// A change that is ready to be decided.
pub struct EditCommand {
    id: OrderId,
    edit: Edit,
    wanted: Option<PreparedEdit>,
    expected: Expected,
    /// True if some shipping method charges by region.
    by_region: bool,
}

impl Command for EditCommand {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.id)?;
        if let Some(wanted) = &self.wanted {
            let current = uow.of::<CurrentOffers>()?;
            current.want(&wanted.offers);
            current.want_taxes(&wanted.pricing.taxes);
            let stock = uow.of::<Stock>()?;
            let all = wanted.own.iter().chain(&wanted.places);
            all.for_each(|location| stock.want(*location, &wanted.demand));
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let order = uow.order(self.id, who, Permission::OrdersPlace)?;
        self.expected.check("the order", order.version)?;
        who.require_channel(order.channel)?;
        for location in order.locations() {
            who.require_at(Permission::OrdersPlace, location, "order")?;
        }
        if self.edit.by_hand.is_some() {
            order.require_place(Permission::OrdersPay, who)?;
        }
        if order.status != OrderStatus::Pending {
            rules::require_open(order.number, order.status)?;
        }
        if uow.of::<Orders>()?.has_left(self.id) {
            let detail = format!("a part of order {} has left; what has not can be given up", order.number);
            return Err(Error::refused(Code::OrderAlreadyShipped, detail));
        }
        if let Some(customer) = &self.edit.customer {
            pricing::require_same_place(uow.of::<Orders>()?.row(self.id)?, customer, self.by_region)?;
        }
        let by = By::of(who).for_reason(self.edit.reason.as_deref());
        let row = match &self.wanted {
            Some(wanted) => self.change_lines(uow, who, &order, wanted, by)?,
            None => uow.change_order(by, self.id, OrderEventKind::Changed, |order| self.address(order))?,
        };
        let view = OrderView::from(&row);
        Ok(Outcome::changed(view.version, Some(order.location_id), view))
    }
}

impl EditCommand {
    /// The price of the order, in minor units, if its lines change.
    pub fn total_minor(&self) -> Option<i64> {
        self.wanted.as_ref().map(|wanted| wanted.total_minor)
    }

    fn address(&self, order: &mut Order) {
        if let Some(customer) = &self.edit.customer {
            order.customer = Json(Box::new(customer.clone()));
        }
    }

    fn change_lines(
        &self,
        uow: &mut UnitOfWork,
        who: &Actor,
        order: &Order,
        wanted: &PreparedEdit,
        by: By,
    ) -> Result<OrderRow> {
        let (id, total) = (self.id, wanted.total_minor);
        let now = uow.now;
        let current = uow.of::<CurrentOffers>()?;
        current.require_current(&wanted.offers)?;
        let Pricing { to, taxes, .. } = &wanted.pricing;
        current.require_same_prices(&wanted.offers, to.at, now)?;
        current.require_same_taxes(taxes, to.at, now)?;
        let is_other = uow.of::<Orders>()?.row(id)?.lines != wanted.before;
        if is_other || order.locations().any(|location| !wanted.own.contains(&location)) {
            return Err(Error::refused(Code::Conflict, "the order has changed meanwhile"));
        }
        let is_pending = order.status == OrderStatus::Pending;
        let more = total - (order.paid_minor - order.refunded_minor) - order.authorized_minor;
        if !is_pending && more > 0 && self.edit.by_hand.is_none() {
            let detail =
                format!("{more} minor units more are due for order {}: name a payment of all of them", order.number);
            return Err(Error::refused(Code::PaymentRequired, detail));
        }
        let payment = if is_pending || more <= 0 { None } else { Some(self.payment(order, more)?) };
        let parts = self.source(uow, order, wanted)?;
        uow.reassign(id, AllocationScope::All, &parts, wanted.good_for_days)?;
        if let Some(payment) = payment {
            uow.record_payment(&payment)?;
        }
        // What is kept beyond the new price goes back.
        let sums = uow.collect_due(id, Due { now: 0, at_most: total, is_last: false })?;
        let (places, hold) = uow.locations_of(id)?;
        let changed = uow.change_lines(by, id, OrderEventKind::Changed, |row| {
            row.lines.clone_from(&wanted.after);
            row.order.total_minor = total;
            row.order.reservation_id = hold;
            row.order.put_at(&places);
            row.order.take(sums);
            self.address(&mut row.order);
        })?;
        if is_pending && changed.order.due_minor() <= 0 {
            uow.allocate(id)?;
            return uow.move_order(By::of(who), id, OrderMove::Confirm, |_| {});
        }
        Ok(changed)
    }

    /// The payment of what more is due, taken by hand.
    fn payment(&self, order: &Order, more: i64) -> Result<NewPayment> {
        let amount = Money::new(more, order.currency())?;
        let TakenByHand { reference, tender } = self.edit.by_hand.clone().unwrap_or_default();
        let tender = tender.map(|(told, step)| told.settled(amount, step, "/payment/tender")).transpose()?;
        let taken = NewPayment::taken(self.id, order.location_id, GatewayKind::Manual, amount, reference);
        Ok(NewPayment { tender, ..taken })
    }

    /// The sources of the goods now: what the order has at its locations counts as being there.
    fn source(&self, uow: &mut UnitOfWork, order: &Order, wanted: &PreparedEdit) -> Result<Assignments> {
        let standing = uow.unshipped(self.id)?;
        let stock = uow.of::<Stock>()?;
        let own = |place: LocationId, variant| -> i32 {
            let here = standing.iter().filter(|(location, _)| *location == place);
            here.flat_map(|(_, demand)| demand.iter()).filter(|(of, _)| *of == variant).map(|(_, units)| units).sum()
        };
        let mut places: Vec<LocationId> = order.locations().collect();
        places.extend(wanted.places.iter().filter(|place| !order.locations().any(|own| own == **place)));
        let mut sites = vec![];
        for place in places {
            let free = stock.available(place, &wanted.demand, wanted.good_for_days)?.into_iter();
            let with_own =
                free.zip(wanted.demand.iter()).map(|(free, (variant, _))| free.saturating_add(own(place, variant)));
            sites.push(Site { location: place, available: with_own.collect() });
        }
        if let Some(parts) = split::parts_of(&wanted.demand, &sites)? {
            return Ok(parts);
        }
        let at = |variant| wanted.demand.variants().iter().position(|of| *of == variant);
        let sum = |variant| {
            let here = |site: &Site| at(variant).and_then(|at| site.available.get(at)).copied().unwrap_or(0).max(0);
            sites.iter().map(here).fold(0, i32::saturating_add)
        };
        let lines: Vec<_> = wanted.lines.iter().map(|(offer, units)| (offer, *units)).collect();
        Err(inventory::out_of_stock(&lines, sum)?)
    }
}

/// Gives up what was promised for a change that was not made.
pub struct VoidIncrease {
    pub order: OrderId,
    pub payment: PaymentId,
}

impl Command for VoidIncrease {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.order);
        uow.of::<Payments>()?.want(self.order);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, _: &Actor) -> Result<Outcome<bool>> {
        let order = uow.of::<Orders>()?.row(self.order)?.order.clone();
        // The change may have been made all the same: then the order needs what was promised for it.
        let is_loose = uow.of::<Payments>()?.payment(self.order, self.payment).is_some_and(|payment| {
            let uncaptured = payment.uncaptured_minor();
            let is_needed = uncaptured > 0 && order.due_minor() + uncaptured > 0;
            payment.is_loose() && !payment.is_released && payment.asked_capture_minor == 0 && !is_needed
        });
        if is_loose {
            let sums = uow.void_payment(self.order, self.payment)?;
            let by = By::default().for_reason(Some("the order was not changed"));
            uow.change_order(by, self.order, OrderEventKind::PaymentVoided, |order| order.take(sums))?;
        }
        Ok(Outcome::of(OutcomeKind::Changed, None, is_loose))
    }
}

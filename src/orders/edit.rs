//! Changing an order before anything of it has left: its lines are priced and sourced anew, its money follows, or nothing
//! changes.
use super::{
    model::{Customer, OrderEventKind, OrderStatus},
    parts::Parts,
    read::OrderView,
    register::Register,
    rules::{self, Move, Priced},
    sourcing::{self, Site},
    store::{self, Order, OrderLine, OrderRow},
    timeline::By,
};
use crate::{
    catalog::{Catalog, Lines},
    inventory::{Demand, Inventory, Part, Reach, Stock},
    kernel::{Actor, Code, Error, LocationId, Money, OrderId, Quantity, Result, Sku, actor::Permission},
    payments::{Due, GatewayKind, NewPayment, Sums, Till},
    platform::{
        http::IfMatch,
        idempotency::Answer,
        intake::{Books, Job},
    },
};
use std::collections::HashSet;

/// What is changed of an order.
#[derive(Debug, Clone)]
pub struct Edit {
    /// All lines as they shall be, each SKU once; as they are, if none.
    pub lines: Option<Vec<(Sku, Quantity)>>,
    /// Who it is for and where it goes; as it is, if none.
    pub customer: Option<Customer>,
    pub reason: Option<String>,
    /// Whether a person or a till has taken what more is due.
    pub is_paid_by_hand: bool,
}

/// A change that is ready to be decided.
pub struct EditJob {
    id: OrderId,
    edit: Edit,
    wanted: Option<Wanted>,
    if_match: IfMatch,
}

/// The lines as they shall be.
struct Wanted {
    offers: Lines,
    priced: Vec<Priced>,
    total: Money,
    demand: Demand,
    /// The order's places, and others that could fill it.
    own: Vec<LocationId>,
    places: Vec<LocationId>,
}

/// Prices the lines as they shall be and looks for places.
pub async fn prepared(
    (inventory, catalog): (&Inventory, &Catalog),
    actor: &Actor,
    id: OrderId,
    edit: Edit,
    if_match: IfMatch,
) -> Result<EditJob> {
    let Some(lines) = &edit.lines else { return Ok(EditJob { id, edit, wanted: None, if_match }) };
    let places = actor.places(Permission::OrdersPlace);
    let found = inventory.db.read(move |db| super::orders_by_id(db, &places, &[id])).await?.pop();
    let order = found.ok_or_else(|| Error::not_found("order"))?;
    let offers = catalog.lines(&inventory.db, lines.iter().map(|(sku, _)| sku.clone()).collect()).await?;
    let with = offers.lines.iter().map(AsRef::as_ref).zip(lines.iter().map(|(_, quantity)| *quantity));
    let (priced, total) = rules::price(with.clone(), order.channel, order.currency())?;
    let demand = Demand::of(with.map(|(offer, quantity)| (offer, quantity.get())))?;
    let mut places = vec![];
    let to = edit.customer.clone().unwrap_or_else(|| order.customer());
    let reach = Reach::of(actor, Permission::OrdersPlace, to.country());
    if !order.is_pickup {
        places = inventory.candidates(&demand, reach.clone()).await?;
        if places.is_empty() {
            places = inventory.sources(&demand, reach).await?;
        }
    }
    let wanted = Some(Wanted { offers, priced, total, demand, own: order.locations().collect(), places });
    Ok(EditJob { id, edit, wanted, if_match })
}

impl Job for EditJob {
    fn ask(&self, books: &mut Books) -> Result<()> {
        super::cancel::ask(books, self.id)?;
        if let Some(wanted) = &self.wanted {
            let stock = books.of::<Stock>()?;
            let all = wanted.own.iter().chain(&wanted.places);
            all.for_each(|place| stock.want(*place, &wanted.demand));
        }
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let order = books.order(self.id, who, Permission::OrdersPlace)?;
        self.if_match.check("the order", order.version)?;
        for location in order.locations() {
            who.demand_at(Permission::OrdersPlace, location, "order")?;
        }
        if self.edit.is_paid_by_hand {
            order.demand_place(Permission::OrdersPay, who)?;
        }
        if order.status != OrderStatus::Pending {
            rules::demand_open(order.number, order.status)?;
        }
        if books.of::<Register>()?.has_left(self.id) {
            let detail = format!("a part of order {} has left; what has not can be given up", order.number);
            return Err(Error::refused(Code::OrderAlreadyShipped, detail));
        }
        let by = By::of(who).for_reason(self.edit.reason.as_deref());
        let row = match &self.wanted {
            Some(wanted) => self.change_lines(books, who, (&order, wanted), by)?,
            None => books.change_order(by, (self.id, OrderEventKind::Changed), |order| self.address(order))?,
        };
        let view = OrderView::from(&row);
        Answer::ok(&view, view.version, Some(order.location_id))
    }
}

impl EditJob {
    /// What the order will cost, in minor units, if its lines change.
    pub fn total_minor(&self) -> Option<i64> {
        self.wanted.as_ref().map(|wanted| wanted.total.amount_minor)
    }

    fn address(&self, order: &mut Order) {
        if let Some(customer) = &self.edit.customer {
            order.customer = serde_json::to_value(customer).unwrap_or_default();
        }
    }

    fn change_lines(
        &self,
        books: &mut Books,
        who: &Actor,
        (order, wanted): (&Order, &Wanted),
        by: By,
    ) -> Result<OrderRow> {
        let (id, total) = (self.id, wanted.total.amount_minor);
        if order.locations().any(|place| !wanted.own.contains(&place)) {
            return Err(Error::refused(Code::Conflict, "the order has changed meanwhile"));
        }
        let is_pending = order.status == OrderStatus::Pending;
        let more = total - (order.paid_minor - order.refunded_minor) - order.authorised_minor;
        if !is_pending && more > 0 && !self.edit.is_paid_by_hand {
            let detail = format!("{more} minor units more are due for order {}: name a payment for them", order.number);
            return Err(Error::refused(Code::PaymentRequired, detail));
        }
        let parts = self.source(books, order, wanted)?;
        books.put_parts(id, Part::All, &parts)?;
        let sums = self.settle(books, (order, total), is_pending)?;
        let (places, hold) = books.places_of(id)?;
        let changed = books.change_lines(by, (id, OrderEventKind::Changed), |row| {
            row.lines = self.lines_after(&row.lines, wanted);
            row.order.total_minor = total;
            row.order.reservation_id = hold;
            row.order.put_at(&places);
            row.order.take(sums);
            self.address(&mut row.order);
        })?;
        if is_pending && changed.order.due_minor() <= 0 {
            books.convert(id)?;
            return books.move_order(By::of(who), (id, Move::Confirm), |_| {});
        }
        Ok(changed)
    }

    /// What is paid by hand is recorded; what is kept beyond the new price goes back.
    fn settle(&self, books: &mut Books, (order, total): (&Order, i64), is_pending: bool) -> Result<Sums> {
        let more = total - (order.paid_minor - order.refunded_minor) - order.authorised_minor;
        if !is_pending && more > 0 {
            let amount = Money::new(more, order.currency())?;
            let of = (self.id, order.location_id);
            books.record_payment(&NewPayment::taken(of, GatewayKind::Manual, amount, None))?;
        }
        books.square(self.id, Due { now: 0, at_most: total, is_last: false })
    }

    /// Where the goods come from now: what the order has at its places counts as being there.
    fn source(&self, books: &mut Books, order: &Order, wanted: &Wanted) -> Result<Parts> {
        let standing = books.standing(self.id)?;
        let stock = books.of::<Stock>()?;
        let own = |place: LocationId, variant| -> i32 {
            let here = standing.iter().filter(|(location, _)| *location == place);
            here.flat_map(|(_, demand)| demand.iter()).filter(|(of, _)| *of == variant).map(|(_, units)| units).sum()
        };
        let mut places: Vec<LocationId> = order.locations().collect();
        places.extend(wanted.places.iter().filter(|place| !order.locations().any(|own| own == **place)));
        let mut sites = vec![];
        for place in places {
            let free = stock.available(place, &wanted.demand)?.into_iter();
            let with_own =
                free.zip(wanted.demand.iter()).map(|(free, (variant, _))| free.saturating_add(own(place, variant)));
            sites.push(Site { location: place, available: with_own.collect() });
        }
        let nowhere = || {
            let detail = format!("what order {} shall have is not there", order.number);
            Error::refused(Code::OutOfStock, detail)
        };
        sourcing::parts_of(&wanted.demand, &sites)?.ok_or_else(nowhere)
    }

    /// The lines as they are afterwards: each keeps its number; what is taken out stays as given up.
    fn lines_after(&self, before: &[OrderLine], wanted: &Wanted) -> Vec<OrderLine> {
        let (mut lines, mut told) = (before.to_vec(), HashSet::new());
        for line in &mut lines {
            // Of several lines of one SKU the first has all of it from now on.
            let is_first = told.insert(line.variant_id);
            let kept = wanted.offers.lines.iter().position(|offer| is_first && offer.variant.id == line.variant_id);
            let quantity =
                kept.and_then(|at| self.edit.lines.as_ref()?.get(at)).map_or(0, |(_, quantity)| quantity.get());
            line.canceled += (line.quantity - quantity).max(0);
            line.quantity = quantity;
            if let Some(priced) = kept.and_then(|at| wanted.priced.get(at)) {
                line.unit_minor = priced.unit.amount_minor;
            }
            if let Some(offer) = kept.and_then(|at| wanted.offers.lines.get(at)) {
                line.parts = store::parts_of(offer);
            }
            line.total_minor = line.unit_minor * i64::from(line.quantity);
        }
        let told = self.edit.lines.iter().flatten().zip(&wanted.offers.lines).zip(&wanted.priced);
        for (((_, quantity), offer), priced) in told {
            if lines.iter().all(|line| line.variant_id != offer.variant.id) {
                let no = lines.iter().map(|line| line.line_no).max().unwrap_or(0) + 1;
                lines.push(store::new_line(self.id, no, offer, *quantity, priced));
            }
        }
        lines
    }
}

/// Gives up what was promised for a change that was not made.
pub struct GiveUp {
    pub order: OrderId,
    pub payment: crate::kernel::PaymentId,
}

impl Job for GiveUp {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Register>()?.want(self.order);
        books.of::<Till>()?.want(self.order);
        Ok(())
    }

    fn decide(&self, books: &mut Books, _: &Actor) -> Result<Answer> {
        let order = books.of::<Register>()?.row(self.order)?.order.clone();
        // The change may have been made all the same: then the order needs what was promised for it.
        let is_loose = books.of::<Till>()?.payment(self.order, self.payment).is_some_and(|payment| {
            let promised = payment.promised_minor();
            let is_needed = promised > 0 && order.due_minor() + promised > 0;
            payment.is_loose() && !payment.is_released && payment.asked_capture_minor == 0 && !is_needed
        });
        if is_loose {
            let sums = books.give_up_payment(self.order, self.payment)?;
            let by = By::default().for_reason(Some("the order was not changed"));
            books.change_order(by, (self.order, OrderEventKind::PaymentVoided), |order| order.take(sums))?;
        }
        Answer::ok(&is_loose, 1, None)
    }
}

//! A sale is written down: the goods leave at once, the money is taken.
use super::{NewTender, SaleCommand};
use crate::{
    catalog::Purpose,
    inventory::{NewReservation, Sold, Stock, StockActions},
    kernel::{Actor, LocationId, OrderId, Result, Typed, actor::Permission},
    orders::{
        actions::OrderActions,
        bundles,
        events::placed,
        model::Mark,
        read::OrderView,
        rules::OrderMove,
        store::{self, NewShipment, Occurrence, Opening, Order, SoldLine},
        timeline::By,
        working_set::Orders,
    },
    payments::{GatewayKind, NewPayment, PaymentActions, Sums},
    platform::group_commit::UnitOfWork,
};
use std::fmt::Write;

impl SaleCommand {
    /// The name of this sale when another one has its client id.
    pub(super) fn other_name(&self) -> String {
        let mut name = format!("{}#", self.sale.client_id);
        for byte in self.fingerprint.iter().take(8) {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }

    /// True if a sample or tester is among what was sold.
    fn sells_testers(&self) -> bool {
        self.offers.iter().any(|offer| offer.variant.purpose != Purpose::Sale)
    }

    /// The reason that the timeline keeps: with the reasons for other prices than those of the channel.
    fn reasons(&self) -> String {
        let mut said = "sold at a till".to_owned();
        for line in &self.sale.lines {
            if let Some(reason) = &line.price_reason {
                let _ = write!(said, "; {}: {reason}", line.sku);
            }
        }
        if let Some(fault) = &self.tender_fault {
            let _ = write!(said, "; tenders: {fault}");
        }
        said
    }

    /// The units that were sold, by variant and lot, and whether a lot is not known.
    fn sold(&self, stock: &Stock) -> Result<(Vec<Sold>, bool)> {
        let (mut sold, mut is_unknown) = (vec![], false);
        for (offer, line) in self.offers.iter().zip(&self.sale.lines) {
            let Some(code) = &line.lot else { continue };
            let lot = stock.printed(&(offer.variant.id, Typed::of(code)))?.map(|lot| lot.id);
            is_unknown |= lot.is_none();
            sold.push((offer.variant.id, lot, line.quantity.get()));
        }
        Ok((sold, is_unknown))
    }

    pub(super) fn write_down(
        &self,
        uow: &mut UnitOfWork,
        who: &Actor,
        id: OrderId,
        other: Option<(OrderId, LocationId)>,
    ) -> Result<Order> {
        let (sale, now) = (&self.sale, uow.now);
        let hold = NewReservation {
            location: sale.location,
            demand: self.demand.clone(),
            names: self.names.clone(),
            good_for_days: 0,
            reference: None,
            order: Some(id),
            principal: who.id,
            expires_at: now,
        };
        let (occurred_at, is_skewed) = self.sale.dated(&self.zones, now);
        let (sold, is_unknown) = self.sold(uow.of::<Stock>()?)?;
        let may_find = who.require_at(Permission::InventoryAdjust, sale.location, "location").is_ok();
        let is_approved = who.require_at(Permission::InventoryApprove, sale.location, "location").is_ok();
        let most_found = if may_find { i32::MAX } else { self.most_found };
        let (held, gone) = uow.record_sale(&hold, &sold, who.id, occurred_at, most_found)?;
        let marks = [
            (is_skewed, Mark::ClockSkew),
            (gone.was_held, Mark::HeldGoods),
            (other.is_some(), Mark::ClientIdReused),
            (is_unknown, Mark::UnknownLot),
            (gone.found > self.most_found, Mark::MuchFound),
            (gone.was_closed, Mark::ClosedLocation),
            (self.sells_testers(), Mark::NotForSale),
            (self.is_tax_unknown, Mark::TaxUnknown),
            (self.is_far_below && !is_approved, Mark::PriceOverride),
            (self.tender_fault.is_some(), Mark::TendersDiffer),
            (self.choices_differ, Mark::ChoicesDiffer),
        ];
        let number = uow.of::<Orders>()?.number()?;
        let name = if other.is_some() { self.other_name() } else { sale.client_id.clone() };
        let new = sale.as_order(name);
        let told = Occurrence {
            occurred_at,
            business_date: self.zones.day(sale.location, occurred_at),
            marks: marks.into_iter().filter(|(is_so, _)| *is_so).map(|(_, mark)| mark).collect(),
            fingerprint: Some(self.fingerprint.clone()),
            // A sale at another location is not named.
            conflict_with: other.filter(|(_, location)| *location == sale.location).map(|(id, _)| id),
        };
        let opening =
            Opening { id, number, new: &new, held: &[held], total: self.total, shipping: None, by: who.id, told };
        let order = Order::open(opening)?;
        let lines = self.offers.iter().zip(&sale.lines).zip(&self.priced);
        let lines: Vec<_> = (1..)
            .zip(lines)
            .map(|(no, ((offer, line), priced))| {
                let parts = bundles::parts_of(offer, &self.known, new.channel, priced.unit);
                store::new_line(id, no, SoldLine { offer, quantity: line.quantity, priced, parts })
            })
            .collect();
        placed(&mut uow.outbox, &order, &lines, now)?;
        let reasons = self.reasons();
        let by = By::of(who).for_reason(Some(&reasons));
        uow.of::<Orders>()?.add(by, order.clone(), lines);
        Ok(order)
    }

    pub(super) fn hand_over(&self, uow: &mut UnitOfWork, who: &Actor, order: Order) -> Result<OrderView> {
        let (id, by, at) = (order.id, By::of(who), order.occurred_at);
        let paid = self.total.amount_minor;
        for NewTender { amount, tender, reference } in &self.payments {
            let manual = GatewayKind::Manual;
            let taken = NewPayment::taken(id, self.sale.location, manual, *amount, reference.clone());
            uow.record_payment(&NewPayment { tender: *tender, taken_at: Some(at), ..taken })?;
        }
        let sums = Sums { captured: paid, ..Sums::default() };
        uow.move_order(by, id, OrderMove::Confirm, |order| order.take(sums))?;
        uow.move_order(by, id, OrderMove::Process, |_| {})?;
        let mut parcel = NewShipment::of(&order, self.sale.location, &self.demand, at);
        parcel.0.delivered_at = Some(at);
        uow.ship_order(by, id, vec![parcel], true, sums)?;
        let row = uow.move_order(by, id, OrderMove::Deliver, |_| {})?;
        Ok(OrderView::from(&row))
    }
}

//! A parcel that does not arrive: lost on its way, or coming back because it was refused, not fetched or not
//! deliverable. Its contents become a return: of a lost parcel closed at once, its units written off and their price
//! given back; of one that comes back approved, to be received and inspected like any other.
mod inbound;
use inbound::{Inbound, coming_back, line_of};

use super::{
    model::{Return, ReturnReason, ReturnStatus},
    receive::{self, Arrived, Sent},
    refund,
    rules::{self, ReturnStep},
};
use crate::{
    inventory::{Cause, Inventory, Stock, StockActions, StockDisposition},
    kernel::{Actor, Code, Error, Expected, LocationId, Locations, OrderId, Result, ShipmentId, actor::Permission},
    orders::{
        actions::OrderActions,
        model::{OrderStatus, ParcelProblem},
        read::{OrderView, shipments_by_id},
        returns::{receive::ReturnArrival, working_set::Returns},
        rules::OrderMove,
        store::{OrderRow, Shipment},
        timeline::By,
        working_set::Orders,
    },
    payments::Payments,
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// The problem of a parcel.
#[derive(Debug, Clone)]
pub struct Report {
    pub order: OrderId,
    pub parcel: ShipmentId,
    pub problem: ParcelProblem,
    pub note: Option<String>,
}

struct ReportCommand {
    report: Report,
    from: LocationId,
    /// The units that the order was sent, if they are written off now.
    sent: Sent,
    expected: Expected,
}

/// Reports that a parcel does not arrive. One of a location where the actor may not take returns does not exist for
/// them.
pub async fn report(inventory: &Inventory, caller: Caller, report: Report) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    actor.require_anywhere(Permission::OrdersReturn)?;
    let prepare = async || {
        let parcel = report.parcel;
        let found = inventory.db.read(move |db| shipments_by_id(db, &Locations::Everywhere, &[parcel])).await?.pop();
        let found = found.filter(|found| found.order_id == report.order).ok_or_else(|| Error::not_found("shipment"))?;
        let sent = receive::sent(inventory, report.order, Some(found.location_id)).await?;
        Ok(ReportCommand { report: report.clone(), from: found.location_id, sent, expected: expected.clone() })
    };
    inventory.execute(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Command for ReportCommand {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let order = self.report.order;
        uow.of::<Orders>()?.want(order);
        uow.of::<Returns>()?.want(order);
        uow.of::<Payments>()?.want(order);
        let stock = uow.of::<Stock>()?;
        stock.want_order(order);
        for (variant, lot, _) in &self.sent.pieces {
            stock.want_goods((self.from, *variant));
            if let Some(lot) = lot {
                stock.want_lot(*lot);
            }
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let Report { order: id, parcel, problem, note } = &self.report;
        who.require_at(Permission::OrdersReturn, self.from, "shipment").map_err(|_| Error::not_found("shipment"))?;
        let row = uow.of::<Orders>()?.row(*id)?.clone();
        self.expected.check("the order", row.order.version)?;
        let found = row.shipments.iter().find(|of| of.id == *parcel).ok_or_else(|| Error::not_found("shipment"))?;
        let inbound = self.inbound(uow, found)?;
        require_on_its_way(found, row.order.number, inbound.is_some())?;
        let inbound = inbound.unwrap_or_default();
        let back = self.returned(uow, who, &row, found, &inbound)?;
        let has_come_in = !inbound.came.is_empty();
        if back.is_none() && has_come_in {
            return Err(closed(found, row.order.number));
        }
        // A parcel of which some has come back stays what it is; its return tells of what was lost.
        let (problem, return_id) = match has_come_in {
            true => (ParcelProblem::ReturnedToSender, found.return_id),
            false => (*problem, back.as_ref().map(|back| back.id)),
        };
        let now = uow.now;
        for given_up in inbound.given_up {
            uow.of::<Returns>()?.put(given_up, now);
        }
        if let Some(back) = back {
            match self.report.problem {
                ParcelProblem::Lost => self.write_off(uow, who, &row, back)?,
                ParcelProblem::ReturnedToSender => uow.of::<Returns>()?.add(back),
            }
        }
        let by = By::of(who).for_reason(note.as_deref());
        let mut after = uow.end_parcel(by, *id, *parcel, problem, return_id)?;
        let is_open = |parcel: &Shipment| parcel.problem.is_none() && parcel.delivered_at.is_none();
        let has_arrived = after.shipments.iter().any(|parcel| parcel.delivered_at.is_some());
        if after.order.status == OrderStatus::Shipped && has_arrived && !after.shipments.iter().any(is_open) {
            after = uow.move_order(By::of(who), *id, OrderMove::Deliver, |_| {})?;
        }
        let view = OrderView::from(&after);
        Ok(Outcome::changed(view.version, Some(self.from), view))
    }
}

fn closed(parcel: &Shipment, number: i64) -> Error {
    let detail = format!("a parcel of order {number} is {} already", parcel.status());
    Error::refused(Code::ShipmentClosed, detail)
}

fn require_on_its_way(parcel: &Shipment, number: i64, was_coming_back: bool) -> Result<()> {
    if parcel.problem.is_some() && !was_coming_back {
        return Err(closed(parcel, number));
    }
    if parcel.delivered_at.is_some() {
        let detail = format!("this parcel of order {number} has been delivered: ask for a return");
        return Err(Error::refused(Code::OrderAlreadyDelivered, detail));
    }
    Ok(())
}

impl ReportCommand {
    /// The way back of a parcel that is lost on it, or of which something is; none if it was not coming back.
    fn inbound(&self, uow: &mut UnitOfWork, parcel: &Shipment) -> Result<Option<Inbound>> {
        let is_lost = self.report.problem == ParcelProblem::Lost;
        let (true, Some(ParcelProblem::ReturnedToSender), Some(id)) = (is_lost, parcel.problem, parcel.return_id)
        else {
            return Ok(None);
        };
        let row = uow.of::<Orders>()?.row(parcel.order_id)?.clone();
        let returns = uow.of::<Returns>()?;
        let (mut inbound, mut next) = (Inbound::default(), Some(returns.get(id)?.clone()));
        while let Some(mut back) = next {
            next = returns.of(parcel.order_id).find(|of| of.rest_of == Some(back.id)).cloned();
            match back.status {
                ReturnStatus::Approved => {
                    back.status = rules::moved(&back.number, back.status, ReturnStep::Reject)?;
                    inbound.given_up.push(back);
                }
                ReturnStatus::Received | ReturnStatus::Closed => {
                    for line in &back.lines {
                        for (variant, units) in
                            line.goods(crate::orders::returns::model::of_order(&row, line.line_no)?)?.iter()
                        {
                            *inbound.came.entry((line.line_no, variant)).or_default() += units;
                        }
                    }
                }
                ReturnStatus::Requested | ReturnStatus::Rejected => {}
            }
        }
        inbound.came.retain(|_, units| *units > 0);
        Ok(Some(inbound))
    }

    /// The return of what is in a parcel, as far as it is neither back nor coming by another; none if all of it is.
    fn returned(
        &self,
        uow: &mut UnitOfWork,
        who: &Actor,
        row: &OrderRow,
        parcel: &Shipment,
        inbound: &Inbound,
    ) -> Result<Option<Return>> {
        let order = row.order.id;
        let mut returns: Vec<_> = uow.of::<Returns>()?.of(order).cloned().collect();
        for back in &mut returns {
            if let Some(given_up) = inbound.given_up.iter().find(|of| of.id == back.id) {
                back.clone_from(given_up);
            }
        }
        let coming = returns.iter().filter(|other| other.status != ReturnStatus::Rejected).flat_map(|of| &of.lines);
        let coming: Vec<_> = coming.cloned().collect();
        let is_waited_for = |of: &&Return| matches!(of.status, ReturnStatus::Requested | ReturnStatus::Approved);
        if let Some(open) = returns.iter().find(is_waited_for) {
            let detail =
                format!("return {} of order {} is open: reject it or finish it first", open.number, row.order.number);
            return Err(Error::refused(Code::ReturnInProgress, detail));
        }
        let held = coming_back(row, parcel, &coming, &inbound.came)?;
        let reason = match self.report.problem {
            ParcelProblem::Lost => ReturnReason::Lost,
            ParcelProblem::ReturnedToSender => ReturnReason::Undeliverable,
        };
        let mut lines = vec![];
        for line in &row.lines {
            let before = rules::units_in(line, coming.iter())?;
            let of_line = held.iter().filter(|((no, _), _)| *no == line.line_no);
            let held = of_line.map(|((_, variant), units)| (*variant, *units)).collect();
            lines.extend(line_of(line, reason, &held, &before));
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let now = uow.now;
        let number = format!("{}-R{}", row.order.number, returns.len() + 1);
        let mut back = Return::asked(order, number, lines, who.id, now);
        back.note.clone_from(&self.report.note);
        back.status = rules::moved(&back.number, back.status, ReturnStep::Approve)?;
        Ok(Some(back))
    }

    /// Counts what was lost as come back where it was sent from, writes it off there, and gives its price back.
    fn write_off(&self, uow: &mut UnitOfWork, who: &Actor, row: &OrderRow, back: Return) -> Result<()> {
        let lost = Arrived { is_lost: true, ..Arrived::default() };
        let mut back = receive::come_in(
            uow,
            who,
            row,
            back,
            ReturnArrival { location: self.from, sent: &self.sent, arrived: &lost },
        )?;
        let dispositions: Vec<_> = back
            .goods
            .iter()
            .map(|piece| (piece.variant_id, piece.lot_id, piece.quantity, StockDisposition::Lost))
            .collect();
        let note = self.report.note.as_deref();
        let cause = Cause { of: ("return", back.id.0), actor: who.id, now: uow.now, note };
        uow.dispose(self.from, &dispositions, cause)?;
        back.status = rules::moved(&back.number, back.status, ReturnStep::Close)?;
        back.is_returnless = true;
        let back = refund::refund(uow, who, back, 0)?;
        uow.of::<Returns>()?.add(back);
        Ok(())
    }
}

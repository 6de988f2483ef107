//! Asking to give something back: by whoever serves the customer, or at a till where the goods are handed over at once.
use super::{
    arrived,
    model::{ComponentBack, Return, ReturnLine, ReturnReason, ReturnStatus},
    read::ReturnView,
    receive::{self, Arrived, Sent},
    rules::{self, ReturnStep},
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, Code, Error, LocationId, OrderId, Result, VariantId, actor::Permission},
    orders::{
        fulfillment::Unsent,
        returns::{receive::ReturnArrival, working_set::Returns},
        store::{OrderLine, OrderRow},
        working_set::Orders,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// The units that are to be given back.
#[derive(Debug, Clone)]
pub struct ReturnRequest {
    pub order: OrderId,
    /// The location at which it is handed over now, if it is.
    pub location: Option<LocationId>,
    pub lines: Vec<LineAsked>,
    pub note: Option<String>,
}

/// The part of a line that is to come back: whole units, or parts of a bundle.
#[derive(Debug, Clone)]
pub struct LineAsked {
    pub line_no: i32,
    /// None where parts are named.
    pub units: Option<i32>,
    pub parts: Vec<(VariantId, i32)>,
    pub reason: ReturnReason,
}

struct RequestCommand {
    request: ReturnRequest,
    /// The units that the order was sent, of goods that are handed over now.
    sent: Sent,
}

/// Asks for a return. Whoever has the goods before them names their location and needs no right at the order's.
pub async fn request(inventory: &Inventory, caller: Caller, request: ReturnRequest) -> Result<Recorded<ReturnView>> {
    let Caller { actor, key, .. } = caller;
    if let Some(location) = request.location {
        actor.require_at(Permission::OrdersReturn, location, "location")?;
    }
    let prepare = async || {
        if let Some(location) = request.location {
            inventory.require_open_location(location).await?;
        }
        let (order, is_here) = (request.order, request.location.is_some());
        let sent = if is_here { receive::sent(inventory, order, None).await? } else { Sent::default() };
        Ok(RequestCommand { request: request.clone(), sent })
    };
    inventory.execute(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Command for RequestCommand {
    type Output = ReturnView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        let ReturnRequest { order, location, .. } = &self.request;
        uow.of::<Orders>()?.want(*order);
        uow.of::<Returns>()?.want(*order);
        let stock = uow.of::<Stock>()?;
        stock.want_order(*order);
        if let Some(location) = location {
            self.sent.pieces.iter().for_each(|(variant, ..)| stock.want_goods((*location, *variant)));
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReturnView>> {
        let request = &self.request;
        let row = uow.of::<Orders>()?.row(request.order)?.clone();
        let place = match request.location {
            Some(location) => who.require_at(Permission::OrdersReturn, location, "location").map(|()| location)?,
            None => row.order.require_place(Permission::OrdersReturn, who)?,
        };
        require_left(&row)?;
        let unsent = Unsent::of(&row)?;
        let now = uow.now;
        let returns: Vec<_> = uow.of::<Returns>()?.of(request.order).cloned().collect();
        let lines =
            request.lines.iter().map(|line| wanted(&row, &returns, &unsent, line)).collect::<Result<Vec<_>>>()?;
        let number = format!("{}-R{}", row.order.number, returns.len() + 1);
        let mut made = Return::asked(request.order, number, lines, who.id, now);
        made.note.clone_from(&request.note);
        if let Some(location) = request.location {
            made.status = rules::moved(&made.number, made.status, ReturnStep::Approve)?;
            made = receive::come_in(
                uow,
                who,
                &row,
                made,
                ReturnArrival { location, sent: &self.sent, arrived: &Arrived::default() },
            )?;
        }
        uow.of::<Returns>()?.add(made.clone());
        let view = ReturnView::of(&made, &row.order);
        Ok(Outcome::created(made.id, view.version, Some(place), view))
    }
}

/// Refuses unless something has left.
fn require_left(row: &OrderRow) -> Result<()> {
    use crate::orders::model::OrderStatus as S;
    let order = &row.order;
    match order.status {
        S::Processing | S::Shipped | S::Delivered if !row.shipments.is_empty() => Ok(()),
        S::Returned => Err(Error::refused(Code::OrderReturned, format!("order {} has come back", order.number))),
        other => Err(Error::refused(Code::OrderNotShipped, format!("order {} is {other}", order.number))),
    }
}

/// A line that comes back, refused beyond what has left and does not come back already.
fn wanted(row: &OrderRow, returns: &[Return], unsent: &Unsent, asked: &LineAsked) -> Result<ReturnLine> {
    let (number, no) = (row.order.number, asked.line_no);
    let line = row.lines.iter().find(|line| line.line_no == no);
    let line = line.ok_or_else(|| Error::refused(Code::NotOnDocument, format!("order {number} has no line {no}")))?;
    let coming = returns.iter().filter(|other| other.status != ReturnStatus::Rejected).flat_map(|other| &other.lines);
    let before = rules::units_in(line, coming)?;
    let mut back = made(line, asked, number)?;
    rules::require_left(number, line, &back, &unsent.of_line(line), &before)?;
    back.price(line, &before);
    Ok(back)
}

/// A returned line as it is asked for.
fn made(line: &OrderLine, asked: &LineAsked, number: i64) -> Result<ReturnLine> {
    let parts = line.parts();
    let is_part = |variant| line.is_bundle() && parts.iter().any(|part| part.variant_id == variant);
    if let Some((variant, _)) = asked.parts.iter().find(|(variant, _)| !is_part(*variant)) {
        let detail = format!("line {} ({}) of order {number} has no part {variant}", line.line_no, line.sku);
        return Err(Error::refused(Code::NotOnDocument, detail));
    }
    let component = |(variant_id, quantity): &(VariantId, i32)| ComponentBack {
        variant_id: *variant_id,
        quantity: *quantity,
        received: None,
        worth_minor: 0,
    };
    let mut made = ReturnLine {
        line_no: line.line_no,
        quantity: asked.units.unwrap_or(0),
        reason: asked.reason,
        unit_minor: line.unit_minor,
        whole_minor: 0,
        received: None,
        components: asked.parts.iter().map(component).collect(),
        tax_minor: 0,
    };
    if !made.components.is_empty() {
        made.quantity = arrived::bundles_of(&made, line);
    }
    Ok(made)
}

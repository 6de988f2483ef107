//! Asking to give something back: by whoever serves the customer, or at a till where the goods are handed over at once.
use super::{
    book::Returns,
    model::{Return, ReturnLine, ReturnReason, ReturnStatus},
    read::ReturnView,
    receive::{self, Arrived, Sent},
    rules::{self, Step},
};
use crate::{
    inventory::{Inventory, Stock},
    kernel::{Actor, Code, Error, LocationId, OrderId, Result, ReturnId, VariantId, actor::Permission},
    orders::{Register, store::OrderRow},
    platform::{
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};
use std::collections::HashMap;

/// What is to be given back.
#[derive(Debug, Clone)]
pub struct Request {
    pub order: OrderId,
    /// Where it is handed over now, if it is.
    pub location: Option<LocationId>,
    pub lines: Vec<(i32, i32, ReturnReason)>,
    pub note: Option<String>,
}

struct RequestJob {
    request: Request,
    /// What the order was sent, of goods that are handed over now.
    sent: Sent,
}

/// Asks for a return. Whoever has the goods before them names their location and needs no right at the order's.
pub async fn request(inventory: &Inventory, actor: Actor, request: Request, key: Once) -> Result<Answer> {
    if let Some(location) = request.location {
        actor.demand_at(Permission::OrdersReturn, location, "location")?;
    }
    let prepare = async || {
        let (order, is_here) = (request.order, request.location.is_some());
        let sent = if is_here { receive::sent(inventory, order).await? } else { Sent::default() };
        Ok(RequestJob { request: request.clone(), sent })
    };
    inventory.settle(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Job for RequestJob {
    fn ask(&self, books: &mut Books) -> Result<()> {
        let Request { order, location, .. } = &self.request;
        books.of::<Register>()?.want(*order);
        books.of::<Returns>()?.want(*order);
        let stock = books.of::<Stock>()?;
        stock.want_order(*order);
        if let Some(location) = location {
            self.sent.pieces.iter().for_each(|(variant, ..)| stock.want_goods((*location, *variant)));
        }
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        let request = &self.request;
        let row = books.of::<Register>()?.row(request.order)?.clone();
        let place = match request.location {
            Some(location) => who.demand_at(Permission::OrdersReturn, location, "location").map(|()| location)?,
            None => row.order.demand_place(Permission::OrdersReturn, who)?,
        };
        demand_left(&row)?;
        let (_, open) = books.goods_of(request.order)?;
        let now = books.now;
        let returns: Vec<_> = books.of::<Returns>()?.of(request.order).cloned().collect();
        let lines =
            request.lines.iter().map(|line| wanted(&row, &returns, &open, *line)).collect::<Result<Vec<_>>>()?;
        let mut made = Return {
            id: ReturnId::new(),
            number: format!("{}-R{}", row.order.number, returns.len() + 1),
            order_id: request.order,
            status: ReturnStatus::Requested,
            location_id: None,
            is_returnless: false,
            note: request.note.clone(),
            refund_minor: 0,
            withheld_minor: 0,
            goods: vec![],
            inspection: vec![],
            requested_by: who.id,
            version: 1,
            created_at: now,
            updated_at: now,
            rest_of: None,
            lines,
        };
        if let Some(location) = request.location {
            made.status = rules::moved(&made.number, made.status, Step::Approve)?;
            made = receive::come_in(books, who, (&row, made), (location, &self.sent, &Arrived::default()))?;
        }
        books.of::<Returns>()?.add(made.clone());
        let view = ReturnView::of(&made, &row.order);
        Answer::created(&view, view.version, Some(place), format!("/v1/returns/{}", made.id))
    }
}

/// Refuses unless something has left.
fn demand_left(row: &OrderRow) -> Result<()> {
    use crate::orders::OrderStatus as S;
    let order = &row.order;
    match order.status {
        S::Processing | S::Shipped | S::Delivered if !row.shipments.is_empty() => Ok(()),
        S::Returned => Err(Error::refused(Code::OrderReturned, format!("order {} has come back", order.number))),
        other => Err(Error::refused(Code::OrderNotShipped, format!("order {} is {other}", order.number))),
    }
}

/// A line that comes back, refused beyond what has left and does not come back already.
fn wanted(
    row: &OrderRow,
    returns: &[Return],
    open: &HashMap<VariantId, i32>,
    (no, units, reason): (i32, i32, ReturnReason),
) -> Result<ReturnLine> {
    let number = row.order.number;
    let line = row.lines.iter().find(|line| line.line_no == no);
    let line = line.ok_or_else(|| Error::refused(Code::NotOnDocument, format!("order {number} has no line {no}")))?;
    let coming_back =
        returns.iter().filter(|other| other.status != ReturnStatus::Rejected).flat_map(|other| &other.lines);
    let coming: i32 = coming_back.filter(|other| other.line_no == no).map(ReturnLine::units).sum();
    let left = rules::left_of(line, open)? - coming;
    if units > left {
        let detail = format!("{units} of line {no} of order {number}: {} can come back", left.max(0));
        return Err(Error::refused(Code::NothingToReturn, detail));
    }
    Ok(ReturnLine { line_no: no, quantity: units, reason, unit_minor: line.unit_minor, received: None })
}

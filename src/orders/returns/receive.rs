//! Goods that came back are here: any place may take them. They are counted as returned, not as what may be sold, until
//! someone has looked at them.
use super::{
    book::Returns,
    model::{Goods, Return, ReturnLine, ReturnStatus},
    read::ReturnView,
    rules::{self, Step},
};
use crate::{
    inventory::{self, Demand, Inventory, Stock},
    kernel::{
        Actor, Code, Error, Fault, LocationId, LotId, OrderId, Places, Refusal, Result, ReturnId, VariantId,
        actor::Permission,
    },
    orders::{Register, model::OrderEventKind, orders_by_id, store::OrderRow, timeline::By},
    platform::{
        idempotency::{Answer, Once},
        intake::{Books, Job},
    },
};

/// Units of a variant, of one lot or of none.
pub type Pieces = (VariantId, Option<LotId>, i32);

/// What an order was sent and has not come back, as it was at one of its versions.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    pub version: i64,
    pub pieces: Vec<Pieces>,
}

/// What arrived of a return.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    /// Units of lines; of lines that are not named nothing has arrived. All of the return if empty.
    pub lines: Vec<(i32, i32)>,
    /// Lots that were read off the goods, where they are not those that were sent first.
    pub lots: Vec<Pieces>,
    /// What did not arrive is not waited for.
    pub is_rest_closed: bool,
}

struct Receive {
    id: ReturnId,
    order: OrderId,
    location: LocationId,
    arrived: Arrived,
    sent: Sent,
}

/// What an order was sent, lot by lot, less what has come back.
pub async fn sent(inventory: &Inventory, order: OrderId) -> Result<Sent> {
    let found = inventory.db.read(move |db| {
        // The version first: whatever has come in between makes it stale.
        let order = orders_by_id(db, &Places::Everywhere, &[order])?.pop().ok_or_else(|| Error::not_found("order"))?;
        Ok(Sent { version: order.version, pieces: inventory::sent_to_order(db, order.id)? })
    });
    found.await
}

/// Takes in what comes back.
pub async fn receive(
    inventory: &Inventory,
    actor: Actor,
    (id, location): (ReturnId, LocationId),
    arrived: Arrived,
    key: Once,
) -> Result<Answer> {
    actor.demand_at(Permission::OrdersReturn, location, "location")?;
    let prepare = async || {
        let order = super::decide::order_of(inventory, id).await?;
        Ok(Receive { id, order, location, arrived: arrived.clone(), sent: sent(inventory, order).await? })
    };
    inventory.settle(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Job for Receive {
    fn ask(&self, books: &mut Books) -> Result<()> {
        books.of::<Register>()?.want(self.order);
        books.of::<Returns>()?.want(self.order);
        let stock = books.of::<Stock>()?;
        self.sent.pieces.iter().for_each(|(variant, ..)| stock.want_goods((self.location, *variant)));
        Ok(())
    }

    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer> {
        who.demand_at(Permission::OrdersReturn, self.location, "location")?;
        let row = books.of::<Register>()?.row(self.order)?.clone();
        let found = books.of::<Returns>()?.get(self.id)?.clone();
        let came = come_in(books, who, (&row, found), (self.location, &self.sent, &self.arrived))?;
        let now = books.now;
        if !self.arrived.is_rest_closed {
            wait_for_rest(books, who, &came)?;
        }
        let came = books.of::<Returns>()?.put(came, now);
        let view = ReturnView::of(&came, &row.order);
        Answer::ok(&view, view.version, Some(self.location))
    }
}

/// Books the goods of a return in at a place, as the lots that were sent or those that were read off them, and counts
/// them as come back.
pub fn come_in(
    books: &mut Books,
    who: &Actor,
    (row, mut back): (&OrderRow, Return),
    (location, sent, arrived): (LocationId, &Sent, &Arrived),
) -> Result<Return> {
    back.status = rules::moved(&back.number, back.status, Step::Receive)?;
    if sent.version != row.order.version {
        return Err(Error::refused(Code::Conflict, "the order has changed meanwhile"));
    }
    note_arrived(&mut back, &arrived.lines)?;
    let mut wanted = Demand::default();
    for line in back.lines.iter().filter(|line| line.units() > 0) {
        let of_order = row.lines.iter().find(|of| of.line_no == line.line_no);
        let of_order = of_order.ok_or_else(|| anyhow::anyhow!("a return of a line that is not there"))?;
        for (variant, units) in of_order.goods(line.units())?.iter() {
            wanted.add(variant, units)?;
        }
    }
    back.goods = lots_of(&wanted, &sent.pieces, &arrived.lots)?;
    back.location_id = Some(location);
    let pieces: Vec<_> = back.goods.iter().map(|piece| (piece.variant_id, piece.lot_id, piece.quantity)).collect();
    books.take_back((location, who.id), &pieces, row.order.id)?;
    let by = By::of(who).for_reason(Some(&back.number));
    let lines = back.lines.clone();
    books.change_lines(by, (row.order.id, OrderEventKind::PartReturned), |row| {
        for line in &lines {
            if let Some(of_order) = row.lines.iter_mut().find(|of| of.line_no == line.line_no) {
                of_order.returned += line.units();
            }
        }
    })?;
    Ok(back)
}

/// Writes down how much of each line arrived.
fn note_arrived(back: &mut Return, arrived: &[(i32, i32)]) -> Result<()> {
    let mut faults = vec![];
    for (at, (no, units)) in arrived.iter().enumerate() {
        let pointer = |field: &str| format!("/lines/{at}/{field}");
        match back.lines.iter().find(|line| line.line_no == *no) {
            None => faults.push(Fault::at(
                &pointer("line_no"),
                Code::NotOnDocument.as_str(),
                format!("return {} has no line {no}", back.number),
            )),
            Some(line) if *units > line.quantity => faults.push(Fault::at(
                &pointer("quantity"),
                Code::NothingToReturn.as_str(),
                format!("{units} of line {no}: {} were to come back", line.quantity),
            )),
            Some(_) => {}
        }
    }
    if let Some(first) = faults.first() {
        let is_unknown = first.code == Code::NotOnDocument.as_str();
        let code = if is_unknown { Code::NotOnDocument } else { Code::NothingToReturn };
        return Err(Refusal::new(code, first.detail.clone()).with_faults(faults).into());
    }
    for line in &mut back.lines {
        let named = arrived.iter().find(|(no, _)| *no == line.line_no).map_or(0, |(_, units)| *units);
        line.received = Some(if arrived.is_empty() { line.quantity } else { named });
    }
    Ok(())
}

/// What did not arrive is a return of its own, approved like the one that it was asked for in.
fn wait_for_rest(books: &mut Books, who: &Actor, came: &Return) -> Result<()> {
    let rest =
        |line: &ReturnLine| ReturnLine { quantity: line.quantity - line.units(), received: None, ..line.clone() };
    let lines: Vec<_> = came.lines.iter().map(rest).filter(|line| line.quantity > 0).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let (order, now) = (came.order_id, books.now);
    let count = books.of::<Returns>()?.of(order).count() + 1;
    let number = format!("{}-R{count}", books.of::<Register>()?.row(order)?.order.number);
    let rest = Return {
        id: ReturnId::new(),
        number,
        status: ReturnStatus::Approved,
        location_id: None,
        goods: vec![],
        requested_by: who.id,
        version: 1,
        created_at: now,
        updated_at: now,
        rest_of: Some(came.id),
        lines,
        ..came.clone()
    };
    books.of::<Returns>()?.add(rest);
    Ok(())
}

/// Which lots come back: those that were read off the goods; of the rest, those that were sent, in that order. No more
/// than was sent of each.
fn lots_of(wanted: &Demand, sent: &[Pieces], read: &[Pieces]) -> Result<Vec<Goods>> {
    let mut left = sent.to_vec();
    let mut goods = vec![];
    for (variant, units) in wanted.iter() {
        let mut missing = units;
        let named = read.iter().filter(|of| of.0 == variant).map(|of| (of.1, of.2));
        let named: Vec<_> = named.collect();
        let all: Vec<_> = sent.iter().filter(|of| of.0 == variant).map(|of| (of.1, i32::MAX)).collect();
        for (lot_id, most) in named.into_iter().chain(all) {
            let Some(piece) = left.iter_mut().find(|of| of.0 == variant && of.1 == lot_id) else {
                let detail = "a lot that was not sent to this order does not come back from it";
                return Err(Error::refused(Code::UnknownLot, detail));
            };
            let quantity = missing.min(most).min(piece.2);
            piece.2 -= quantity;
            missing -= quantity;
            if quantity > 0 {
                goods.push(Goods { variant_id: variant, lot_id, quantity });
            }
        }
        if missing > 0 {
            let detail = format!("{missing} units more than have left and not come back");
            return Err(Error::refused(Code::NothingToReturn, detail));
        }
    }
    Ok(goods)
}

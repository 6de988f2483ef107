//! Goods that came back are here: any location may take them. They are counted as returned, not as what may be sold,
//! until someone has looked at them.
use super::{
    arrived,
    model::{Goods, Return, ReturnLine, ReturnStatus},
    read::ReturnView,
    rules::{self, ReturnStep},
};
use crate::{
    inventory::{self, Cause, Demand, Inventory, Stock, StockActions},
    kernel::{
        Actor, Code, Error, LocationId, Locations, LotId, OrderId, Result, ReturnId, VariantId, actor::Permission,
    },
    orders::{
        actions::OrderActions,
        model::OrderEventKind,
        read::orders_by_id,
        returns::{
            model::{LineArrived, of_order},
            working_set::Returns,
        },
        store::OrderRow,
        timeline::By,
        working_set::Orders,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Units of a variant, of one lot or of none.
pub type SentUnits = (VariantId, Option<LotId>, i32);

/// The units that an order was sent and that have not come back, as it was at one of its versions.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    pub version: i64,
    pub pieces: Vec<SentUnits>,
}

/// The units of a return that arrived.
#[derive(Debug, Clone, Default)]
pub struct Arrived {
    /// The units that arrived of lines; of lines that are not named nothing has. All of the return if empty.
    pub lines: Vec<LineArrived>,
    /// Lots that were read off the goods, where they are not those that were sent first.
    pub lots: Vec<SentUnits>,
    /// True if units that did not arrive are not waited for.
    pub is_rest_closed: bool,
    /// None of it arrives: it is written off at once.
    pub is_lost: bool,
}

struct Receive {
    id: ReturnId,
    order: OrderId,
    location: LocationId,
    arrived: Arrived,
    sent: Sent,
}

/// The units that an order was sent, lot by lot, less what has come back; what left one location first, if it is named.
pub async fn sent(inventory: &Inventory, order: OrderId, first: Option<LocationId>) -> Result<Sent> {
    let found = inventory.db.read(move |db| {
        // The version first: whatever has come in between makes it stale.
        let order =
            orders_by_id(db, &Locations::Everywhere, &[order])?.pop().ok_or_else(|| Error::not_found("order"))?;
        Ok(Sent { version: order.version, pieces: inventory::sent_to_order(db, order.id, first)? })
    });
    found.await
}

/// Takes in what comes back.
pub async fn receive(
    inventory: &Inventory,
    caller: Caller,
    id: ReturnId,
    location: LocationId,
    arrived: Arrived,
) -> Result<Recorded<ReturnView>> {
    let Caller { actor, key, .. } = caller;
    actor.require_at(Permission::OrdersReturn, location, "location")?;
    let prepare = async || {
        inventory.require_open_location(location).await?;
        let order = crate::orders::returns::read::order_of(inventory, id).await?;
        Ok(Receive { id, order, location, arrived: arrived.clone(), sent: sent(inventory, order, None).await? })
    };
    inventory.execute(actor.clone(), Permission::OrdersReturn, key, prepare).await
}

impl Command for Receive {
    type Output = ReturnView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.order);
        uow.of::<Returns>()?.want(self.order);
        let stock = uow.of::<Stock>()?;
        self.sent.pieces.iter().for_each(|(variant, ..)| stock.want_goods((self.location, *variant)));
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReturnView>> {
        who.require_at(Permission::OrdersReturn, self.location, "location")?;
        let row = uow.of::<Orders>()?.row(self.order)?.clone();
        let found = uow.of::<Returns>()?.get(self.id)?.clone();
        let arrival = ReturnArrival { location: self.location, sent: &self.sent, arrived: &self.arrived };
        let came = come_in(uow, who, &row, found, arrival)?;
        let now = uow.now;
        if !self.arrived.is_rest_closed {
            wait_for_rest(uow, who, &came)?;
        }
        let came = uow.of::<Returns>()?.put(came, now);
        let view = ReturnView::of(&came, &row.order);
        Ok(Outcome::changed(view.version, Some(self.location), view))
    }
}

/// Goods of a return as they come in: where, what was sent of them, and what has arrived.
pub struct ReturnArrival<'a> {
    pub location: LocationId,
    pub sent: &'a Sent,
    pub arrived: &'a Arrived,
}

/// Books the goods of a return in at a location, as the lots that were sent or those that were read off them, and
/// counts them as come back.
pub fn come_in(
    uow: &mut UnitOfWork,
    who: &Actor,
    row: &OrderRow,
    mut back: Return,
    arrival: ReturnArrival<'_>,
) -> Result<Return> {
    let ReturnArrival { location, sent, arrived } = arrival;
    back.status = rules::moved(&back.number, back.status, ReturnStep::Receive)?;
    if sent.version != row.order.version {
        return Err(Error::refused(Code::Conflict, "the order has changed meanwhile"));
    }
    arrived::note(&mut back, row, &arrived.lines)?;
    let mut wanted = Demand::default();
    for line in &mut back.lines {
        let of_order = of_order(row, line.line_no)?;
        line.price(of_order, &of_order.units_back());
        for (variant, units) in line.goods(of_order)?.iter() {
            wanted.add(variant, units)?;
        }
    }
    back.goods = lots_of(&wanted, &sent.pieces, &arrived.lots)?;
    back.location_id = Some(location);
    let pieces: Vec<_> = back.goods.iter().map(|piece| (piece.variant_id, piece.lot_id, piece.quantity)).collect();
    let cause = Cause { of: ("order", row.order.id.0), actor: who.id, now: uow.now, note: None };
    uow.take_back(location, &pieces, arrived.is_lost, cause)?;
    let by = By::of(who).for_reason(Some(&back.number));
    count_back(uow, by, &back)?;
    Ok(back)
}

/// Counts what came back on the lines of the order.
pub fn count_back(uow: &mut UnitOfWork, by: By, back: &Return) -> Result<()> {
    let mut lines = uow.of::<Orders>()?.row(back.order_id)?.lines.clone();
    for line in &back.lines {
        if let Some(of_order) = lines.iter_mut().find(|of| of.line_no == line.line_no) {
            of_order.take_back(line.whole_units(), &line.alone())?;
        }
    }
    uow.change_lines(by, back.order_id, OrderEventKind::PartReturned, |row| row.lines = lines).map(|_| ())
}

/// Units that did not arrive are a return of its own, approved like the one that it was asked for in.
fn wait_for_rest(uow: &mut UnitOfWork, who: &Actor, came: &Return) -> Result<()> {
    let row = uow.of::<Orders>()?.row(came.order_id)?;
    let rest = |line: &ReturnLine| Ok(arrived::rest(line, of_order(row, line.line_no)?));
    let lines: Vec<_> = came.lines.iter().filter_map(|line| rest(line).transpose()).collect::<Result<_>>()?;
    if lines.is_empty() {
        return Ok(());
    }
    let (order, now) = (came.order_id, uow.now);
    let count = uow.of::<Returns>()?.of(order).count() + 1;
    let number = format!("{}-R{count}", uow.of::<Orders>()?.row(order)?.order.number);
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
        shipping_minor: 0,
        shipping_tax_minor: 0,
        lines,
        ..came.clone()
    };
    uow.of::<Returns>()?.add(rest);
    Ok(())
}

/// Which lots come back: those that were read off the goods; of the rest, those that were sent, in that order. No more
/// than was sent of each.
fn lots_of(wanted: &Demand, sent: &[SentUnits], read: &[SentUnits]) -> Result<Vec<Goods>> {
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

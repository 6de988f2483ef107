//! Orders that customers fetch: held at a store when they are placed, made ready with a code, handed over when the code
//! is said, given up when they have waited too long.
use super::{
    store::{Pickup, PickupStatus},
    working_set::Pickups,
};
use crate::{
    inventory::{AllocationScope, Demand, Inventory, Picking, Stock, StockActions},
    kernel::{Actor, Code, Error, LocationId, OrderId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        model::{OrderEventKind, OrderStatus},
        read::OrderView,
        rules::{self, OrderMove},
        store::{NewShipment, Order},
        timeline::By,
        working_set::Orders,
    },
    payments::Payments,
    platform::{
        db::clock_guard::ClockGuard,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, OutcomeKind, Recorded},
    },
};
use chrono::{DateTime, Duration, Utc};
use rand::RngExt;
use serde::Serialize;
use utoipa::ToSchema;

/// Wrong codes that may be said before a new one must be made.
const TRIES: i32 = 5;

/// An order that is ready, with the code that its customer is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyView {
    /// Six digits: what the customer shows. It is told here only.
    pub code: String,
    /// Until when it waits.
    pub expires_at: DateTime<Utc>,
    /// The order as it stands now.
    pub order: OrderView,
}

struct Ready {
    id: OrderId,
    waits: Duration,
}

/// Says that an order lies ready at its store, and makes its code; a new one if too many wrong ones were said.
pub async fn ready(inventory: &Inventory, caller: Caller, id: OrderId, waits: Duration) -> Result<Recorded<ReadyView>> {
    let Caller { actor, key, .. } = caller;
    inventory.group_commit.submit(actor, Permission::OrdersFulfill, key, Ready { id, waits }).await
}

fn lock(uow: &mut UnitOfWork, id: OrderId) -> Result<()> {
    uow.lock_order(id)?;
    uow.of::<Pickups>()?.want(id);
    Ok(())
}

fn pickup_order(uow: &mut UnitOfWork, id: OrderId, who: &Actor) -> Result<Order> {
    let order = uow.order(id, who, Permission::OrdersFulfill)?;
    if !order.is_pickup {
        let detail = format!("order {} is sent to its customer", order.number);
        return Err(Error::refused(Code::NotAPickup, detail));
    }
    Ok(order)
}

impl Command for Ready {
    type Output = ReadyView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        lock(uow, self.id)
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<ReadyView>> {
        let order = pickup_order(uow, self.id, who)?;
        let known = uow.of::<Pickups>()?.get(self.id).cloned();
        if known.as_ref().is_some_and(|known| known.status == PickupStatus::Ready && known.attempts < TRIES) {
            let detail = format!("order {} is ready already; hand it over by its code", order.number);
            return Err(Error::refused(Code::PickupReady, detail));
        }
        if order.status != OrderStatus::Processing {
            rules::moved(order.number, order.status, OrderMove::Process)?;
        }
        uow.of::<Stock>()?.require_goods(self.id)?;
        let (now, by) = (uow.now, By::of(who));
        if order.status == OrderStatus::Confirmed {
            uow.move_order(by, self.id, OrderMove::Process, |_| {})?;
        }
        let row = uow.change_order(by, self.id, OrderEventKind::ReadyForPickup, |_| {})?;
        let pickup = Pickup {
            order_id: self.id,
            location_id: order.location_id,
            status: PickupStatus::Ready,
            code: format!("{:06}", rand::rng().random_range(0..1_000_000)),
            attempts: 0,
            ready_at: now,
            expires_at: now + self.waits,
            ended_at: None,
            version: known.map_or(1, |known| known.version + 1),
        };
        let view = ReadyView { code: pickup.code.clone(), expires_at: pickup.expires_at, order: OrderView::from(&row) };
        uow.of::<Pickups>()?.put(pickup);
        Ok(Outcome::changed(view.order.version, Some(order.location_id), view))
    }
}

struct Collect {
    id: OrderId,
    code: String,
}

/// Hands an order over to whoever says its code.
pub async fn collect(inventory: &Inventory, caller: Caller, id: OrderId, code: String) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, .. } = caller;
    inventory.group_commit.submit(actor, Permission::OrdersFulfill, key, Collect { id, code }).await
}

impl Command for Collect {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.id);
        uow.of::<Payments>()?.want(self.id);
        uow.of::<Pickups>()?.want(self.id);
        uow.of::<Stock>()?.want_goods_of(self.id);
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let order = pickup_order(uow, self.id, who)?;
        let at = order.location_id;
        let Some(pickup) = uow.of::<Pickups>()?.get(self.id).cloned() else {
            // What is paid for is not ready yet; anything else has no pickup to come.
            if order.status != OrderStatus::Confirmed {
                rules::moved(order.number, order.status, OrderMove::Ship)?;
            }
            return Err(Error::refused(Code::PickupNotReady, format!("order {} is not ready", order.number)));
        };
        if pickup.status != PickupStatus::Ready {
            let detail = format!("the pickup of order {} is {}", order.number, pickup.status);
            return Err(Error::refused(Code::PickupNotReady, detail));
        }
        if pickup.attempts >= TRIES {
            let detail = format!("too many wrong codes were said for order {}: make it ready anew", order.number);
            return Err(Error::refused(Code::PickupLocked, detail));
        }
        if pickup.code != self.code {
            let attempts = pickup.attempts + 1;
            uow.of::<Pickups>()?.put(Pickup { attempts, version: pickup.version + 1, ..pickup });
            // The try is counted, so this refusal is recorded.
            let detail = format!("this is not the order's code; tries left: {}", TRIES - attempts);
            return Ok(Outcome::refused(Code::WrongPickupCode, detail, Some(at)));
        }
        let view = self.hand_over(uow, who, &order)?;
        let (status, ended_at) = (PickupStatus::Collected, Some(uow.now));
        uow.of::<Pickups>()?.put(Pickup { status, ended_at, version: pickup.version + 1, ..pickup });
        Ok(Outcome::changed(view.version, Some(at), view))
    }
}

impl Collect {
    fn hand_over(&self, uow: &mut UnitOfWork, who: &Actor, order: &Order) -> Result<OrderView> {
        let (id, now) = (self.id, uow.now);
        let goods: Vec<(LocationId, Demand)> = uow.unshipped(id)?;
        rules::moved(order.number, order.status, OrderMove::Ship)?;
        uow.ship(who.id, id, &AllocationScope::All, &Picking::default())?;
        let parcel = |(at, goods): &(LocationId, Demand)| {
            let mut parcel = NewShipment::of(order, *at, goods, now);
            parcel.0.delivered_at = Some(now);
            parcel
        };
        let sums = uow.collect_order_due(id, order.kept_minor())?;
        let by = By::of(who).for_reason(Some("fetched by the customer"));
        uow.ship_order(by, id, goods.iter().map(parcel).collect(), true, sums)?;
        let row = uow.move_order(by, id, OrderMove::Deliver, |_| {})?;
        Ok(OrderView::from(&row))
    }
}

struct Expire(OrderId);

impl Command for Expire {
    type Output = bool;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        lock(uow, self.0)
    }

    fn decide(&self, uow: &mut UnitOfWork, _: &Actor) -> Result<Outcome<bool>> {
        let now = uow.now;
        let due = uow.of::<Pickups>()?.get(self.0).cloned();
        let due = due.filter(|pickup| pickup.status == PickupStatus::Ready && pickup.expires_at <= now);
        let Some(pickup) = due else { return Ok(Outcome::of(OutcomeKind::Changed, None, false)) };
        let order = uow.of::<Orders>()?.row(self.0)?.order.clone();
        if rules::moved(order.number, order.status, OrderMove::Cancel).is_ok() {
            uow.cancel_order(By::default().for_reason(Some("not fetched in time")), self.0)?;
        }
        let (status, ended_at) = (PickupStatus::Expired, Some(now));
        uow.of::<Pickups>()?.put(Pickup { status, ended_at, version: pickup.version + 2, ..pickup });
        Ok(Outcome::of(OutcomeKind::Changed, None, true))
    }
}

/// Gives up orders that have waited too long at a store and returns how many.
pub async fn expire_pickups(inventory: &Inventory, pace: &ClockGuard) -> Result<usize> {
    let Some(now) = pace.now(&inventory.db).await? else { return Ok(0) };
    let now = now + inventory.db.clock().ahead();
    let find = async |most| inventory.db.read(move |db| Ok(super::store::due_pickups(db.conn(), now, most)?)).await;
    inventory.group_commit.end_due(find, Expire).await
}

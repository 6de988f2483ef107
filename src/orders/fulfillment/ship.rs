//! Picking and shipping: promised units leave, all of them, those of one location, or some as a parcel.
use super::unsent::Unsent;
use crate::{
    catalog::Catalog,
    inventory::{AllocationScope, Demand, Inventory, Picking, ShelfLife, Stock, StockActions},
    kernel::{
        Actor, Code, Error, Expected, Faults, LocationId, OrderId, Quantity, Result, Sku, Text, VariantId,
        actor::Permission,
    },
    orders::{
        actions::OrderActions,
        assignments::{self, Assignments},
        canceling::cancel_lines::CanceledUnits,
        model::OrderStatus,
        read::OrderView,
        rules::{self, OrderMove},
        store::{NewShipment, Order, OrderRow},
        timeline::By,
        working_set::Orders,
    },
    payments::Payments,
    platform::{
        db::Read,
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;

crate::text_enum! {
    /// The step to go to.
    FulfillStep {
        /// Begin picking.
        Start = "start",
        /// Hand over to the carrier or the customer, having picked if that was not yet said.
        Ship = "ship",
    }
}

/// The facts that are known of the parcel.
#[derive(Debug, Clone)]
pub struct Fulfill {
    pub step: FulfillStep,
    /// The location whose part is shipped; all of it, if absent.
    pub location: Option<LocationId>,
    /// Units of lines that leave, of one location; everything there, if none are named.
    pub lines: CanceledUnits,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    /// Lots that were taken in place of those that expire first, and why.
    pub picks: Vec<Pick>,
    pub pick_reason: Option<String>,
}

/// Units of a lot that were taken.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Of a bundle, the SKU of the part.
    pub sku: Sku,
    /// The code of the lot, as it is printed.
    pub lot: Text<20>,
    /// Units.
    pub quantity: Quantity,
}

struct FulfillCommand {
    id: OrderId,
    fulfill: Fulfill,
    /// The picks by variant.
    picks: Vec<(VariantId, String, i32)>,
    shelf_life: ShelfLife,
    expected: Expected,
}

/// Starts picking a confirmed order, or ships it.
pub async fn fulfill(
    inventory: &Inventory,
    caller: Caller,
    id: OrderId,
    fulfill: Fulfill,
) -> Result<Recorded<OrderView>> {
    let Caller { actor, key, expected } = caller;
    let (catalog, shelf_life) = (&inventory.catalog, inventory.shelf_life);
    let prepare = async || {
        let (catalog, wanted) = (catalog.clone(), fulfill.picks.clone());
        let picks = match wanted.is_empty() {
            true => vec![],
            false => inventory.db.read(move |db| picked(db, &catalog, &wanted)).await?,
        };
        Ok(FulfillCommand { id, fulfill: fulfill.clone(), picks, shelf_life, expected: expected.clone() })
    };
    inventory.execute(actor, Permission::OrdersFulfill, key, prepare).await
}

/// The picks by variant, also of variants that are sold no longer.
fn picked(db: &mut Read, catalog: &Catalog, picks: &[Pick]) -> Result<Vec<(VariantId, String, i32)>> {
    let skus: Vec<_> = picks.iter().map(|pick| pick.sku.clone()).collect();
    let offers = catalog.offers_by_sku(db, &skus)?;
    let (mut picked, mut faults) = (vec![], Faults::default());
    for (at, pick) in picks.iter().enumerate() {
        match offers.get(pick.sku.key()) {
            Some(offer) => picked.push((offer.variant.id, String::from(pick.lot.clone()), pick.quantity.get())),
            None => faults.add(Code::UnknownSku, &format!("/picks/{at}/sku"), format!("there is no SKU {}", pick.sku)),
        }
    }
    faults.require_none().map(|()| picked)
}

impl Command for FulfillCommand {
    type Output = OrderView;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.of::<Orders>()?.want(self.id);
        match self.fulfill.step {
            FulfillStep::Ship => {
                uow.of::<Payments>()?.want(self.id);
                uow.of::<Stock>()?.want_goods_of(self.id);
            }
            FulfillStep::Start => uow.of::<Stock>()?.want_order(self.id),
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<OrderView>> {
        let id = self.id;
        let order = uow.order(id, who, Permission::OrdersFulfill)?;
        self.expected.check("the order", order.version)?;
        let place = order.require_place(Permission::OrdersFulfill, who)?;
        let row = match self.fulfill.step {
            FulfillStep::Start => uow.move_order(By::of(who), id, OrderMove::Process, |_| {})?,
            FulfillStep::Ship => self.ship(uow, who, &order)?,
        };
        let view = OrderView::from(&row);
        Ok(Outcome::changed(view.version, Some(self.fulfill.location.unwrap_or(place)), view))
    }
}

impl FulfillCommand {
    /// Ships one location's part, or all that is left. The order is shipped when nothing is left.
    fn ship(&self, uow: &mut UnitOfWork, who: &Actor, order: &Order) -> Result<OrderRow> {
        let (id, now) = (self.id, uow.now);
        if order.is_pickup {
            let detail = format!("order {} is handed over to whoever says its code", order.number);
            return Err(Error::refused(Code::OrderIsPickup, detail));
        }
        let is_picked_now = order.status == OrderStatus::Confirmed;
        let picked = match is_picked_now {
            true => rules::moved(order.number, order.status, OrderMove::Process)?,
            false => order.status,
        };
        rules::moved(order.number, picked, OrderMove::Ship)?;
        let standing = uow.unshipped(id)?;
        let locations = self.places(order, &standing.iter().map(|(location, _)| *location).collect(), who)?;
        let picking = Picking {
            picks: self.picks.clone(),
            reason: self.fulfill.pick_reason.clone(),
            good_for_days: self.shelf_life.days(order.channel),
            promised_at: order.created_at,
        };
        let named = uow.of::<Orders>()?.row(id).and_then(|row| Unsent::of(row)?.of_lines(row, &self.fulfill.lines))?;
        let leaving = uow.all_or_nothing(|uow| {
            let (part, leaving) = self.leaving(uow, order, &standing, &locations)?;
            uow.ship(who.id, id, &part, &picking)?;
            Ok(leaving)
        })?;
        if is_picked_now {
            uow.move_order(By::of(who), id, OrderMove::Process, |_| {})?;
        }
        let Fulfill { carrier, tracking_number, .. } = &self.fulfill;
        let parcel = |(at, goods): &(LocationId, Demand)| {
            let mut parcel = NewShipment::of(order, *at, goods, now);
            (parcel.0.carrier, parcel.0.tracking_number) = (carrier.clone(), tracking_number.clone());
            parcel.hold(named.clone());
            parcel
        };
        let sums = uow.collect_order_due(id, order.kept_minor())?;
        let is_all = uow.unshipped(id)?.is_empty();
        uow.ship_order(By::of(who), id, leaving.iter().map(parcel).collect(), is_all, sums)
    }

    /// The goods that leave now: everything at the locations, or the lines that are named, which are parted from the
    /// rest.
    fn leaving(
        &self,
        uow: &mut UnitOfWork,
        order: &Order,
        standing: &Assignments,
        locations: &BTreeSet<LocationId>,
    ) -> Result<(AllocationScope, Assignments)> {
        let there: Assignments =
            standing.iter().filter(|(location, _)| locations.contains(location)).cloned().collect();
        let part = self.fulfill.location.map_or(AllocationScope::All, AllocationScope::At);
        if self.fulfill.lines.is_empty() {
            return Ok((part, there));
        }
        let [(location, _)] = there.as_slice() else {
            let detail = format!("order {} is filled from several locations; name one as location_id", order.number);
            return Err(Error::refused(Code::InvalidBody, detail));
        };
        let goods = assignments::goods_of_lines(uow.of::<Orders>()?.row(self.id)?, &self.fulfill.lines)?;
        let rest = assignments::without(&there, &goods, order.number)?;
        let leaving = vec![(*location, goods.clone())];
        if rest.is_empty() {
            return Ok((part, leaving));
        }
        let holds = uow.reassign(self.id, AllocationScope::At(*location), &[leaving.clone(), rest].concat(), 0)?;
        Ok((AllocationScope::Of(holds.into_iter().take(1).collect()), leaving))
    }

    /// The locations whose parts leave now, each of which the actor may ship from.
    fn places(&self, order: &Order, left: &BTreeSet<LocationId>, who: &Actor) -> Result<BTreeSet<LocationId>> {
        let number = order.number;
        let Some(location) = self.fulfill.location else {
            let places = who.places(Permission::OrdersFulfill);
            if left.iter().all(|location| places.include(*location)) {
                return Ok(left.clone());
            }
            let detail = format!("order {number} is filled from several locations; name yours as location_id");
            return Err(Error::refused(Code::Forbidden, detail));
        };
        who.require_at(Permission::OrdersFulfill, location, "location")?;
        match (left.contains(&location), order.locations().any(|of| of == location)) {
            (true, _) => Ok(BTreeSet::from([location])),
            (false, true) => {
                let detail = format!("what order {number} has at location {location} has left");
                Err(Error::refused(Code::OrderAlreadyShipped, detail))
            }
            (false, false) => {
                let detail = format!("order {number} has nothing at location {location}");
                Err(Error::refused(Code::NotOnDocument, detail))
            }
        }
    }
}

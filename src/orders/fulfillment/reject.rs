//! A location cannot fill its part of an order: the part is sourced again from locations that have not said so, or
//! given up with its money. What is missing or damaged leaves what may be sold there; what is missing waits for a
//! count.
mod prepare;
use prepare::{lines_of, prepared};

use crate::{
    inventory::{AllocationScope, Cause, Demand, Inventory, PickFault, Stock, StockActions},
    kernel::{Actor, Code, Error, LocationId, Locations, OrderId, Result, actor::Permission},
    orders::{
        actions::OrderActions,
        assignments::Assignments,
        canceling::cancel_lines,
        model::OrderEventKind,
        read::OrderView,
        rules,
        sourcing::{
            Candidate, Site, Strategy,
            split::{self, ShippingCost},
        },
        store::{RejectReason, Rejection, SourcedPart, SourcedUnits, SourcingDecision},
        timeline::By,
        working_set::Orders,
    },
    platform::{
        group_commit::{Command, UnitOfWork},
        idempotency::{Caller, Outcome, OutcomeKind, Recorded},
    },
};

use chrono::{DateTime, Utc};

/// Locations that are asked in turn for a part of one order; then it is given up.
const MOST: usize = 5;

/// The statement of a location.
#[derive(Debug, Clone)]
pub struct Reject {
    pub location: LocationId,
    pub reason: RejectReason,
    pub note: Option<String>,
    /// The books are corrected at once, by someone who may; otherwise what is missing waits for a count.
    pub is_certain: bool,
}

struct RejectCommand {
    id: OrderId,
    reject: Reject,
    /// Until when the part is left alone if no other location has it: the service looks for a shortfall. Otherwise the
    /// part is given up then.
    until: Option<DateTime<Utc>>,
    /// True if its timeline tells of the shortfall already.
    is_known: bool,
    /// The units that the location was to send, as they were when other locations were looked for.
    goods: Demand,
    places: Vec<LocationId>,
    /// Days for which goods from elsewhere must be good.
    good_for_days: i64,
    /// Decisions about the order so far.
    decisions: i32,
    /// The code of the location, for people.
    code: String,
}

/// Says that a location cannot fill its part.
pub async fn reject(
    inventory: &Inventory,
    caller: Caller,
    id: OrderId,
    reject: Reject,
) -> Result<Recorded<Option<OrderView>>> {
    let Caller { actor, key, .. } = caller;
    actor.require_at(Permission::OrdersFulfill, reject.location, "location")?;
    if reject.is_certain {
        actor.require_at(Permission::InventoryAdjust, reject.location, "location")?;
    }
    let prepare = async || prepared(inventory, actor.places(Permission::OrdersFulfill), id, reject.clone()).await;
    inventory.execute(actor.clone(), Permission::OrdersFulfill, key, prepare).await
}

/// Sources a part again whose goods are gone; where no other location has it, it waits. Whether it was moved.
pub async fn source_again(
    inventory: &Inventory,
    id: OrderId,
    location: LocationId,
    until: DateTime<Utc>,
    is_known: bool,
) -> Result<bool> {
    let reject = Reject { location, reason: RejectReason::Short, note: None, is_certain: false };
    let command = prepared(inventory, Locations::Everywhere, id, reject).await?;
    let moved = inventory.group_commit.work(RejectCommand { until: Some(until), is_known, ..command }).await?;
    Ok(moved.is_some())
}

impl Command for RejectCommand {
    /// The order as it stands; none where its part waits.
    type Output = Option<OrderView>;

    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        uow.lock_order(self.id)?;
        let stock = uow.of::<Stock>()?;
        stock.want_goods_of(self.id);
        for location in &self.places {
            stock.want(*location, &self.goods);
            stock.want_capacity(*location);
        }
        Ok(())
    }

    fn decide(&self, uow: &mut UnitOfWork, who: &Actor) -> Result<Outcome<Option<OrderView>>> {
        let (id, at) = (self.id, self.reject.location);
        if self.until.is_none() {
            who.require_at(Permission::OrdersFulfill, at, "location")?;
            uow.order(id, who, Permission::OrdersFulfill)?;
            if self.reject.is_certain {
                who.require_at(Permission::InventoryAdjust, at, "location")?;
            }
        }
        let order = uow.of::<Orders>()?.row(id)?.order.clone();
        rules::require_open(order.number, order.status)?;
        let standing = uow.unshipped(id)?;
        let Some((_, goods)) = standing.iter().find(|(location, _)| *location == at) else {
            let detail = format!("order {} has nothing at location {at} that has not left", order.number);
            return Err(Error::refused(Code::NotOnDocument, detail));
        };
        if *goods != self.goods {
            return Err(Error::refused(Code::Conflict, "the order has changed meanwhile"));
        }
        let decision = self.source(uow)?;
        if let (Some(until), None) = (self.until, &decision) {
            return self.wait(uow, until);
        }
        let by = By::of(who).for_reason(self.reject.note.as_deref().or(Some(self.reject.reason.as_str())));
        if let Some((parts, _)) = &decision {
            uow.reassign(id, AllocationScope::At(at), parts, self.good_for_days)?;
            for (place, _) in parts {
                uow.of::<Stock>()?.take_capacity(*place);
            }
            let (locations, hold) = uow.locations_of(id)?;
            uow.change_order(by, id, OrderEventKind::PartRejected, |order| {
                order.reservation_id = hold;
                order.put_at(&locations);
            })?;
        } else {
            let lines = lines_of(uow.of::<Orders>()?.row(id)?, goods)?;
            let reason = format!("{} cannot fill it ({}) and no other location can", self.code, self.reject.reason);
            cancel_lines::give_up(uow, id, &lines, Some(at), By::of(who).for_reason(Some(&reason)))?;
        }
        self.write_down(uow, who, decision)?;
        let amiss = match self.reject.reason {
            RejectReason::NotInStock if self.reject.is_certain => Some(PickFault::Gone),
            RejectReason::NotInStock => Some(PickFault::Missing),
            RejectReason::Damaged => Some(PickFault::Damaged),
            RejectReason::NoCapacity | RejectReason::Other | RejectReason::Short => None,
        };
        if let Some(amiss) = amiss {
            let cause = Cause { of: ("order", id.0), actor: who.id, now: uow.now, note: self.reject.note.as_deref() };
            uow.set_aside(at, &goods.iter().collect::<Vec<_>>(), amiss, cause)?;
        }
        let view = OrderView::from(uow.of::<Orders>()?.row(id)?);
        Ok(Outcome::changed(view.version, Some(at), Some(view)))
    }
}

impl RejectCommand {
    /// The sources of the part instead, with the locations that were looked at; none where no other location has it.
    fn source(&self, uow: &mut UnitOfWork) -> Result<Option<(Assignments, Vec<Site>)>> {
        let stock = uow.of::<Stock>()?;
        let site = |place: &LocationId| {
            let available = stock.available(*place, &self.goods, self.good_for_days)?;
            Ok(Site { location: *place, available })
        };
        let open = self.places.iter().filter(|place| !stock.is_full(**place));
        let sites: Vec<Site> = open.map(site).collect::<Result<_>>()?;
        let parts = split::parts_of(&self.goods, &sites)?;
        Ok(parts.map(|parts| (parts, sites)))
    }

    /// Leaves a part that is short where it is, for a while.
    fn wait(&self, uow: &mut UnitOfWork, until: DateTime<Utc>) -> Result<Outcome<Option<OrderView>>> {
        let reason = format!("its goods at {} were sold to someone else; no other location has them", self.code);
        let by = By::default().for_reason(Some(&reason));
        if !self.is_known {
            uow.change_order(by, self.id, OrderEventKind::Short, |_| {})?;
        }
        uow.of::<Orders>()?.add_shortfall(self.id, self.reject.location, until);
        Ok(Outcome::of(OutcomeKind::Changed, None, None))
    }

    fn write_down(&self, uow: &mut UnitOfWork, who: &Actor, found: Option<(Assignments, Vec<Site>)>) -> Result<()> {
        let (order_id, attempt, now) = (self.id, self.decisions + 1, uow.now);
        let (parts, sites) = found.unwrap_or_default();
        let wanted: Vec<_> = self.goods.iter().map(|(_, units)| units).collect();
        let candidate = |site: &Site| Candidate {
            location_id: site.location,
            location_code: None,
            units: site.units(&wanted),
            chosen: parts.iter().any(|(place, _)| *place == site.location),
            available: site.available.clone(),
            shipping_cost: ShippingCost::default(),
        };
        let reason = match parts.len() {
            0 => format!("{} said {}; no other location has it: its units are given up", self.code, self.reject.reason),
            _ => format!("{} said {}", self.code, self.reject.reason),
        };
        let part = |(location_id, goods): &(LocationId, Demand)| SourcedPart {
            location_id: *location_id,
            location_code: None,
            units: SourcedUnits::of(goods),
        };
        let register = uow.of::<Orders>()?;
        register.add_decision(SourcingDecision {
            order_id,
            attempt,
            strategy: if parts.len() > 1 { Strategy::FewestParcels } else { Strategy::LocationPriority },
            candidates: sites.iter().map(candidate).collect(),
            parts: parts.iter().map(part).collect(),
            reason,
            decided_at: now,
            wanted,
            country: None,
        });
        register.add_rejection(Rejection {
            order_id,
            attempt,
            location_id: self.reject.location,
            reason: self.reject.reason,
            note: self.reject.note.clone(),
            actor_id: who.id,
            rejected_at: now,
        });
        Ok(())
    }
}

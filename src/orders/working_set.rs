//! The orders as a lane holds them: those of one batch, locked, changed in memory by the module's rules and written at
//! once. Every method decides first and changes then, so that a refusal leaves no trace.
use super::{
    model::OrderEventKind,
    sourcing,
    store::{
        self, LockedOrders, NewShipment, Order, OrderEvent, OrderLine, OrderRow, Rejection, Shipment, SourcingDecision,
    },
    timeline::By,
};
use crate::{
    kernel::{Actor, Channel, Error, LocationId, OrderId, Result, actor::Permission},
    platform::{
        db::{Bulk, Write},
        group_commit::{Mutant, Patience, Tracked, Versioned, WorkingSet, held_by_others},
    },
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Order numbers fetched at once: one round trip for so many orders.
const NUMBERS: usize = 256;

/// An order in memory.
#[derive(Debug, Clone)]
struct TrackedOrder {
    tracked: Tracked<OrderRow>,
    /// Lines that are in the table.
    lines: usize,
    has_new_lines: bool,
}

impl Versioned for OrderRow {
    fn version(&self) -> i64 {
        self.order.version
    }
}

impl TrackedOrder {
    fn of(tracked: Tracked<OrderRow>) -> Self {
        let lines = tracked.before().map_or(0, |_| tracked.record.lines.len());
        Self { tracked, lines, has_new_lines: false }
    }

    fn row(&self) -> &OrderRow {
        &self.tracked.record
    }
}

/// The orders of one batch.
#[derive(Default)]
pub struct Orders {
    wanted: BTreeSet<OrderId>,
    wanted_refs: BTreeSet<(Channel, String)>,
    refs: HashMap<(Channel, String), OrderId>,
    orders: HashMap<OrderId, TrackedOrder>,
    /// Orders that someone else holds.
    locked_away: HashSet<OrderId>,
    shipments: Vec<NewShipment>,
    ended: Vec<Shipment>,
    decisions: Vec<SourcingDecision>,
    rejections: Vec<Rejection>,
    shortfalls: Vec<(OrderId, LocationId, DateTime<Utc>)>,
    timeline: Vec<OrderEvent>,
    placing: usize,
    /// Numbers for orders to come; what a batch does not use is left for the next.
    numbers: Vec<i64>,
    noted: usize,
}

impl Orders {
    /// Asks for an order.
    pub fn want(&mut self, id: OrderId) {
        self.wanted.insert(id);
    }

    /// Asks for the order that a channel knows by this name, if there is one.
    pub fn want_ref(&mut self, channel: Channel, name: &str) {
        self.wanted_refs.insert((channel, name.to_owned()));
    }

    /// The order that a channel knows by this name.
    pub fn known_ref(&self, channel: Channel, name: &str) -> Result<Option<&OrderRow>> {
        match self.refs.get(&(channel, name.to_owned())) {
            Some(id) => self.row(*id).map(Some),
            None => Ok(None),
        }
    }

    /// Says that an order may be placed, for which a number is needed.
    pub fn want_number(&mut self) {
        self.placing += 1;
    }

    /// The order, if the actor may do this to it; otherwise it does not exist.
    pub fn order(&self, id: OrderId, actor: &Actor, permission: Permission) -> Result<&OrderRow> {
        self.require_free(id)?;
        let kept = self.orders.get(&id).ok_or_else(|| Error::not_found("order"))?;
        kept.row().order.require_place(permission, actor)?;
        Ok(kept.row())
    }

    pub(super) fn note(&mut self, order: &Order, event: OrderEventKind, by: By) {
        let (order_id, version, at) = (order.id, order.version, order.updated_at);
        let (actor_id, reason) = (by.actor, by.reason.map(str::to_owned));
        self.timeline.push(OrderEvent { order_id, version, event, actor_id, reason, at });
    }

    /// An order as it stands, whoever asks.
    pub fn row(&self, id: OrderId) -> Result<&OrderRow> {
        self.require_free(id)?;
        self.orders.get(&id).map(TrackedOrder::row).ok_or_else(|| Error::not_found("order"))
    }

    /// True if a part of the order has left.
    pub fn has_left(&self, id: OrderId) -> bool {
        self.orders.get(&id).is_some_and(|kept| !kept.row().shipments.is_empty())
    }

    fn require_free(&self, id: OrderId) -> Result<()> {
        match self.locked_away.contains(&id) {
            true => Err(held_by_others("order")),
            false => Ok(()),
        }
    }

    /// A number for a new order.
    pub fn number(&mut self) -> Result<i64> {
        self.numbers.pop().ok_or_else(|| anyhow::anyhow!("no order number was fetched").into())
    }

    /// Writes a new order down.
    pub fn add(&mut self, by: By, order: Order, lines: Vec<OrderLine>) {
        // Who placed it and when stands in the order itself.
        let tells_more = by.reason.is_some() || by.actor != Some(order.placed_by) || order.version != 1;
        if tells_more || order.updated_at != order.created_at {
            self.note(&order, OrderEventKind::Placed, by);
        }
        if let Some(name) = &order.external_ref {
            self.refs.insert((order.channel, name.clone()), order.id);
        }
        let row = OrderRow { order, lines, shipments: vec![] };
        self.orders.insert(row.order.id, TrackedOrder::of(Tracked::fresh(row)));
        self.noted += 1;
    }

    /// Writes down why an order is filled from where it is.
    pub fn add_decision(&mut self, decision: SourcingDecision) {
        self.decisions.push(decision);
    }

    /// Writes down that a location could not fill its part.
    pub fn add_rejection(&mut self, rejection: Rejection) {
        self.rejections.push(rejection);
    }

    /// Notes that a part of an order is short, and until when it is left alone.
    pub fn add_shortfall(&mut self, order: OrderId, location: LocationId, until: DateTime<Utc>) {
        self.noted += 1;
        self.shortfalls.push((order, location, until));
    }

    /// Notes parcels that leave.
    pub(super) fn note_shipped(&mut self, parcels: &[NewShipment]) {
        self.shipments.extend(parcels.iter().cloned());
    }

    /// Notes parcels that do not arrive.
    pub(super) fn note_ended(&mut self, parcels: impl Iterator<Item = Shipment>) {
        self.ended.extend(parcels);
    }

    /// Changes an order with its lines.
    pub(super) fn change(
        &mut self,
        id: OrderId,
        now: DateTime<Utc>,
        change: impl FnOnce(&mut OrderRow),
    ) -> Result<OrderRow> {
        let kept = self.orders.get_mut(&id).ok_or_else(|| Error::not_found("order"))?;
        let lines = kept.row().lines.clone();
        change(&mut kept.tracked.record);
        kept.has_new_lines |= lines != kept.row().lines;
        kept.tracked.record.order.version += 1;
        kept.tracked.record.order.updated_at = now;
        self.noted += 1;
        Ok(kept.row().clone())
    }
}

impl WorkingSet for Orders {
    fn clear(&mut self) {
        *self = Self { numbers: std::mem::take(&mut self.numbers), ..Self::default() };
    }

    /// Numbers are no one else's only once the transaction that fetched them is committed.
    fn roll_back(&mut self) {
        *self = Self::default();
    }

    fn open(&mut self, tx: &mut Write, patience: Patience, _: Mutant) -> Result<()> {
        if !self.wanted_refs.is_empty() {
            // Found before they are locked: an order never loses its name.
            let names: Vec<_> = std::mem::take(&mut self.wanted_refs).into_iter().collect();
            self.refs = store::by_refs(tx.conn(), &names)?.into_iter().collect();
            self.wanted.extend(self.refs.values());
        }
        let lacking = self.placing.saturating_sub(self.numbers.len());
        if lacking == 0 && self.wanted.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = self.wanted.iter().copied().collect();
        let fetched = if lacking == 0 { 0 } else { lacking.max(NUMBERS) };
        let LockedOrders { rows, locked_away, numbers } = store::lock_orders(tx.conn(), ids, fetched, patience)?;
        self.numbers.extend(numbers);
        self.numbers.sort_unstable_by(|a, b| b.cmp(a));
        self.locked_away = locked_away.into_iter().collect();
        for row in rows {
            self.orders.insert(row.order.id, TrackedOrder::of(Tracked::read(row)));
        }
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let changed = self.orders.values().filter(|kept| kept.tracked.is_changed());
        let (new, old): (Vec<_>, Vec<_>) = changed.partition(|kept| kept.tracked.before().is_none());
        let with_lines: Vec<_> = old.iter().copied().filter(|kept| kept.has_new_lines).collect();
        let new: Vec<_> = new.into_iter().map(TrackedOrder::row).collect();
        let old: Vec<_> = old.into_iter().map(|kept| (&kept.row().order, kept.tracked.before().unwrap_or(0))).collect();
        store::insert_orders(bulk, &new);
        store::save_orders(bulk, &old);
        let lines = with_lines.iter().flat_map(|kept| kept.row().lines.iter().take(kept.lines));
        store::save_lines(bulk, &lines.collect::<Vec<_>>());
        let lines = with_lines.iter().flat_map(|kept| kept.row().lines.iter().skip(kept.lines));
        store::insert_lines(bulk, "more_order_lines", &lines.collect::<Vec<_>>());
        store::keep_shortfalls(bulk, &std::mem::take(&mut self.shortfalls), now);
        store::insert_rejections(bulk, &std::mem::take(&mut self.rejections));
        store::insert_events(bulk, &std::mem::take(&mut self.timeline));
        sourcing::insert_decisions(bulk, &std::mem::take(&mut self.decisions))?;
        store::insert_shipments(bulk, &std::mem::take(&mut self.shipments));
        store::save_shipments(bulk, &std::mem::take(&mut self.ended));
        Ok(())
    }
}

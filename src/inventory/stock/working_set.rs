//! The working set of stock: the rows of one batch, locked, changed in memory and written at once.
mod opening;

use crate::{
    inventory::{
        costs::CostChange,
        index::{Index, Seen},
        ledger::LedgerMove,
        levels::store::{Dated, DatedLevel, Level},
        model::{Delta, Demand, LevelKey, State},
        reservations::HeldRow,
        rules::Offered,
        stock::rows::{
            apart::Apart,
            capacity::Capacities,
            holds::{AllocationChange, AllocationScope, HeldReservation},
            levels::LockedLevel,
            lots::Lots,
            past::Past,
        },
        store::{Allocation, SavedLevel},
    },
    kernel::{LocationId, OrderId, ReservationId, Result},
    platform::group_commit::{Mutant, Tracked, held_by_others},
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The stock rows, holds and promises of one batch.
#[derive(Clone, Default)]
pub struct Stock {
    pub(super) level_keys: Vec<LevelKey>,
    pub(super) wanted_holds: BTreeSet<ReservationId>,
    pub(super) wanted_orders: BTreeSet<OrderId>,
    pub(super) levels: HashMap<LevelKey, LockedLevel>,
    pub(super) locked_away: HashSet<LevelKey>,
    /// Holds that someone else has locked, with their orders.
    pub(super) holds_away: Vec<(ReservationId, Option<OrderId>)>,
    pub(super) holds: HashMap<ReservationId, HeldReservation>,
    /// An order has a hold at each location that fills a part of it.
    pub(super) of_orders: HashMap<OrderId, Vec<ReservationId>>,
    pub(super) promised: Vec<AllocationChange>,
    pub(super) closed: Vec<AllocationChange>,
    pub(super) moves: Vec<LedgerMove>,
    pub(super) cost_changes: Vec<CostChange>,
    pub(super) lots: Lots,
    /// The units of a level by the day until which they are good, where something expires.
    pub(super) dated: HashMap<LevelKey, Dated>,
    /// The day that it is at the locations where goods move.
    pub(super) days: HashMap<LocationId, NaiveDate>,
    /// Locations where goods would move, that are closed.
    pub(super) closed_places: HashSet<LocationId>,
    /// The last day that it is anywhere, for what is not known better.
    pub(super) latest_day: NaiveDate,
    pub(super) past: Past,
    pub(super) apart: Apart,
    pub(super) capacities: Capacities,
    pub(super) noted: usize,
    pub(super) mutant: Mutant,
    /// The index that learns how levels stand.
    pub(super) index: Index,
}

impl Stock {
    /// Asks for the rows of a demand at a location.
    pub fn want(&mut self, location: LocationId, demand: &Demand) {
        self.level_keys.extend(demand.iter().map(|(variant, _)| (location, variant)));
    }

    /// Asks for one row.
    pub(in crate::inventory) fn want_level(&mut self, level_key: LevelKey) {
        self.level_keys.push(level_key);
    }

    /// Asks for a hold, and the rows it holds.
    pub fn want_hold(&mut self, id: ReservationId) {
        self.wanted_holds.insert(id);
    }

    /// Asks for what is held for or promised to an order, and the rows of it.
    pub fn want_order(&mut self, id: OrderId) {
        self.wanted_orders.insert(id);
    }

    /// The reservation, if there is one; an error while someone else has locked it.
    pub fn held(&self, id: ReservationId) -> Result<Option<&HeldReservation>> {
        match self.holds_away.iter().any(|(away, _)| *away == id) {
            true => Err(held_by_others("hold")),
            false => Ok(self.holds.get(&id)),
        }
    }

    /// The reservations for an order, by location; at least one.
    pub fn held_for(&self, order: OrderId) -> Result<Vec<&HeldReservation>> {
        if self.holds_away.iter().any(|(_, of)| *of == Some(order)) {
            return Err(held_by_others("hold"));
        }
        let ids = self.of_orders.get(&order).into_iter().flatten();
        let found: Vec<_> = ids.filter_map(|id| self.holds.get(id)).collect();
        match found.is_empty() {
            true => Err(anyhow::anyhow!("order {order} has no hold").into()),
            false => Ok(found),
        }
    }

    /// The units that are allocated to an order and have not left, or a part of them.
    pub fn open_of(&self, order: OrderId, part: &AllocationScope) -> Result<Vec<Allocation>> {
        let held = self.held_for(order)?.into_iter();
        Ok(held.filter(|held| part.has(held)).flat_map(|held| &held.open).copied().collect())
    }

    /// A level as it stands now; an error while someone else holds its row.
    pub(in crate::inventory) fn level(&self, level_key: LevelKey) -> Result<Option<&Level>> {
        match self.locked_away.contains(&level_key) {
            true => Err(held_by_others("stock")),
            false => Ok(self.levels.get(&level_key).map(LockedLevel::level)),
        }
    }

    pub(super) fn levels_for(&self, location: LocationId, demand: &Demand, good_for_days: i64) -> Result<Vec<Offered>> {
        let offered = |(variant, _)| {
            let level = self.level((location, variant)).map(Option::<&Level>::copied).transpose()?;
            let withheld = self.short_dated((location, variant), good_for_days);
            Some(level.map(|level| Offered { level, withheld }))
        };
        demand.iter().filter_map(offered).collect()
    }

    /// Sellable units of a level that are not good for so many days more, counted from the location's own day.
    pub fn short_dated(&self, level_key: LevelKey, good_for_days: i64) -> i32 {
        if self.lots.is_known(level_key) {
            return self.dated_now(level_key).shorter_than(good_for_days);
        }
        self.dated.get(&level_key).map_or(0, |dated| dated.shorter_than(good_for_days))
    }

    /// The days of a level's goods as the lots in memory say.
    pub(super) fn dated_now(&self, level_key: LevelKey) -> Dated {
        let mut units = BTreeMap::new();
        for (lot, here) in self.pickable(level_key, State::OnHand) {
            if let Some(until) = lot.expires_on {
                *units.entry(until).or_insert(0) += here;
            }
        }
        Dated { today: self.day_at(level_key.0), units: units.into_iter().collect() }
    }

    /// The day that it is at a location: goods expire by it, whatever day it is elsewhere.
    pub fn day_at(&self, location: LocationId) -> NaiveDate {
        self.days.get(&location).copied().unwrap_or(self.latest_day)
    }

    pub(super) fn apply(&mut self, deltas: &[Delta]) {
        for delta in deltas {
            let level_key = (delta.location, delta.variant);
            let fresh = || LockedLevel::fresh(delta.location, delta.variant);
            self.levels.entry(level_key).or_insert_with(fresh).tracked.record.add(delta);
            self.noted += 1;
        }
    }

    /// Puts a level in place of what it was.
    pub(super) fn put(&mut self, level_key: LevelKey, level: Level) {
        let fresh = || LockedLevel::fresh(level_key.0, level_key.1);
        self.levels.entry(level_key).or_insert_with(fresh).tracked.record = level;
        self.noted += 1;
    }

    pub(super) fn take_in(&mut self, rows: Vec<HeldRow>) {
        for row in rows {
            let HeldRow { reservation, lines, open } = row;
            self.level_keys.extend(lines.iter().map(|line| (reservation.location_id, line.variant_id)));
            self.level_keys.extend(open.iter().map(|allocation| (allocation.location_id, allocation.variant_id)));
            if let Some(order) = reservation.order_id {
                self.of_orders.entry(order).or_default().push(reservation.id);
            }
            self.holds
                .insert(reservation.id, HeldReservation { reservation, lines, open, is_new: false, is_changed: false });
        }
    }

    pub(super) fn keep(&mut self, levels: Vec<DatedLevel>) -> Result<()> {
        for row in levels {
            let level = row.level;
            if let Some(today) = row.today {
                self.days.insert(level.location_id, today);
            }
            if let Some(dated) = row.dated()? {
                self.dated.insert((level.location_id, level.variant_id), dated);
            }
            let kept = LockedLevel { tracked: Tracked::read(level), was_low: level.is_low() };
            self.levels.insert((level.location_id, level.variant_id), kept);
        }
        Ok(())
    }

    pub(super) fn saved(&self, kept: &LockedLevel) -> SavedLevel {
        let level_key = (kept.tracked.record.location_id, kept.tracked.record.variant_id);
        let dated = self.lots.is_touched(level_key).then(|| serde_json::json!(self.dated_now(level_key).units));
        SavedLevel { level: *kept.level(), before: kept.tracked.before(), dated }
    }
}

impl Stock {
    /// Empty, and telling an index what it sees.
    pub fn new(index: Index) -> Self {
        Self { index, ..Self::default() }
    }

    /// The same without anything in it.
    pub(in crate::inventory) fn fresh(&self) -> Self {
        Self::new(self.index.clone())
    }

    /// Tells the index how the levels stand, which locations are full included.
    pub(super) fn teach(&self) {
        let seen = |(level_key, kept): (&LevelKey, &LockedLevel)| {
            let dated = match self.lots.is_touched(*level_key) {
                true => self.dated_now(*level_key).units,
                false => self.dated.get(level_key).map(|dated| dated.units.clone()).unwrap_or_default(),
            };
            Seen::of(kept.level(), dated)
        };
        if !self.levels.is_empty() {
            self.index.learn(self.levels.iter().map(seen));
        }
        let ended = self.holds.values().filter(|held| held.is_changed).map(|held| held.reservation.location_id);
        let given_up = self.closed.iter().map(|promise| promise.allocation.location_id);
        self.index.learn_full(self.capacities.full(), ended.chain(given_up));
    }
}

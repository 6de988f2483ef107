//! The rows of a working set are locked and read, and written back.
use super::Stock;
use crate::{
    inventory::{
        events,
        levels::store::{Level, lock_levels, look_at_levels},
        store::{self},
    },
    kernel::Result,
    platform::{
        db::{Bulk, Read, Write},
        events::Outbox,
        group_commit::{Mutant, Patience, Tracked, WorkingSet},
    },
};
use chrono::{DateTime, Utc};

impl WorkingSet for Stock {
    fn clear(&mut self) {
        *self = self.fresh();
    }

    fn committed(&mut self) {
        self.teach();
    }

    fn open(&mut self, tx: &mut Write, patience: Patience, mutant: Mutant) -> Result<()> {
        self.mutant = mutant;
        let now = tx.now();
        self.latest_day = (now + chrono::Duration::hours(14)).date_naive();
        self.lots.lock(tx, patience)?;
        if !self.wanted_holds.is_empty() || !self.wanted_orders.is_empty() {
            let holds: Vec<_> = self.wanted_holds.iter().copied().collect();
            let orders: Vec<_> = self.wanted_orders.iter().copied().collect();
            let rows = crate::inventory::reservations::lock_holds(tx.conn(), holds.clone(), orders.clone(), patience)?;
            self.take_in(rows);
            if patience == Patience::SkipLocked {
                let there = crate::inventory::reservations::holds_there(tx.conn(), &holds, &orders)?.into_iter();
                self.holds_away = there.filter(|(id, _)| !self.holds.contains_key(id)).collect();
            }
        }
        self.lock_places(tx)?;
        self.capacities.open(tx)?;
        if self.level_keys.is_empty() {
            // A lot may be asked for whole by someone who knew of no location where it is.
            return self.lots.read(tx, &[]);
        }
        if mutant.LockAfterRead() {
            let stale = look_at_levels(tx.conn(), &self.level_keys, Some(now))?;
            let fresh = lock_levels(tx.conn(), &self.level_keys, patience, now, false)?;
            self.keep(stale)?;
            for level in fresh.into_iter().map(|row| row.level) {
                if let Some(kept) = self.levels.get_mut(&(level.location_id, level.variant_id)) {
                    kept.tracked = Tracked::read(Level { version: level.version, ..*kept.level() });
                }
            }
            return Ok(());
        }
        if mutant.UnsortedLocks() {
            for level_key in self.level_keys.clone() {
                let level = lock_levels(tx.conn(), &[level_key], patience, now, false)?;
                self.keep(level)?;
            }
            return Ok(());
        }
        self.level_keys.sort_unstable();
        self.level_keys.dedup();
        if self.lots.are_wanted() {
            // Before the rows are locked, so that these are not held for one more round trip.
            self.know_places(tx, now)?;
        }
        let levels = lock_levels(tx.conn(), &self.level_keys, patience, now, self.lots.are_wanted())?;
        let with_lots = levels.iter().map(|row| &row.level).filter(|level| level.has_lots);
        let with_lots: Vec<_> = with_lots.map(|level| (level.location_id, level.variant_id)).collect();
        self.keep(levels)?;
        self.lots.read(tx, &with_lots)?;
        self.past.read(tx)?;
        if self.lots.are_wanted() {
            let holding = self.levels.iter().filter(|(_, kept)| kept.tracked.record.quality_hold > 0);
            self.apart.read(tx, &holding.map(|(level_key, _)| *level_key).collect::<Vec<_>>())?;
        }
        if patience == Patience::SkipLocked {
            let all = look_at_levels(tx.conn(), &self.level_keys, Some(now))?;
            let level_keys = all.iter().map(|row| (row.level.location_id, row.level.variant_id));
            self.locked_away = level_keys.filter(|level_key| !self.levels.contains_key(level_key)).collect();
        }
        Ok(())
    }

    fn look(&mut self, db: &mut Read) -> Result<()> {
        let levels = look_at_levels(db.conn(), &self.level_keys, None)?;
        self.keep(levels)?;
        self.teach();
        Ok(())
    }

    fn noted(&self) -> usize {
        self.noted
    }

    /// Each level is published once as it stands after the whole batch, and so is what the batch has made run low.
    fn publish(&mut self, outbox: &mut Outbox, now: DateTime<Utc>) -> Result<()> {
        let mut changed: Vec<_> = self.levels.values().filter(|kept| kept.tracked.is_changed()).collect();
        changed.sort_unstable_by_key(|kept| (kept.tracked.record.location_id, kept.tracked.record.variant_id));
        events::levels_changed(outbox, &changed.iter().map(|kept| kept.level()).collect::<Vec<_>>(), now)?;
        for kept in changed {
            if !kept.was_low && kept.tracked.record.is_low() {
                events::reorder_due(outbox, kept.level(), now)?;
            }
        }
        Ok(())
    }

    fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) -> Result<()> {
        let changed = self.levels.values().filter(|kept| kept.tracked.is_changed());
        let (old, new): (Vec<_>, Vec<_>) = changed.map(|kept| self.saved(kept)).partition(|l| l.before.is_some());
        store::save_levels(bulk, &old);
        store::insert_levels(bulk, &new);
        let (new, old): (Vec<_>, Vec<_>) =
            self.holds.values().filter(|held| held.is_new || held.is_changed).partition(|held| held.is_new);
        store::insert_reservations(bulk, &new);
        store::save_reservations(bulk, &old);
        store::insert_allocations(bulk, &self.promised, now);
        store::close_allocations(bulk, &self.closed, now);
        self.lots.save(bulk);
        self.apart.save(bulk, now);
        store::insert_moves(bulk, std::mem::take(&mut self.moves), now);
        crate::inventory::costs::insert_cost_changes(bulk, &self.cost_changes, now);
        Ok(())
    }
}

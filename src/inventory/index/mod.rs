//! The availability index: what each location may still promise of each variant, as this instance last saw it. It tells
//! without SQL which locations seem able to fill a demand. It may be behind, or wrong: rows that are locked decide, and
//! what it cannot fill is looked for in the tables.
//!
//! It is fed by the commits of the instance's own lanes and, for what other instances do, by the feed. A level takes
//! 12 bytes, one that takes backorders or whose goods expire some 100 more: 3 million levels without dates fill
//! 50 MB. Beyond `inventory.index_levels` levels there is no index, and the tables are asked.
pub mod fewest_locations;
pub mod locations;
mod memory;
pub mod refresh;
pub mod store;
#[cfg(test)]
mod tests;

use super::model::Demand;
pub use crate::inventory::index::fewest_locations::Sources;
use crate::{
    inventory::{
        index::{locations::PlaceTable, store::Reach},
        levels::store::Level,
    },
    kernel::{LocationId, VariantId},
    platform::events::ReadTo,
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use memory::Memory;
use std::collections::HashMap;
use std::sync::{
    Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
    atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
};
use tokio::sync::Mutex;

/// A level as it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub location: LocationId,
    pub variant: VariantId,
    /// On hand and sellable, less what is promised and the safety stock; negative within the backorder limit.
    pub available: i32,
    pub backorder_limit: i32,
    /// Sellable units by the last day on which they are good, where something expires.
    pub dated: Vec<(NaiveDate, i32)>,
    pub version: i64,
}

impl Seen {
    /// A level and until when its goods are good.
    pub fn of(level: &Level, dated: Vec<(NaiveDate, i32)>) -> Self {
        Self {
            location: level.location_id,
            variant: level.variant_id,
            available: level.available(),
            backorder_limit: level.backorder_limit,
            dated,
            version: level.version,
        }
    }
}

/// Locations that seem able to fill a demand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundLocations {
    /// Those that seem to have everything, by priority.
    pub whole: Vec<LocationId>,
    /// None has everything, but several together seem to.
    pub is_enough_together: bool,
}

/// The index of one instance; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Index(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    memory: RwLock<Memory>,
    places: RwLock<Option<Arc<PlaceTable>>>,
    /// The number of times that locations were forgotten.
    changes_of_places: AtomicU64,
    /// Every level has been read.
    is_whole: AtomicBool,
    /// There are more levels than it may hold: it holds none.
    is_off: AtomicBool,
    /// The feed and the position up to which it has been read; locked while it is read.
    read_to: Mutex<Option<ReadTo>>,
    most_levels: usize,
}

impl Index {
    /// An empty one, of so many levels at most.
    pub fn new(most_levels: usize) -> Self {
        Self(Arc::new(Inner { most_levels, ..Inner::default() }))
    }

    fn memory(&self) -> RwLockReadGuard<'_, Memory> {
        self.0.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory_mut(&self) -> RwLockWriteGuard<'_, Memory> {
        self.0.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn places(&self) -> Option<Arc<PlaceTable>> {
        self.0.places.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_ready(&self) -> bool {
        self.0.is_whole.load(SeqCst)
    }

    /// Learns levels as they stand in the tables, or as a lane has committed them.
    pub fn learn(&self, seen: impl Iterator<Item = Seen>) {
        if self.0.is_off.load(SeqCst) {
            return;
        }
        let mut memory = self.memory_mut();
        for level in seen {
            memory.put(level);
        }
        if memory.count() > self.0.most_levels {
            self.0.is_off.store(true, SeqCst);
            self.0.is_whole.store(false, SeqCst);
            memory.forget_levels();
            tracing::warn!(
                most = self.0.most_levels,
                "there are more levels than the index may hold: tables are asked"
            );
        }
    }

    /// Learns which locations take no further order today, and at which one has ended, which makes room for another.
    pub fn learn_full(&self, full: impl Iterator<Item = LocationId>, ended: impl Iterator<Item = LocationId>) {
        let mut memory = self.memory_mut();
        full.for_each(|location| memory.note_full(location));
        ended.for_each(|location| memory.note_room(location));
    }

    /// Forgets what is known of locations, because one has changed.
    pub fn forget_places(&self) {
        let mut locations = self.0.places.write().unwrap_or_else(PoisonError::into_inner);
        self.0.changes_of_places.fetch_add(1, SeqCst);
        *locations = None;
    }

    /// The locations that seem able to fill a demand; none while the index does not know enough to say.
    pub fn look(&self, demand: &Demand, reach: &Reach) -> Option<FoundLocations> {
        if !self.is_ready() || reach.by_tables {
            return None;
        }
        let locations = self.places()?;
        let memory = self.memory();
        let mut whole = memory.whole(demand, reach, &locations, true);
        if whole.is_empty() {
            // Orders on their way may not take what they have claimed: no one is divided for their sake.
            whole = memory.whole(demand, reach, &locations, false);
        }
        let is_enough_together = whole.is_empty() && memory.together(demand, reach, &locations).is_enough;
        Some(FoundLocations { whole, is_enough_together })
    }

    /// The locations that together seem to have a demand, or as much of it as is remembered.
    pub fn look_together(&self, demand: &Demand, reach: &Reach) -> Option<Sources> {
        if !self.is_ready() || reach.by_tables {
            return None;
        }
        let locations = self.places()?;
        Some(self.memory().together(demand, reach, &locations))
    }

    /// The units of variants that a location may promise for goods that are good for so many days, as they are
    /// remembered; none while the index does not know enough to say.
    pub fn available_at(
        &self,
        location: LocationId,
        good_for_days: i64,
        now: DateTime<Utc>,
        variants: &[VariantId],
    ) -> Option<HashMap<VariantId, i32>> {
        if !self.is_ready() {
            return None;
        }
        let places = self.places()?;
        let days = Days::new(u64::try_from(good_for_days).unwrap_or(0));
        let good_until = places.one(location)?.day(now).checked_add_days(days);
        Some(self.memory().available_at(location, good_until, variants))
    }

    /// Counts a demand as taken at a location until the claim is dropped, so that orders that are on their way look
    /// elsewhere for the same units.
    pub fn claim(&self, location: LocationId, demand: &Demand) -> Claim {
        let units: Vec<_> = demand.iter().collect();
        self.memory_mut().claim(location, &units, 1);
        Claim { index: self.clone(), location, units }
    }

    /// Puts wrong numbers in the place of all that is remembered, as a fault would.
    #[cfg(feature = "mutants")]
    pub fn scramble(&self, seed: u64) {
        self.memory_mut().scramble(seed);
    }
}

/// Units that an order on its way is about to take.
#[derive(Debug)]
pub struct Claim {
    index: Index,
    location: LocationId,
    units: Vec<(VariantId, i32)>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.index.memory_mut().claim(self.location, &self.units, -1);
    }
}

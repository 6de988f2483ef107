//! Unmet demand as it is counted: by variant, location or channel, and hour.
use crate::kernel::{Channel, LocationId, VariantId};
use chrono::{DateTime, Utc};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Of which refusals a counter is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DemandKey {
    pub hour: DateTime<Utc>,
    pub variant: VariantId,
    /// The location that was named.
    pub location: Option<LocationId>,
    pub channel: Option<Channel>,
}

/// Requests that were refused, each counted once for a variant, and the units that they lacked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missed {
    pub requests: i64,
    pub units: i64,
}

/// The counters of an instance that are not written yet; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Unmet(Arc<Mutex<HashMap<DemandKey, Missed>>>);

impl Unmet {
    /// Counts requests and their missing units.
    pub fn add(&self, kind: DemandKey, missed: Missed) {
        let mut counters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() >= MOST && !counters.contains_key(&kind) {
            return;
        }
        let counter = counters.entry(kind).or_default();
        counter.requests += missed.requests;
        counter.units += missed.units;
    }

    /// The counters since the last time, which begin anew.
    pub fn take(&self) -> Vec<(DemandKey, Missed)> {
        let counters = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut counters: Vec<_> = counters.into_iter().collect();
        // The same order everywhere: two instances that write at once do not wait for each other in a circle.
        counters.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        counters
    }
}

/// A choice of counters.
#[derive(Debug, Clone, Default)]
pub struct UnmetFilter {
    pub location: Option<LocationId>,
    pub channel: Option<Channel>,
    pub variant: Option<VariantId>,
    /// Hours that begin at this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Hours that begin before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// Counters in memory at most; what is refused beyond them within a minute is not counted.
const MOST: usize = 200_000;

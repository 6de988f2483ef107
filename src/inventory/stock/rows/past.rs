//! The past of the stock rows of a batch: what was reported late, and up to when they were counted.
use crate::{
    inventory::{counts, model::LevelKey},
    kernel::{LotId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The questions of a batch about the past.
#[derive(Debug, Clone, Default)]
pub struct Past {
    pub wanted: BTreeMap<CountedAt, DateTime<Utc>>,
    pub late: HashMap<CountedAt, i32>,
    /// Rows of which this batch has learned something that happened earlier.
    pub told_late: HashSet<LevelKey>,
}

impl Past {
    /// Reads what was there, once the rows are locked.
    pub fn read(&mut self, tx: &mut Write) -> Result<()> {
        let mut by_place: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((level_key, lot), at) in &self.wanted {
            by_place.entry(level_key.0).or_default().push((level_key.1, *lot, *at));
        }
        for (location, points) in by_place {
            let units = counts::told_late(tx.conn(), location, &points)?;
            let keys = points.iter().map(|(variant, lot, _)| ((location, *variant), *lot));
            self.late.extend(keys.zip(units));
        }
        Ok(())
    }
}

/// A stock row, and a lot at it or what came without one.
pub type CountedAt = (LevelKey, Option<LotId>);

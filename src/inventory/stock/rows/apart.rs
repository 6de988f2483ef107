//! The units of a batch that could not be found and are set apart until a count.
use crate::{
    inventory::{model::LevelKey, store},
    kernel::{LotId, Result},
    platform::db::{Bulk, Write},
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// The units that a batch knows of.
#[derive(Debug, Clone, Default)]
pub struct Apart {
    pub units: BTreeMap<ApartKey, i32>,
    pub since: BTreeMap<ApartKey, DateTime<Utc>>,
    /// The instant of the batch.
    pub now: DateTime<Utc>,
    pub changed: BTreeSet<ApartKey>,
}

impl Apart {
    /// Reads those of rows that hold goods back, once the rows are locked.
    pub fn read(&mut self, tx: &mut Write, level_keys: &[LevelKey]) -> Result<()> {
        self.now = tx.now();
        if level_keys.is_empty() {
            return Ok(());
        }
        let found = store::set_apart_of(tx.conn(), level_keys)?;
        self.since = found.iter().map(|row| ((row.level_key(), row.lot_id), row.since)).collect();
        self.units = found.into_iter().map(|row| ((row.level_key(), row.lot_id), row.units)).collect();
        Ok(())
    }

    /// Writes what has changed of them.
    pub fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) {
        let changed = std::mem::take(&mut self.changed);
        let rows: Vec<_> = changed.iter().map(|piece| (*piece, self.units.get(piece).copied().unwrap_or(0))).collect();
        store::save_set_apart(bulk, &rows, now);
    }
}

/// A stock row, and a lot at it or what came without one.
pub type ApartKey = (LevelKey, Option<LotId>);

//! The past of a stock row as a lane needs it: what was told late of the time before something was counted, as is known
//! once the row is locked, and up to when it has been counted.
use super::{Spot, Stock};
use crate::{
    inventory::{counts, rules::Delta},
    kernel::{Code, Error, LotId, Result},
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A stock row, and a lot at it or what came without one.
type Counted = (Spot, Option<LotId>);

/// The questions of a batch about the past.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    wanted: BTreeMap<Counted, DateTime<Utc>>,
    late: HashMap<Counted, i32>,
    /// Rows of which this batch has learned something that happened earlier.
    told_late: HashSet<Spot>,
}

impl Past {
    /// Reads what was there, once the rows are locked.
    pub(super) fn read(&mut self, tx: &mut Write) -> Result<()> {
        let mut by_place: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((spot, lot), at) in &self.wanted {
            by_place.entry(spot.0).or_default().push((spot.1, *lot, *at));
        }
        for (place, points) in by_place {
            let units = counts::told_late(tx.conn(), place, &points)?;
            let keys = points.iter().map(|(variant, lot, _)| ((place, *variant), *lot));
            self.late.extend(keys.zip(units));
        }
        Ok(())
    }
}

impl Stock {
    /// Asks for what was told later of a row than a moment and had happened before it, of a lot or of what came without
    /// one.
    pub fn want_told_late(&mut self, spot: Spot, lot: Option<LotId>, at: DateTime<Utc>) {
        self.past.wanted.insert((spot, lot), at);
    }

    /// Units that came (positive) or went so. A sale that came in with this very batch is not in it: then the request
    /// is prepared anew.
    pub fn told_late(&self, spot: Spot, lot: Option<LotId>) -> Result<i32> {
        let late = self.past.late.get(&(spot, lot)).filter(|_| !self.past.told_late.contains(&spot));
        late.copied().ok_or_else(|| Error::refused(Code::Conflict, "the stock has just changed; try again"))
    }

    /// Notes up to when a row has been counted.
    pub fn note_counted(&mut self, spot: Spot, at: DateTime<Utc>) -> Result<()> {
        let Some(level) = self.level(spot)?.copied() else { return Ok(()) };
        if level.counted_at.is_none_or(|before| before < at) {
            self.apply(&[Delta::none(spot.0, spot.1)]);
            if let Some(kept) = self.levels.get_mut(&spot) {
                kept.level.counted_at = Some(at);
            }
        }
        Ok(())
    }

    /// True if what happened at a moment is among what a count of the row, later than that, did not find any more.
    pub(super) fn is_counted_since(&self, spot: Spot, moment: DateTime<Utc>) -> Result<bool> {
        Ok(self.level(spot)?.and_then(|level| level.counted_at).is_some_and(|counted| moment < counted))
    }

    /// Notes that something was told of a row that happened earlier.
    pub(super) fn note_told_late(&mut self, spot: Spot) {
        self.past.told_late.insert(spot);
    }
}

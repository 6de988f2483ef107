//! The past of a stock row as a lane needs it: what was told late of the time before something was counted, as is known
//! once the row is locked, and up to when it has been counted.
use crate::{
    inventory::{
        model::{Delta, LevelKey},
        stock::working_set::Stock,
    },
    kernel::{Code, Error, LotId, Result},
};
use chrono::{DateTime, Utc};

impl Stock {
    /// Asks for what was told later of a row than a moment and had happened before it, of a lot or of what came without
    /// one.
    pub fn want_told_late(&mut self, level_key: LevelKey, lot: Option<LotId>, at: DateTime<Utc>) {
        self.past.wanted.insert((level_key, lot), at);
    }

    /// Units that came (positive) or went so. A sale that came in with this very batch is not in it: then the request
    /// is prepared anew.
    pub fn told_late(&self, level_key: LevelKey, lot: Option<LotId>) -> Result<i32> {
        let late = self.past.late.get(&(level_key, lot)).filter(|_| !self.past.told_late.contains(&level_key));
        late.copied().ok_or_else(|| Error::refused(Code::Conflict, "the stock has just changed; try again"))
    }

    /// Notes up to when a row has been counted.
    pub fn note_counted(&mut self, level_key: LevelKey, at: DateTime<Utc>) -> Result<()> {
        let Some(level) = self.level(level_key)?.copied() else { return Ok(()) };
        if level.counted_at.is_none_or(|before| before < at) {
            self.apply(&[Delta::none(level_key)]);
            if let Some(kept) = self.levels.get_mut(&level_key) {
                kept.tracked.record.counted_at = Some(at);
            }
        }
        Ok(())
    }

    /// True if what happened at a moment is among what a count of the row, later than that, did not find any more.
    pub(super) fn is_counted_since(&self, level_key: LevelKey, moment: DateTime<Utc>) -> Result<bool> {
        Ok(self.level(level_key)?.and_then(|level| level.counted_at).is_some_and(|counted| moment < counted))
    }

    /// Notes that something was told of a row that happened earlier.
    pub(super) fn note_told_late(&mut self, level_key: LevelKey) {
        self.past.told_late.insert(level_key);
    }
}

//! Units that could not be found when they were to be sent: held back until a count says whether they are there.
use crate::{
    inventory::{
        levels::model::PickFault,
        lots::Taken,
        model::{LevelKey, Node, State},
        movement::{Endpoint, Guard, Movement, Plan},
        stock::working_set::Stock,
    },
    kernel::{LotId, Result},
};
use chrono::{DateTime, Utc};

impl Stock {
    /// Units of a row and lot that are set apart and were so before a moment at which they were counted.
    pub fn set_apart(&self, level_key: LevelKey, lot: Option<LotId>, counted_at: Option<DateTime<Utc>>) -> Result<i32> {
        let is_later = self.apart.since.get(&(level_key, lot)).copied() > counted_at;
        if is_later { Ok(0) } else { self.missing(level_key, lot) }
    }

    /// Units of a row and lot that are set apart and still held back.
    pub fn missing(&self, level_key: LevelKey, lot: Option<LotId>) -> Result<i32> {
        let noted = self.apart.units.get(&(level_key, lot)).copied().unwrap_or(0);
        if noted == 0 { Ok(0) } else { Ok(noted.min(self.held_back(level_key, lot)?).max(0)) }
    }

    fn held_back(&self, level_key: LevelKey, lot: Option<LotId>) -> Result<i32> {
        let Some(lot) = lot else { return self.unlotted(level_key, State::QualityHold) };
        let held = self.of_lot(level_key, lot).filter(|(piece, _)| piece.state == State::QualityHold);
        Ok(held.map(|(_, units)| units).sum())
    }

    /// Notes that units which a plan has taken out of what is held back, such as by hand, are no longer set apart: what
    /// leaves the location was missing first of all, so that no count puts on sale what is held for another reason; and
    /// never more are missing than are held back.
    pub(super) fn note_let_go(&mut self, movements: &[Movement]) -> Result<()> {
        for movement in movements {
            let Endpoint::At(location, State::QualityHold) = movement.from else { continue };
            let (level_key, lot) = ((location, movement.variant), movement.lot);
            let noted = self.apart.units.get(&(level_key, lot)).copied().unwrap_or(0);
            let gone = if matches!(movement.to, Endpoint::Away(_)) { movement.units } else { 0 };
            let held = if noted == 0 { 0 } else { self.held_back(level_key, lot)? };
            let after = noted.saturating_sub(gone).min(held).max(0);
            if after < noted {
                self.note_set_apart(level_key, lot, after - noted);
            }
        }
        Ok(())
    }

    /// Notes that a count has told of what was set apart before.
    pub fn note_set_apart_counted(&mut self, level_key: LevelKey, lot: Option<LotId>, counted_at: DateTime<Utc>) {
        let was_earlier = self.apart.since.get(&(level_key, lot)).is_some_and(|since| *since <= counted_at);
        if let Some(units) = self.apart.units.get(&(level_key, lot)).copied().filter(|units| was_earlier && *units > 0)
        {
            self.note_set_apart(level_key, lot, -units);
        }
    }

    /// Notes that units are set apart (positive), or are no longer.
    fn note_set_apart(&mut self, level_key: LevelKey, lot: Option<LotId>, units: i32) {
        let piece = (level_key, lot);
        let after = self.apart.units.get(&piece).copied().unwrap_or(0).saturating_add(units).max(0);
        self.apart.units.insert(piece, after);
        if units > 0 {
            // A count of before does not tell of them.
            self.apart.since.insert(piece, self.apart.now);
        }
        self.apart.changed.insert(piece);
        self.noted += 1;
    }

    /// Notes what a plan has set apart.
    pub fn note_missing(&mut self, movements: &[Movement], amiss: PickFault) {
        for movement in movements.iter().filter(|_| amiss == PickFault::Missing) {
            if let Endpoint::At(location, _) = movement.from {
                self.note_set_apart((location, movement.variant), movement.lot, movement.units);
            }
        }
    }
}

impl Stock {
    /// The plan that sets so many units of a row aside, as far as they are there and may be sold.
    pub fn amiss(&self, level_key: LevelKey, units: i32, amiss: PickFault) -> Result<Plan> {
        let here = self.level(level_key)?.map_or(0, |level| level.units(State::OnHand));
        let (units, to, reason) = match amiss {
            PickFault::Missing => (units.min(here), Endpoint::At(level_key.0, State::QualityHold), "missing"),
            PickFault::Gone => (units.min(here), Endpoint::Away(Node::Adjust), "count"),
            PickFault::Damaged => (units.min(here), Endpoint::At(level_key.0, State::Damaged), "damage"),
        };
        let movement = |(lot, units): Taken| Movement {
            variant: level_key.1,
            lot,
            units,
            from: Endpoint::At(level_key.0, State::OnHand),
            to,
            reason: reason.into(),
            cost: None,
        };
        let movements = self.any_of(level_key, units)?.into_iter().map(movement).collect();
        Ok(Plan { movements, guard: Guard::Withdraw, ..Plan::default() })
    }

    /// So many sellable units of a row, of whichever lots: those in lots first.
    pub(super) fn any_of(&self, level_key: LevelKey, units: i32) -> Result<Vec<Taken>> {
        let (mut left, mut taken) = (units, vec![]);
        for (lot, here) in self.pickable(level_key, State::OnHand) {
            let some = here.min(left);
            left -= some;
            taken.push((Some(lot.id), some));
        }
        taken.push((None, left.min(self.unlotted(level_key, State::OnHand)?)));
        taken.retain(|(_, units)| *units > 0);
        Ok(taken)
    }
}

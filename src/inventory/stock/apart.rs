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
    pub fn set_apart(&self, spot: LevelKey, lot: Option<LotId>, counted_at: Option<DateTime<Utc>>) -> Result<i32> {
        let is_later = self.apart.since.get(&(spot, lot)).copied() > counted_at;
        if is_later { Ok(0) } else { self.missing(spot, lot) }
    }

    /// Units of a row and lot that are set apart and still held back.
    pub fn missing(&self, spot: LevelKey, lot: Option<LotId>) -> Result<i32> {
        let noted = self.apart.units.get(&(spot, lot)).copied().unwrap_or(0);
        if noted == 0 { Ok(0) } else { Ok(noted.min(self.held_back(spot, lot)?).max(0)) }
    }

    fn held_back(&self, spot: LevelKey, lot: Option<LotId>) -> Result<i32> {
        let Some(lot) = lot else { return self.unlotted(spot, State::QualityHold) };
        let held = self.of_lot(spot, lot).filter(|(piece, _)| piece.state == State::QualityHold);
        Ok(held.map(|(_, units)| units).sum())
    }

    /// Notes that units which a plan has taken out of what is held back, such as by hand, are no longer set apart: what
    /// leaves the place was missing first of all, so that no count puts on sale what is held for another reason; and
    /// never more are missing than are held back.
    pub(super) fn note_let_go(&mut self, carries: &[Movement]) -> Result<()> {
        for carry in carries {
            let Endpoint::At(location, State::QualityHold) = carry.from else { continue };
            let (spot, lot) = ((location, carry.variant), carry.lot);
            let noted = self.apart.units.get(&(spot, lot)).copied().unwrap_or(0);
            let gone = if matches!(carry.to, Endpoint::Away(_)) { carry.units } else { 0 };
            let held = if noted == 0 { 0 } else { self.held_back(spot, lot)? };
            let after = noted.saturating_sub(gone).min(held).max(0);
            if after < noted {
                self.note_set_apart(spot, lot, after - noted);
            }
        }
        Ok(())
    }

    /// Notes that a count has told of what was set apart before.
    pub fn note_set_apart_counted(&mut self, spot: LevelKey, lot: Option<LotId>, counted_at: DateTime<Utc>) {
        let was_earlier = self.apart.since.get(&(spot, lot)).is_some_and(|since| *since <= counted_at);
        if let Some(units) = self.apart.units.get(&(spot, lot)).copied().filter(|units| was_earlier && *units > 0) {
            self.note_set_apart(spot, lot, -units);
        }
    }

    /// Notes that units are set apart (positive), or are no longer.
    fn note_set_apart(&mut self, spot: LevelKey, lot: Option<LotId>, units: i32) {
        let piece = (spot, lot);
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
    pub fn note_missing(&mut self, carries: &[Movement], amiss: PickFault) {
        for carry in carries.iter().filter(|_| amiss == PickFault::Missing) {
            if let Endpoint::At(location, _) = carry.from {
                self.note_set_apart((location, carry.variant), carry.lot, carry.units);
            }
        }
    }
}

impl Stock {
    /// The plan that sets so many units of a row aside, as far as they are there and may be sold.
    pub fn amiss(&self, spot: LevelKey, units: i32, amiss: PickFault) -> Result<Plan> {
        let here = self.level(spot)?.map_or(0, |level| level.units(State::OnHand));
        let (units, to, reason) = match amiss {
            PickFault::Missing => (units.min(here), Endpoint::At(spot.0, State::QualityHold), "missing"),
            PickFault::Gone => (units.min(here), Endpoint::Away(Node::Adjust), "count"),
            PickFault::Damaged => (units.min(here), Endpoint::At(spot.0, State::Damaged), "damage"),
        };
        let carry = |(lot, units): Taken| Movement {
            variant: spot.1,
            lot,
            units,
            from: Endpoint::At(spot.0, State::OnHand),
            to,
            reason: reason.into(),
            cost: None,
        };
        let carries = self.any_of(spot, units)?.into_iter().map(carry).collect();
        Ok(Plan { carries, guard: Guard::Withdraw, ..Plan::default() })
    }

    /// So many sellable units of a row, of whichever lots: those in lots first.
    pub(super) fn any_of(&self, spot: LevelKey, units: i32) -> Result<Vec<Taken>> {
        let (mut left, mut taken) = (units, vec![]);
        for (lot, here) in self.pickable(spot, State::OnHand) {
            let some = here.min(left);
            left -= some;
            taken.push((Some(lot.id), some));
        }
        taken.push((None, left.min(self.unlotted(spot, State::OnHand)?)));
        taken.retain(|(_, units)| *units > 0);
        Ok(taken)
    }
}

//! Teaching the index of what is available from the rows of a batch.
use crate::inventory::{
    index::{Index, Seen},
    model::Spot,
    stock::{rows::levels::Kept, working_set::Stock},
};

impl Stock {
    /// Empty, and telling an index what it sees.
    pub fn new(index: Index) -> Self {
        Self { index, ..Self::default() }
    }

    /// The same without anything in it.
    pub(in crate::inventory) fn fresh(&self) -> Self {
        Self::new(self.index.clone())
    }

    /// Tells the index how the levels stand, which places are full included.
    pub(super) fn teach(&self) {
        let seen = |(spot, kept): (&Spot, &Kept)| {
            let dated = match self.lots.is_touched(*spot) {
                true => self.dated_now(*spot).units,
                false => self.dated.get(spot).map(|dated| dated.units.clone()).unwrap_or_default(),
            };
            Seen::of(&kept.level, dated)
        };
        if !self.levels.is_empty() {
            self.index.learn(self.levels.iter().map(seen));
        }
        let ended = self.holds.values().filter(|held| held.is_changed).map(|held| held.reservation.location_id);
        let given_up = self.closed.iter().map(|promise| promise.allocation.location_id);
        self.index.learn_full(self.capacities.full(), ended.chain(given_up));
    }
}

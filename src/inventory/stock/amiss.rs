//! Goods that cannot be picked leave what may be sold, lot by lot.
use crate::{
    inventory::{
        levels::model::Amiss,
        lots::Taken,
        model::{Node, Spot, State},
        movement::{Carry, End, Guard, Plan},
        stock::working_set::Stock,
    },
    kernel::Result,
};

impl Stock {
    /// The plan that sets so many units of a row aside, as far as they are there and may be sold.
    pub fn amiss(&self, spot: Spot, units: i32, amiss: Amiss) -> Result<Plan> {
        let here = self.level(spot)?.map_or(0, |level| level.units(State::OnHand));
        let (units, to, reason) = match amiss {
            Amiss::Missing => (units.min(here), End::At(spot.0, State::QualityHold), "missing"),
            Amiss::Gone => (units.min(here), End::Away(Node::Adjust), "count"),
            Amiss::Damaged => (units.min(here), End::At(spot.0, State::Damaged), "damage"),
        };
        let carry = |(lot, units): Taken| Carry {
            variant: spot.1,
            lot,
            units,
            from: End::At(spot.0, State::OnHand),
            to,
            reason: reason.into(),
            cost: None,
        };
        let carries = self.any_of(spot, units)?.into_iter().map(carry).collect();
        Ok(Plan { carries, guard: Guard::Withdraw, ..Plan::default() })
    }

    /// So many sellable units of a row, of whichever lots: those in lots first.
    pub(super) fn any_of(&self, spot: Spot, units: i32) -> Result<Vec<Taken>> {
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

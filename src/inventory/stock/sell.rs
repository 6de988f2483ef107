//! Goods that have left the shop already: the books follow. What the books lack was there all the same, and promises to
//! others stay even if their goods are gone now.
use super::{Cause, NewHold, Part, Stock};
use crate::{
    inventory::{
        goods::{Carry, End, Guard, Node, Plan},
        lots::{Taken, day_everywhere, fefo},
        model::{AllocationStatus, State},
        rules,
    },
    kernel::{ReservationId, Result},
    platform::{events::Outbox, intake::held_by_others},
};
use chrono::{DateTime, Utc};

impl Stock {
    /// Books what was sold at a place for an order: held, promised and gone at once. Whatever of it the books do not have
    /// is found first. Lots that expire first are taken for those that were sold.
    pub fn sell(
        &mut self,
        new: &NewHold,
        cause: Cause,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<ReservationId> {
        let (mut found, mut sold) = (Plan::default(), Plan { guard: Guard::Withdraw, ..Plan::default() });
        for (variant, units) in new.demand.iter() {
            let spot = (new.location, variant);
            let here = self.level(spot)?.map_or(0, |level| level.units(State::OnHand));
            let (from, to) = (End::Away(Node::Adjust), End::At(new.location, State::OnHand));
            if units > here {
                let missing = Carry { variant, lot: None, units: units - here, from, to, reason: "found".into() };
                found.carries.push(missing);
            }
            let (from, to) = (to, End::Away(Node::Customer));
            let mut taken = self.lots_sold(spot, units.min(here), day_everywhere(now))?;
            let missing = units - units.min(here);
            match taken.iter_mut().find(|(lot, _)| lot.is_none()) {
                Some((_, unlotted)) => *unlotted += missing,
                None if missing > 0 => taken.push((None, missing)),
                None => {}
            }
            sold.kept.push((spot, units));
            let carry = |(lot, units): Taken| Carry { variant, lot, units, from, to, reason: "sale".into() };
            sold.carries.extend(taken.into_iter().map(carry));
        }
        if !found.carries.is_empty() {
            self.carry(&found, cause)?;
        }
        let order = new.order.ok_or_else(|| anyhow::anyhow!("a sale without an order"))?;
        let id = self.held_anew(new, &rules::reserved(new.location, &new.demand), outbox, now)?.reservation.id;
        self.convert(order, outbox, now)?;
        self.carry(&sold, cause)?;
        self.ended(order, &Part::All, AllocationStatus::Shipped);
        Ok(id)
    }

    /// The lots of so many units that are here: those that expire first of what may be sold, else whatever there is.
    fn lots_sold(&self, spot: super::Spot, units: i32, today: chrono::NaiveDate) -> Result<Vec<Taken>> {
        let unlotted = self.unlotted(spot, State::OnHand)?;
        let first = fefo(&self.pickable(spot, State::OnHand), unlotted, units, today).ok();
        let taken = first.map_or_else(|| self.any_of(spot, units), Ok)?;
        // Lots that someone else holds are not seen.
        match taken.iter().map(|(_, units)| *units).sum::<i32>() == units {
            true => Ok(taken),
            false => Err(held_by_others("lot")),
        }
    }
}

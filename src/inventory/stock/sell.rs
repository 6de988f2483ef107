//! Goods that have left the shop already: the books follow. Whatever the books lack was there all the same, and
//! promises to others stay even if their goods are gone now.
use super::change::NewReservation;
use crate::{
    inventory::{
        lots::{LotStatus, Taken, fefo},
        model::{AllocationStatus, LevelKey, Node, State},
        movement::{Cause, Endpoint, Guard, Movement, Plan},
        rules,
        stock::{rows::holds::AllocationScope, working_set::Stock},
    },
    kernel::{LotId, ReservationId, Result, VariantId},
    platform::{events::Outbox, group_commit::held_by_others},
};
use chrono::{DateTime, Utc};

/// The units that were sold of a variant: of a lot that the till has read, or of none.
pub type Sold = (VariantId, Option<LotId>, i32);

/// States from which goods leave that the till should not have had, in this order.
const HELD: [State; 4] = [State::QualityHold, State::Expired, State::Returned, State::Damaged];

/// The outcome of a sale in the stock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// The reservation that stands for it.
    pub hold: ReservationId,
    /// True if goods left that were held back: recalled, expired or damaged ones.
    pub was_held: bool,
    /// The location is closed.
    pub was_closed: bool,
    /// The most units of one variant that the books did not have.
    pub found: i32,
}

/// Units of a lot, or of none, in a state.
#[derive(Debug, Clone, Copy)]
struct Units {
    state: State,
    lot: Option<LotId>,
    units: i32,
}

impl Stock {
    /// Books what was sold at a location for an order: held, promised and gone at once. Whatever of it the books do not
    /// have is found first; what an approved count of later did not find any more is found too, for it was subtracted
    /// then. The lots that the till has read are taken, else those that expire first of what may be sold.
    pub fn sell(
        &mut self,
        new: &NewReservation,
        sold: &[Sold],
        cause: Cause,
        outbox: &mut Outbox,
        now: DateTime<Utc>,
    ) -> Result<Gone> {
        let order = new.order.ok_or_else(|| anyhow::anyhow!("a sale without an order"))?;
        let hold = self.held_anew(new, &rules::reserved(new.location, &new.demand), outbox, now)?.reservation.id;
        self.convert(order, outbox, now)?;
        let was_closed = self.is_closed(new.location);
        let mut gone = Gone { hold, was_held: false, was_closed, found: 0 };
        for (variant, units) in new.demand.iter() {
            let level_key = (new.location, variant);
            if cause.now < now {
                self.note_told_late(level_key);
            }
            let of_variant = sold.iter().filter(|(of, ..)| *of == variant);
            let named: Vec<_> = of_variant.filter_map(|(_, lot, units)| Some(((*lot)?, *units))).collect();
            let unnamed = units - named.iter().map(|(_, units)| *units).sum::<i32>();
            let mut found = 0;
            for (lot, units) in named {
                found += self.sell_lot(level_key, lot, units, cause, &mut gone)?;
            }
            found += self.sell_any(level_key, unnamed, cause, &mut gone)?;
            gone.found = gone.found.max(found);
        }
        self.ended(order, &AllocationScope::All, AllocationStatus::Shipped);
        Ok(gone)
    }

    /// Units of a lot leave, from whatever state they are in; returns how many the books did not have.
    fn sell_lot(&mut self, level_key: LevelKey, lot: LotId, units: i32, cause: Cause, gone: &mut Gone) -> Result<i32> {
        let is_held = self.lot(lot)?.is_some_and(|lot| lot.status != LotStatus::Released);
        let home = if is_held { State::QualityHold } else { State::OnHand };
        gone.was_held |= is_held;
        if self.is_counted_since(level_key, cause.now)? {
            let all = Units { state: home, lot: Some(lot), units };
            self.leave(level_key, &[all], all, cause)?;
            return Ok(0);
        }
        let (mut left, mut taken) = (units, vec![]);
        for state in [State::OnHand].into_iter().chain(HELD) {
            let here: i32 = self.of_lot(level_key, lot).filter(|(p, _)| p.state == state).map(|(_, units)| units).sum();
            let some = here.clamp(0, left);
            gone.was_held |= some > 0 && state != State::OnHand;
            taken.push(Units { state, lot: Some(lot), units: some });
            left -= some;
        }
        let rest = Units { state: home, lot: Some(lot), units: left };
        taken.push(rest);
        self.leave(level_key, &taken, rest, cause)?;
        Ok(left)
    }

    /// Units leave of which no lot was read; returns how many the books did not have.
    fn sell_any(&mut self, level_key: LevelKey, units: i32, cause: Cause, gone: &mut Gone) -> Result<i32> {
        if units == 0 {
            return Ok(0);
        }
        if self.is_counted_since(level_key, cause.now)? {
            let all = Units { state: State::OnHand, lot: None, units };
            self.leave(level_key, &[all], all, cause)?;
            return Ok(0);
        }
        let here = self.level(level_key)?.map_or(0, |level| level.units(State::OnHand));
        let good = self.lots_sold(level_key, units.min(here))?;
        let mut taken: Vec<_> =
            good.into_iter().map(|(lot, units)| Units { state: State::OnHand, lot, units }).collect();
        let mut left = units - units.min(here);
        for state in HELD {
            for (lot, here) in self.pickable(level_key, state) {
                let some = here.min(left);
                gone.was_held |= some > 0;
                taken.push(Units { state, lot: Some(lot.id), units: some });
                left -= some;
            }
        }
        taken.push(Units { state: State::OnHand, lot: None, units: left });
        self.leave(level_key, &taken, Units { state: State::OnHand, lot: None, units: left }, cause)?;
        Ok(left)
    }

    /// Units are found in a state, if any, and others leave for the customer.
    fn leave(&mut self, level_key: LevelKey, taken: &[Units], found: Units, cause: Cause) -> Result<()> {
        let Units { state, lot, units: found } = found;
        let ((location, variant), away) = (level_key, Endpoint::Away(Node::Customer));
        let mut plan = Plan { guard: Guard::Withdraw, ..Plan::default() };
        if found > 0 {
            let (from, to) = (Endpoint::Away(Node::Adjust), Endpoint::At(location, state));
            plan.movements.push(Movement { variant, lot, units: found, from, to, reason: "found".into(), cost: None });
        }
        for Units { state, lot, units } in taken.iter().filter(|taken| taken.units > 0) {
            let from = Endpoint::At(location, *state);
            plan.kept.push((level_key, *units));
            let is_same =
                |movement: &&mut Movement| movement.from == from && movement.to == away && movement.lot == *lot;
            if let Some(movement) = plan.movements.iter_mut().find(is_same) {
                movement.units += units;
            } else {
                let movement =
                    Movement { variant, lot: *lot, units: *units, from, to: away, reason: "sale".into(), cost: None };
                plan.movements.push(movement);
            }
        }
        self.carry(&plan, cause).map(|_| ())
    }

    /// The lots of so many units that are here: those that expire first of what may be sold, else whatever there is.
    fn lots_sold(&self, level_key: LevelKey, units: i32) -> Result<Vec<Taken>> {
        let unlotted = self.unlotted(level_key, State::OnHand)?;
        let first = fefo(&self.pickable(level_key, State::OnHand), unlotted, units, self.day_at(level_key.0)).ok();
        let taken = first.map_or_else(|| self.any_of(level_key, units), Ok)?;
        // Lots that someone else holds are not seen.
        match taken.iter().map(|(_, units)| *units).sum::<i32>() == units {
            true => Ok(taken),
            false => Err(held_by_others("lot")),
        }
    }
}

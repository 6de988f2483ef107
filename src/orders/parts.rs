//! What an order has at each of its places and has not left: counted, taken away from, put elsewhere.
use super::{rules, store::OrderRow, working_set::Orders};
use crate::{
    inventory::{Demand, Part, Rearrangement},
    kernel::{Code, Error, LocationId, OrderId, ReservationId, Result},
    payments::{Due, Sums},
    platform::group_commit::UnitOfWork,
};
use std::collections::HashMap;

/// Places with what an order has at each.
pub type Parts = Vec<(LocationId, Demand)>;

/// The parts without a demand, which is taken from the last places first; refused where they do not have it.
pub fn without(parts: &Parts, demand: &Demand, number: i64) -> Result<Parts> {
    let mut missing: HashMap<_, _> = demand.iter().collect();
    let mut left = vec![];
    for (location, part) in parts.iter().rev() {
        let mut kept = Demand::default();
        for (variant, units) in part.iter() {
            let taken = missing.get(&variant).copied().unwrap_or(0).min(units);
            missing.entry(variant).and_modify(|missing| *missing -= taken);
            if units > taken {
                kept.add(variant, units - taken)?;
            }
        }
        left.push((*location, kept));
    }
    if let Some((_, units)) = missing.into_iter().find(|(_, units)| *units > 0) {
        let detail = format!("{units} more than what order {number} still waits for");
        return Err(Error::refused(Code::MoreThanOrdered, detail));
    }
    left.retain(|(_, part)| part.iter().next().is_some());
    left.reverse();
    Ok(left)
}

/// A demand, as far as the parts have it.
pub fn capped(demand: &Demand, parts: &Parts) -> Result<Demand> {
    let mut here = Demand::default();
    for (variant, units) in demand.iter() {
        let of_all = parts.iter().flat_map(|(_, part)| part.iter()).filter(|(of, _)| *of == variant);
        let standing: i32 = of_all.map(|(_, units)| units).sum();
        if units.min(standing) > 0 {
            here.add(variant, units.min(standing))?;
        }
    }
    Ok(here)
}

/// What the order has of the given lines: line number and units, each at most once and within what is ordered.
pub fn goods_of_lines(row: &OrderRow, lines: &[(i32, i32)]) -> Result<Demand> {
    let number = row.order.number;
    let mut goods = Demand::default();
    for (no, units) in lines {
        let line = row.lines.iter().find(|line| line.line_no == *no);
        let line =
            line.ok_or_else(|| Error::refused(Code::NotOnDocument, format!("order {number} has no line {no}")))?;
        if *units > line.quantity {
            let detail = format!("{units} of line {no} of order {number}: {} are ordered", line.quantity);
            return Err(Error::refused(Code::MoreThanOrdered, detail));
        }
        for (variant, units) in line.goods(*units)?.iter() {
            goods.add(variant, units)?;
        }
    }
    Ok(goods)
}

impl UnitOfWork {
    /// Puts an order's goods in these parts, in place of what is given up, and notes its places; goods that it did not have
    /// before must be good for so many days. The new holds.
    pub(super) fn put_parts(
        &mut self,
        id: OrderId,
        given_up: Part,
        (parts, good_for_days): (&Parts, i64),
    ) -> Result<Vec<ReservationId>> {
        self.rearrange(&Rearrangement { order: id, given_up, good_for_days, parts })
    }

    /// The places that have sent a part of an order or are to, in that order, and one hold that stands for it.
    pub(super) fn places_of(&mut self, id: OrderId) -> Result<(Vec<LocationId>, ReservationId)> {
        let row = self.of::<Orders>()?.row(id)?;
        let sent: Vec<_> = row.shipments.iter().map(|shipment| shipment.location_id).collect();
        let standing = self.standing(id)?.into_iter().map(|(location, _)| location);
        let mut places: Vec<LocationId> = vec![];
        for place in standing.chain(sent) {
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Ok((places, self.a_hold_of(id)?))
    }

    /// Asks for the money of an order as its lines and its goods stand now.
    pub(super) fn square_order(&mut self, id: OrderId, at_most: i64) -> Result<Sums> {
        let (goods, left) = self.goods_of(id)?;
        let lines = self.of::<Orders>()?.worths(id);
        let is_last = left.values().all(|units| *units == 0);
        // What has come back is not taken first, only to be given back.
        let credited = self.of::<Orders>()?.row(id)?.order.total_minor - at_most;
        let now = (rules::worth_of_what_left(&lines, &left, &goods) - credited).clamp(0, at_most);
        self.square(id, Due { now, at_most, is_last })
    }
}

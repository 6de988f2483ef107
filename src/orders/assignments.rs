//! The units of an order at each of its locations that have not left: counted, taken away from, put elsewhere.
use super::store::OrderRow;
use crate::{
    inventory::Demand,
    kernel::{Code, Error, LocationId, Result},
};
use std::collections::HashMap;

/// Locations with what an order has at each.
pub type Assignments = Vec<(LocationId, Demand)>;

/// The parts without a demand, which is taken from the last locations first; refused where they do not have it.
pub fn without(parts: &Assignments, demand: &Demand, number: i64) -> Result<Assignments> {
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
pub fn capped(demand: &Demand, parts: &Assignments) -> Result<Demand> {
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

/// The units that the order has of the given lines: line number and units, each at most once and within what is
/// ordered.
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

//! The price of some of a line's units. With a discount, or on a bundle, it is no multiple of the price of one: the
//! price of all units that the line ever had is spread over them, the first ones first, so that parts add up to the
//! whole whatever is shipped, given up or brought back in which order. Units that come back count from the first on,
//! units that are given up are the last ones. Of a price without tax it is the price that is spread; the tax of some
//! units is that on their sum.
use super::with_tax;
use crate::{
    kernel::VariantId,
    orders::{bundles::shares, model::BundleComponent, store::OrderLine},
};
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

/// The price of a part of a line: of all units of it that the line ever had, with or without tax as the unit price is.
/// A line that is no bundle has one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartPrice {
    pub variant_id: VariantId,
    /// Units of it in one unit of the line.
    pub per: i32,
    /// All its units.
    pub units: i64,
    /// Their price, in minor units.
    pub minor: i64,
}

impl PartPrice {
    /// The price of `units` of it in minor units, when `before` have been counted.
    pub fn worth(&self, before: i32, units: i32) -> i64 {
        let up_to = |units: i64| i128::from(units) * i128::from(self.minor) / i128::from(self.units.max(1));
        let (before, after) = (i64::from(before), i64::from(before) + i64::from(units));
        i64::try_from(up_to(after) - up_to(before)).unwrap_or(i64::MAX)
    }
}

impl OrderLine {
    /// A price of some of its units with their tax, in minor units; `minor` is without tax if the unit price is.
    pub fn with_tax(&self, minor: i64) -> i64 {
        with_tax(minor, self.tax(), self.tax_included)
    }

    /// The price of all units that it ever had, less its discount, in minor units; without tax if the unit price is.
    pub fn full_minor(&self) -> i64 {
        let units = i64::from(self.quantity) + i64::from(self.canceled);
        self.unit_minor.saturating_mul(units).saturating_sub(self.discount_minor)
    }

    /// The prices of its parts: its price, shared by the share of each in the price of one unit.
    pub fn part_prices(&self) -> Vec<PartPrice> {
        let (parts, ever) = (self.parts(), i64::from(self.quantity) + i64::from(self.canceled));
        let weights: Vec<_> = parts.iter().map(|part| (1, part.share_minor)).collect();
        let price = |(part, minor): (&BundleComponent, i64)| PartPrice {
            variant_id: part.variant_id,
            per: part.quantity,
            units: ever * i64::from(part.quantity),
            minor,
        };
        parts.iter().zip(shares(self.full_minor(), &weights)).map(price).collect()
    }

    /// The price of its first so many units with tax, in minor units.
    pub fn worth_of_first(&self, units: i32) -> i64 {
        self.with_tax(self.part_prices().iter().map(|part| part.worth(0, units.saturating_mul(part.per))).sum())
    }

    /// The price of the first so many units of each part, in minor units, without tax if the unit price is; of no more
    /// than are still ordered.
    pub fn before_tax_of(&self, units: &HashMap<VariantId, i32>) -> i64 {
        let worth = |part: PartPrice| {
            let sold = self.quantity.saturating_mul(part.per);
            part.worth(0, units.get(&part.variant_id).copied().unwrap_or(0).min(sold))
        };
        self.part_prices().into_iter().map(worth).sum()
    }

    /// The price of the first so many units of each part with tax, in minor units; of no more than are still ordered.
    pub fn worth_of(&self, units: &HashMap<VariantId, i32>) -> i64 {
        self.with_tax(self.before_tax_of(units))
    }

    /// Gives units of it up.
    pub fn cancel(&mut self, units: i32) {
        self.total_minor = self.worth_of_first(self.quantity - units);
        self.quantity -= units;
        self.canceled += units;
    }
}

/// The worth of what has left, in minor units, when these units of each variant have not: what may be taken of the
/// payer so far. `goods` are the variants that the order took from stock, left or not. A line whose own variant is not
/// among them is a bundle: it counts when nothing at all is left to go. Where lines share a variant, what is left is
/// taken to be of the dearer ones, so that never too much is asked. The charge for shipping is taken with the first
/// goods that cost something.
pub fn worth_of_what_left(
    lines: &[OrderLine],
    left: &HashMap<VariantId, i32>,
    goods: &HashSet<VariantId>,
    shipping_minor: i64,
) -> i64 {
    if left.values().all(|units| *units == 0) {
        return lines.iter().map(|line| line.total_minor).sum::<i64>() + shipping_minor;
    }
    let mut plain: Vec<_> = lines.iter().filter(|line| goods.contains(&line.variant_id)).collect();
    plain.sort_by_key(|line| Reverse(line.worth_of_first(1)));
    let mut left = left.clone();
    let mut worth = 0_i64;
    for line in plain {
        let open = left.entry(line.variant_id).or_default();
        let staying = line.quantity.min(*open);
        *open -= staying;
        worth = worth.saturating_add(line.worth_of_first(line.quantity - staying));
    }
    if worth > 0 { worth.saturating_add(shipping_minor) } else { 0 }
}

#[cfg(test)]
mod tests;

//! The price of some units of a cart: the cheapest ones, those of some SKUs, and those of whole sets.
use super::{CartLine, Prices, rounded};
use crate::{
    catalog::promotions::model::{BundleItem, PromotionVerdict},
    kernel::{Typed, spread},
};

impl Prices<'_> {
    /// The price of one unit of a line, rounded down.
    pub(super) fn unit(&self, at: usize) -> i64 {
        let units = self.lines.get(at).map_or(1, |line| i64::from(line.units).max(1));
        self.left.get(at).copied().unwrap_or(0) / units
    }

    /// A rate off the cheapest units: of each `buy + get` units, `get`.
    pub(super) fn cheapest(&self, is_about: &[bool], units: [i32; 2], rate_ppm: i32) -> Vec<i64> {
        let [buy, get] = units;
        let mut amounts = vec![0; self.lines.len()];
        let mut lines: Vec<_> = (0..).zip(self.lines).zip(is_about).filter(|(_, about)| **about).collect();
        lines.sort_by_key(|((at, _), _)| (self.unit(*at), *at));
        let units: i64 = lines.iter().map(|((_, line), _)| i64::from(line.units)).sum();
        let mut cheap = units / (i64::from(buy) + i64::from(get)) * i64::from(get);
        for ((at, line), _) in lines {
            let some = cheap.min(line.units.into());
            cheap -= some;
            let is_all = some == i64::from(line.units);
            let price = if is_all { self.left.get(at).copied().unwrap_or(0) } else { self.unit(at) * some };
            if let Some(amount) = amounts.get_mut(at) {
                *amount = rounded(price, rate_ppm);
            }
        }
        amounts
    }

    /// The price of units of some SKUs, line by line, of the lines that `may` be taken; of all that there are where
    /// there are fewer.
    pub(super) fn taken(&self, wanted: &[(&Typed, i32)], may: impl Fn(usize) -> bool) -> Vec<i64> {
        let mut wanted: Vec<_> = wanted.iter().map(|(sku, units)| (*sku, *units)).collect();
        let mut price = |(at, line): (usize, &CartLine)| {
            let of_it = wanted.iter_mut().find(|(of, _)| **of == line.sku && may(at));
            let Some((_, open)) = of_it else { return 0 };
            let some = line.units.min(*open);
            *open -= some;
            match some == line.units {
                true => self.left.get(at).copied().unwrap_or(0),
                false => self.unit(at).saturating_mul(some.into()),
            }
        };
        self.lines.iter().enumerate().map(&mut price).collect()
    }

    /// The amounts off sets that have a price of their own.
    pub(super) fn sets(
        &self,
        items: &[BundleItem],
        price_minor: i64,
        is_about: &[bool],
    ) -> Result<Vec<i64>, PromotionVerdict> {
        let may = |at: usize| is_about.get(at).copied().unwrap_or(false);
        let units_of = |sku: &Typed| -> i64 {
            let of_it = self.lines.iter().enumerate().filter(|(at, line)| line.sku == *sku && may(*at));
            of_it.map(|(_, line)| i64::from(line.units)).sum()
        };
        let sets = items.iter().map(|item| units_of(item.sku.key()) / i64::from(item.quantity.get())).min();
        let sets = i32::try_from(sets.unwrap_or(0)).unwrap_or(0);
        if sets == 0 {
            return Err(PromotionVerdict::NoGoods);
        }
        let wanted: Vec<_> =
            items.iter().map(|item| (item.sku.key(), item.quantity.get().saturating_mul(sets))).collect();
        let taken = self.taken(&wanted, may);
        let off = taken.iter().sum::<i64>() - price_minor.saturating_mul(sets.into());
        Ok(spread(off.max(0), &taken))
    }
}

//! A new price put in place of those whose ranges it overlaps: they end where it begins, and go on where it ends.
use crate::kernel::ListPriceId;
use chrono::{DateTime, Utc};

/// A time from a moment until another, or for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

impl Period {
    /// True if a moment is in both.
    pub fn overlaps(self, other: Self) -> bool {
        let begins_before_end = |a: Self, b: Self| b.ends_at.is_none_or(|end| a.starts_at < end);
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}

/// A change of a price that stands in the way of a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It ends early.
    End { id: ListPriceId, at: DateTime<Utc> },
    /// It never takes effect.
    Withdraw(ListPriceId),
    /// It goes on after the new one, as a price of its own.
    Resume { id: ListPriceId, period: Period },
}

/// The changes that make room for a new price among those that stand.
pub fn cuts(standing: &[(ListPriceId, Period)], new: Period) -> Vec<Cut> {
    let in_the_way = standing.iter().filter(|(_, period)| period.overlaps(new));
    let cut = |(id, period): &(ListPriceId, Period)| {
        let id = *id;
        let early = match period.starts_at < new.starts_at {
            true => Cut::End { id, at: new.starts_at },
            false => Cut::Withdraw(id),
        };
        let goes_on = new.ends_at.filter(|end| period.ends_at.is_none_or(|theirs| *end < theirs));
        let rest = goes_on.map(|starts_at| Cut::Resume { id, period: Period { starts_at, ends_at: period.ends_at } });
        [Some(early), rest].into_iter().flatten()
    };
    in_the_way.flat_map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + Duration::hours(hour)
    }

    fn period((start, length): (i64, Option<i64>)) -> Period {
        Period { starts_at: at(start), ends_at: length.map(|hours| at(start + hours)) }
    }

    /// A price by the number under which it was set; what goes on after another keeps it.
    struct Price {
        id: ListPriceId,
        number: usize,
        period: Period,
    }

    fn hour(n: i64) -> Period {
        Period { starts_at: at(n), ends_at: Some(at(n + 1)) }
    }

    /// The price that holds at an hour.
    fn holds(prices: &[Price], n: i64) -> Option<usize> {
        let mut found = prices.iter().filter(|price| price.period.overlaps(hour(n)));
        let one = found.next().map(|price| price.number);
        assert!(found.next().is_none(), "two prices at hour {n}");
        one
    }

    fn apply(prices: &mut Vec<Price>, number: usize, new: Period) {
        let standing: Vec<_> = prices.iter().map(|price| (price.id, price.period)).collect();
        for cut in cuts(&standing, new) {
            let (Cut::End { id, .. } | Cut::Withdraw(id) | Cut::Resume { id, .. }) = cut;
            let number = prices.iter().find(|price| price.id == id).map_or(number, |price| price.number);
            let one = prices.iter_mut().find(|price| price.id == id);
            match (cut, one) {
                (Cut::End { at, .. }, Some(one)) => one.period.ends_at = Some(at),
                // It has no time left, but may go on later.
                (Cut::Withdraw(_), Some(one)) => one.period.ends_at = Some(one.period.starts_at),
                (Cut::Resume { period, .. }, _) => prices.push(Price { id: ListPriceId::new(), number, period }),
                (_, None) => panic!("a price is cut that is not there"),
            }
        }
        prices.retain(|price| price.period.ends_at.is_none_or(|end| end > price.period.starts_at));
        prices.push(Price { id: ListPriceId::new(), number, period: new });
    }

    proptest! {
        #[test]
        fn a_new_price_holds_in_its_time_and_others_as_before_around_it(
            told in prop::collection::vec((0_i64..40, prop::option::of(1_i64..20)), 1..12),
        ) {
            let mut prices = vec![];
            for (number, one) in told.into_iter().enumerate() {
                let new = period(one);
                let before: Vec<_> = (0..80).map(|n| holds(&prices, n)).collect();
                apply(&mut prices, number, new);
                for (n, before) in (0..80).zip(before) {
                    let wanted = if new.overlaps(hour(n)) { Some(number) } else { before };
                    prop_assert_eq!(holds(&prices, n), wanted, "at hour {}", n);
                }
            }
        }
    }
}

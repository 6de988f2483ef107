//! The prior price of a reduction: the lowest one in the 30 days before it (directive 98/6/EC, Art. 6a(2), as directive
//! (EU) 2019/2161 has it).
use chrono::{DateTime, Days, Utc};

/// The days before a price that its prior price is looked for in.
const DAYS: Days = Days::new(30);

/// A price, and when it took effect; none where it was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatedPrice {
    pub amount_minor: Option<i64>,
    pub since: DateTime<Utc>,
}

/// The lowest price that was in force at any time in the 30 days before the newest of these took effect, told from the
/// newest back. None if there was no price then.
pub fn lowest_prior(newest_first: &[DatedPrice]) -> Option<i64> {
    let newest = newest_first.first()?;
    let start = newest.since - DAYS;
    let earlier = newest_first.iter().zip(newest_first.iter().skip(1));
    let ended_in_time = earlier.filter(|(next, _)| next.since > start);
    ended_in_time.filter_map(|(_, price)| price.amount_minor).min()
}

#[cfg(test)]
mod tests {
    use super::{DatedPrice, lowest_prior};
    use chrono::{DateTime, Duration, Utc};
    use proptest::prelude::*;

    fn history(told: &[(i64, Option<i64>)]) -> Vec<DatedPrice> {
        let at = |days| DateTime::<Utc>::UNIX_EPOCH + Duration::days(days);
        told.iter()
            .rev()
            .map(|(day, amount_minor)| DatedPrice { amount_minor: *amount_minor, since: at(*day) })
            .collect()
    }

    #[test]
    fn the_prior_price_is_the_lowest_of_the_thirty_days_before_the_reduction() {
        // Commission notice 2021/C 526/02, section 2.1: 100, then 80 for ten days within the 30 before, then 60.
        let told = history(&[(0, Some(100)), (60, Some(80)), (70, Some(100)), (80, Some(60))]);
        assert_eq!(lowest_prior(&told), Some(80));
        // A lower price that ended more than 30 days before does not count.
        let told = history(&[(0, Some(50)), (10, Some(100)), (60, Some(90))]);
        assert_eq!(lowest_prior(&told), Some(100));
        // One that ended within them does, however early it began.
        let told = history(&[(0, Some(50)), (40, Some(100)), (60, Some(90))]);
        assert_eq!(lowest_prior(&told), Some(50));
        assert_eq!(lowest_prior(&history(&[(0, Some(50))])), None);
        assert_eq!(
            lowest_prior(&history(&[(0, Some(50)), (1, None), (80, Some(40))])),
            None,
            "it was withdrawn by then"
        );
        assert_eq!(lowest_prior(&[]), None);
    }

    proptest! {
        #[test]
        fn it_is_the_least_of_what_each_day_before_would_have_cost(
            steps in prop::collection::vec((1_i64..20, prop::option::of(1_i64..1_000)), 1..30),
        ) {
            let mut day = 0;
            let told: Vec<_> = steps.iter().map(|(days, amount)| { day += days; (day, *amount) }).collect();
            let last = day;
            let holds = |day: i64| told.iter().rev().find(|(since, _)| *since <= day);
            let costs_on = |day: i64| holds(day).and_then(|(_, amount)| *amount);
            let wanted = (last - 30..last).filter_map(costs_on).min();
            prop_assert_eq!(lowest_prior(&history(&told)), wanted);
        }
    }
}

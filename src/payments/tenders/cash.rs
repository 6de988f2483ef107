//! Amounts in cash where the smallest coins are gone: rounded to the nearest coin that there is.
use crate::kernel::Currency;

/// Countries whose cash is rounded though their currency has smaller coins or units: the euro's 1 and 2 cents are not
/// used there (national rules, such as the Dutch of 2004, the Belgian of 2019 and the Slovak of 2022).
const FIVE_CENT_COUNTRIES: [&str; 8] = ["BE", "EE", "FI", "IE", "IT", "LT", "NL", "SK"];

/// The least coin of a country, in minor units of a currency: 5 Rappen of the franc (Swiss coinage ordinance), a krona
/// (Swedish act 1970:1028), half a Danish krone, a Czech koruna, 5 forints, 5 cents in Canada and Australia, 10 in New
/// Zealand. 1 where every amount can be paid.
pub fn cash_step(country: Option<&str>, currency: Currency) -> i64 {
    match currency.code() {
        "CHF" | "AUD" | "CAD" => 5,
        "NZD" => 10,
        "DKK" => 50,
        "SEK" | "NOK" | "CZK" => 100,
        "HUF" => 500,
        "EUR" if country.is_some_and(|country| FIVE_CENT_COUNTRIES.contains(&country)) => 5,
        _ => 1,
    }
}

/// An amount as it is due in cash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenderSums {
    /// The amount in coins that there are, in minor units.
    pub due_minor: i64,
    /// The difference to the amount, in minor units.
    pub rounding_minor: i64,
}

impl TenderSums {
    /// The amount rounded to the nearest coin, halves up.
    pub fn of(amount_minor: i64, step: i64) -> Self {
        let step = step.max(1);
        let over = amount_minor.rem_euclid(step);
        let rounding_minor = if over * 2 >= step && over > 0 { step - over } else { -over };
        Self { due_minor: amount_minor.saturating_add(rounding_minor), rounding_minor }
    }
}

#[cfg(test)]
mod tests {
    use super::{TenderSums, cash_step};
    use crate::{
        kernel::Money,
        payments::tenders::{TenderKind, TenderTold},
    };
    use proptest::prelude::*;

    #[test]
    fn cash_is_rounded_to_the_coins_of_the_country() {
        let rows = [("CH", "CHF", 1_992, 1_990), ("CH", "CHF", 1_993, 1_995), ("NL", "EUR", 1_002, 1_000)];
        let more = [("NL", "EUR", 1_003, 1_005), ("FR", "EUR", 1_003, 1_003), ("SE", "SEK", 10_050, 10_100)];
        let rest = [("DK", "DKK", 10_024, 10_000), ("DK", "DKK", 10_025, 10_050), ("HU", "HUF", 99_700, 99_500)];
        for (country, currency, amount, due) in rows.into_iter().chain(more).chain(rest) {
            let step = cash_step(Some(country), currency.parse().unwrap());
            assert_eq!(TenderSums::of(amount, step).due_minor, due, "{amount} {currency} in {country}");
        }
    }

    #[test]
    fn a_till_that_does_not_round_or_rounds_in_its_own_way_is_believed() {
        let paid = Money { amount_minor: 1_003, currency: "EUR".parse().unwrap() };
        let settled = |tendered, rounding| {
            let told =
                TenderTold { kind: TenderKind::Cash, tendered_minor: tendered, tip_minor: 0, rounding_minor: rounding };
            told.settled(paid, 5, "/tender").map(|tender| (tender.rounding_minor, tender.change_minor)).ok()
        };
        assert_eq!(settled(Some(1_003), None), Some((0, 0)), "to the cent");
        assert_eq!(settled(Some(1_010), None), Some((2, 5)), "in coins of five");
        assert_eq!(settled(Some(1_003), Some(0)), Some((0, 0)));
        assert_eq!(settled(Some(1_000), Some(-3)), Some((-3, 0)));
        assert_eq!(settled(Some(1_000), None), None, "too little");
        assert_eq!(settled(None, Some(101)), None, "not by so much");
        assert_eq!(settled(Some(3), Some(-1_000)), None, "a price is no rounding");
    }

    proptest! {
        #[test]
        fn what_is_handed_over_is_the_amount_with_rounding_tip_and_change(
            amount in 0_i64..1_000_000, more in 0_i64..1_000, tip in 0_i64..100, which in 0_usize..6,
        ) {
            let (country, currency) =
                [("CH", "CHF"), ("NL", "EUR"), ("FR", "EUR"), ("SE", "SEK"), ("NZ", "NZD"), ("JP", "JPY")][which];
            let currency = currency.parse().unwrap();
            let step = cash_step(Some(country), currency);
            let due = TenderSums::of(amount, step);
            // In coins of the country: anything else was not rounded.
            let (more, tip) = (more * step, tip * step);
            prop_assert!(due.due_minor % step == 0 && due.rounding_minor.abs() * 2 <= step);
            let paid = Money { amount_minor: amount, currency };
            let told = |tendered| TenderTold {
                kind: TenderKind::Cash, tendered_minor: Some(tendered), tip_minor: tip, rounding_minor: None,
            };
            let tender = told(due.due_minor + tip + more).settled(paid, step, "/tender").unwrap();
            prop_assert_eq!(tender.change_minor, more);
            let all = amount + tender.rounding_minor + tender.tip_minor + tender.change_minor;
            prop_assert_eq!(tender.tendered_minor, Some(all));
            prop_assert!(told(due.due_minor + tip - step).settled(paid, step, "/tender").is_err());
        }
    }
}

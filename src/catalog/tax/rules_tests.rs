//! Tests of the tax within prices.
use super::*;
use crate::kernel::{Channel, PrincipalId, TaxRateId};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

fn tax(rate_ppm: i32) -> LineTax {
    LineTax { country: "FR".into(), region: None, tax_class: TaxClass::Standard, name: "TVA".into(), rate_ppm }
}

fn moment(day: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + Duration::days(day)
}

fn rate(country: &str, region: Option<&str>, rate_ppm: i32, days: (i64, Option<i64>)) -> TaxRate {
    TaxRate {
        id: TaxRateId::new(),
        country: country.into(),
        region: region.map(Into::into),
        tax_class: TaxClass::Standard,
        name: "VAT".into(),
        rate_ppm,
        starts_at: moment(days.0),
        ends_at: days.1.map(moment),
        version: 1,
        created_by: PrincipalId::new(),
        created_at: moment(0),
        updated_at: moment(0),
    }
}

fn to(country: &str, region: Option<&str>, day: i64) -> PriceContext {
    PriceContext {
        channel: Channel::Web,
        currency: "EUR".parse().unwrap(),
        location: None,
        country: Some(country.parse().unwrap()),
        region: region.map(|region| region.parse().unwrap()),
        groups: vec![],
        at: moment(day),
    }
}

#[test]
fn the_tax_within_a_price_is_as_the_tax_offices_compute_it() {
    // HMRC, VAT guide (Notice 700), section 30.1: the VAT fraction of 20 % is 1/6; of 5 % it is 1/21.
    for (gross, rate_ppm, wanted) in [(12_000, 200_000, 2_000), (600, 200_000, 100), (2_100, 50_000, 100)] {
        assert_eq!(tax(rate_ppm).within(gross), wanted, "{gross} at {rate_ppm}");
    }
    // France, CGI art. 278 and 279: 20 %, 10 %; BOI-TVA-LIQ: the base is the price with tax, divided by 1.2 or 1.1.
    for (gross, rate_ppm, wanted) in [(2_900, 200_000, 483), (1_099, 100_000, 100), (999, 55_000, 52)] {
        assert_eq!(tax(rate_ppm).within(gross), wanted, "{gross} at {rate_ppm}");
    }
    assert_eq!(tax(0).within(999), 0);
    assert_eq!(tax(1_000_000).within(3), 2, "half a unit is rounded up");
    assert_eq!(tax(200_000).within(0), 0);
}

#[test]
fn the_rate_of_a_region_comes_before_that_of_its_country_in_its_time() {
    let rates = TaxRates {
        rates: vec![
            rate("ES", None, 180_000, (0, Some(100))),
            rate("ES", None, 210_000, (100, None)),
            rate("ES", Some("ES-CN"), 70_000, (0, None)),
        ],
        changes: 0,
    };
    let found = |to: &PriceContext| rates.tax(to, TaxClass::Standard).map(|tax| tax.rate_ppm);
    assert_eq!(found(&to("ES", None, 99)), Some(180_000));
    assert_eq!(found(&to("ES", Some("ES-MD"), 100)), Some(210_000));
    assert_eq!(found(&to("ES", Some("ES-CN"), 100)), Some(70_000));
    assert_eq!(found(&to("FR", None, 100)), None);
    assert_eq!(rates.tax(&to("ES", None, 99), TaxClass::Reduced), None);
    assert_eq!(rates.require_tax(&to("FR", None, 1), TaxClass::Standard).unwrap_err().code(), Code::NoTaxRate);
    let none = TaxRates::default();
    assert_eq!(none.require_tax(&to("FR", None, 1), TaxClass::Standard).unwrap(), None, "no rates, no taxes");
}

proptest! {
    #[test]
    fn the_tax_of_parts_adds_up_to_that_of_the_whole(
        rate_ppm in 0_i32..=1_000_000,
        parts in prop::collection::vec(0_i64..100_000_000, 1..20),
    ) {
        let tax = tax(rate_ppm);
        let (mut before, mut sum) = (0, 0);
        for part in &parts {
            sum += tax.within(before + part) - tax.within(before);
            before += part;
        }
        prop_assert_eq!(sum, tax.within(before));
    }

    #[test]
    fn a_price_and_the_tax_on_top_of_it_contain_exactly_this_tax(
        rate_ppm in 0_i32..=1_000_000,
        net in 0_i64..4_503_599_627_370_495,
    ) {
        let tax = tax(rate_ppm);
        let added = tax.on_top_of(net);
        prop_assert_eq!(tax.within(net + added), added);
        let off = i128::from(added) * 1_000_000 - i128::from(net) * i128::from(rate_ppm);
        prop_assert!(2 * off.abs() <= 1_000_000, "{} is more than half a unit off", added);
    }

    #[test]
    fn the_tax_is_the_nearest_to_the_exact_one_and_never_beyond_the_price(
        rate_ppm in 0_i32..=1_000_000,
        gross in 0_i64..9_007_199_254_740_991,
    ) {
        let within = tax(rate_ppm).within(gross);
        prop_assert!((0..=gross).contains(&within));
        let (rate, one) = (i128::from(rate_ppm), 1_000_000_i128);
        let off = i128::from(within) * (one + rate) - i128::from(gross) * rate;
        prop_assert!(2 * off.abs() <= one + rate, "{} is more than half a unit off", within);
    }
}

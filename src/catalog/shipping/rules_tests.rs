//! Charges that a hand computes.
use super::*;
use crate::kernel::{Channel, ShippingMethodId};
use chrono::DateTime;

fn rate(up_to_grams: Option<i32>, from_minor: i64, charge_minor: i64) -> ShippingMethodRate {
    ShippingMethodRate { up_to_grams, from_minor, charge_minor }
}

fn zone(countries: &[&str], rates: Vec<ShippingMethodRate>) -> ShippingZone {
    ShippingZone { countries: countries.iter().map(|of| of.parse().unwrap()).collect(), regions: vec![], rates }
}

fn method() -> ShippingMethod {
    ShippingMethod {
        id: ShippingMethodId::new(),
        code: "standard".into(),
        name: "Standard".into(),
        currency: "EUR".parse().unwrap(),
        channels: vec![Channel::Web],
        zones: vec![
            zone(&[], vec![rate(Some(2_000), 0, 1_500)]),
            zone(&["FR", "DE"], vec![rate(Some(1_000), 0, 490), rate(None, 0, 990), rate(None, 5_000, 0)]),
            zone(&["CH"], vec![rate(None, 2_000, 700)]),
        ],
        carries_dangerous_goods: false,
        tax_class: crate::catalog::TaxClass::Standard,
        refund_rate_ppm: 1_000_000,
        is_default: true,
        min_days: None,
        max_days: None,
        retired_at: None,
        version: 1,
        created_by: crate::kernel::PrincipalId::new(),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn to(country: &str) -> PriceContext {
    PriceContext {
        channel: Channel::Web,
        currency: "EUR".parse().unwrap(),
        location: None,
        country: Some(country.parse().unwrap()),
        region: None,
        groups: vec![],
        at: DateTime::UNIX_EPOCH,
    }
}

fn goods(grams: i64, price_minor: i64) -> ShippedGoods {
    ShippedGoods { grams, is_dangerous: false, price_minor }
}

#[test]
fn the_cheapest_rate_that_holds_is_charged() {
    let charge = |country, grams, price| method().charge(&to(country), goods(grams, price));
    assert_eq!(charge("FR", 1_000, 4_999), Ok(490));
    assert_eq!(charge("DE", 1_001, 4_999), Ok(990), "heavier");
    assert_eq!(charge("FR", 30_000, 5_000), Ok(0), "free from a price on");
    assert_eq!(charge("JP", 2_000, 1_000_000), Ok(1_500), "all other countries");
    assert_eq!(charge("JP", 2_001, 1_000_000), Err(ShippingVerdict::TooHeavy));
    assert_eq!(charge("CH", 1, 1_999), Err(ShippingVerdict::SpendTooLow));
    assert_eq!(charge("CH", 1, 2_000), Ok(700));
}

#[test]
fn the_zone_of_a_region_comes_before_that_of_its_country() {
    let regions = vec!["FR-973".parse().unwrap(), "ES-CN".parse().unwrap()];
    let far = ShippingZone { regions, ..zone(&[], vec![rate(None, 0, 2_900)]) };
    let charge = |zones: &[ShippingZone], country, region: Option<&str>| {
        let to = PriceContext { region: region.map(|of| of.parse().unwrap()), ..to(country) };
        ShippingMethod { zones: zones.to_vec(), ..method() }.charge(&to, goods(1, 1))
    };
    let home = zone(&["FR"], vec![rate(None, 0, 490)]);
    for zones in [[far.clone(), home.clone()], [home, far]] {
        assert_eq!(charge(&zones, "FR", None), Ok(490));
        assert_eq!(charge(&zones, "FR", Some("FR-IDF")), Ok(490));
        assert_eq!(charge(&zones, "FR", Some("FR-973")), Ok(2_900));
        assert_eq!(charge(&zones, "ES", Some("ES-CN")), Ok(2_900), "a region alone, not its country");
        assert_eq!(charge(&zones, "ES", Some("ES-MD")), Err(ShippingVerdict::OtherCountry));
        assert_eq!(charge(&zones, "ES", None), Err(ShippingVerdict::OtherCountry));
    }
}

#[test]
fn a_method_says_why_it_does_not_carry_goods() {
    let dangerous = ShippedGoods { is_dangerous: true, ..goods(1, 1) };
    assert_eq!(method().charge(&to("FR"), dangerous), Err(ShippingVerdict::DangerousGoods));
    let by_road = ShippingMethod { carries_dangerous_goods: true, ..method() };
    assert_eq!(by_road.charge(&to("FR"), dangerous), Ok(490));
    let pos = PriceContext { channel: Channel::Pos, ..to("FR") };
    assert_eq!(method().charge(&pos, goods(1, 1)), Err(ShippingVerdict::OtherChannel));
    let yen = PriceContext { currency: "JPY".parse().unwrap(), ..to("FR") };
    assert_eq!(method().charge(&yen, goods(1, 1)), Err(ShippingVerdict::OtherCurrency));
    let nowhere = PriceContext { country: None, ..to("FR") };
    assert_eq!(method().charge(&nowhere, goods(1, 1)), Err(ShippingVerdict::OtherCountry));
    let home = ShippingMethod { zones: vec![zone(&["FR"], vec![rate(None, 0, 1)])], ..method() };
    assert_eq!(home.charge(&to("JP"), goods(1, 1)), Err(ShippingVerdict::OtherCountry));
    let over = ShippingMethod { retired_at: Some(DateTime::UNIX_EPOCH), ..method() };
    assert_eq!(over.charge(&to("FR"), goods(1, 1)), Err(ShippingVerdict::Retired));
}

#[test]
fn the_default_of_a_currency_is_taken_while_it_is_in_use() {
    let list = |method| ShippingMethods { list: vec![Arc::new(method)], changes: 0 };
    assert!(list(method()).default_for(&to("FR")).is_some());
    assert!(list(ShippingMethod { is_default: false, ..method() }).default_for(&to("FR")).is_none());
    let mobile = PriceContext { channel: Channel::Mobile, ..to("FR") };
    assert!(list(method()).default_for(&mobile).is_none(), "it is offered in the web");
    let over = ShippingMethod { retired_at: Some(DateTime::UNIX_EPOCH), ..method() };
    assert!(list(over).default_for(&to("FR")).is_none());
}

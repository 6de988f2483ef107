//! Tests of the rule by which one price of several is chosen.
use super::*;
use crate::kernel::VariantId;
use chrono::Duration;
use proptest::prelude::*;
use std::sync::Arc;

fn moment(hour: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + Duration::hours(hour)
}

fn at(hour: i64) -> PriceContext {
    PriceContext {
        channel: Channel::Web,
        currency: "EUR".parse().unwrap(),
        location: None,
        country: Some("FR".parse().unwrap()),
        region: None,
        groups: vec!["vip".parse().unwrap()],
        at: moment(hour),
    }
}

fn list(applies_to: AppliesTo, priority: i32) -> Arc<PriceList> {
    Arc::new(PriceList {
        id: PriceListId::new(),
        code: "list".into(),
        name: "List".into(),
        currency: "EUR".parse().unwrap(),
        tax_included: true,
        applies_to,
        priority,
        starts_at: moment(0),
        ends_at: None,
        version: 1,
        created_at: moment(0),
        updated_at: moment(0),
    })
}

fn price(list: &Arc<PriceList>, min_quantity: i32, amount_minor: i64) -> ListPrice {
    let (starts_at, ends_at) = (moment(0), None);
    let (list, variant_id) = (list.clone(), VariantId::new());
    ListPrice { list, variant_id, min_quantity, amount_minor, compare_at_minor: None, starts_at, ends_at }
}

fn amount(prices: &[ListPrice], to: &PriceContext, units: i32) -> Option<i64> {
    chosen(prices, to, units).map(|price| price.amount_minor)
}

#[test]
fn the_more_particular_list_decides_until_a_priority_says_otherwise() {
    let everyone = list(AppliesTo::default(), 0);
    let web = list(AppliesTo { channels: vec![Channel::Web], ..AppliesTo::default() }, 0);
    let france = list(AppliesTo { countries: vec!["FR".parse().unwrap()], ..AppliesTo::default() }, 0);
    let vip = list(AppliesTo { customer_groups: vec!["vip".parse().unwrap()], ..AppliesTo::default() }, 0);
    let prices = [price(&vip, 1, 70), price(&everyone, 1, 100), price(&france, 1, 80), price(&web, 1, 90)];
    assert_eq!(amount(&prices, &at(1), 1), Some(70));
    let stranger = PriceContext { groups: vec![], ..at(1) };
    assert_eq!(amount(&prices, &stranger, 1), Some(80));
    let abroad = PriceContext { country: Some("DE".parse().unwrap()), ..stranger };
    assert_eq!(amount(&prices, &abroad, 1), Some(90));
    let till = PriceContext { channel: Channel::Pos, ..abroad.clone() };
    assert_eq!(amount(&prices, &till, 1), Some(100));
    let unknown = PriceContext { country: None, ..abroad };
    assert_eq!(amount(&prices, &unknown, 1), Some(90), "an unknown country is no country of a list");
    let first = list(AppliesTo::default(), 1);
    let prices = [price(&first, 1, 120), price(&vip, 1, 70)];
    assert_eq!(amount(&prices, &at(1), 1), Some(120), "priority comes before all");
}

#[test]
fn a_list_of_a_location_holds_at_its_till_alone() {
    let here = LocationId::new();
    let store = list(AppliesTo { location_ids: vec![here], ..AppliesTo::default() }, 0);
    let prices = [price(&store, 1, 60)];
    assert_eq!(amount(&prices, &PriceContext { location: Some(here), ..at(1) }, 1), Some(60));
    assert_eq!(amount(&prices, &PriceContext { location: Some(LocationId::new()), ..at(1) }, 1), None);
    assert_eq!(amount(&prices, &at(1), 1), None);
}

#[test]
fn the_price_for_the_most_units_decides_within_a_list() {
    let wholesale = list(AppliesTo::default(), 0);
    let prices = [price(&wholesale, 1, 100), price(&wholesale, 50, 80), price(&wholesale, 10, 90)];
    let told: Vec<_> = [1, 9, 10, 49, 50].map(|units| amount(&prices, &at(1), units)).into();
    assert_eq!(told, [Some(100), Some(100), Some(90), Some(90), Some(80)]);
}

#[test]
fn a_price_holds_from_its_first_moment_until_the_one_before_its_end() {
    let sale = Arc::new(PriceList { ends_at: Some(moment(20)), ..(*list(AppliesTo::default(), 0)).clone() });
    let prices = [ListPrice { starts_at: moment(10), ends_at: Some(moment(30)), ..price(&sale, 1, 50) }];
    let just_before = |hour| moment(hour) - Duration::microseconds(1);
    let told = |at: DateTime<Utc>| amount(&prices, &PriceContext { at, ..super::tests::at(0) }, 1);
    assert_eq!([told(just_before(10)), told(moment(10))], [None, Some(50)]);
    assert_eq!([told(just_before(20)), told(moment(20))], [Some(50), None], "the list ends before the price");
    let dollars = PriceContext { currency: "USD".parse().unwrap(), ..at(15) };
    assert_eq!(amount(&prices, &dollars, 1), None);
}

proptest! {
    #[test]
    fn the_order_of_prices_never_matters(
        told in prop::collection::vec((-2_i32..3, 0_u8..16, 1_i32..6, 1_i64..1_000), 1..12),
        units in 1_i32..8,
        seed in any::<u64>(),
    ) {
        let listed = |(priority, narrow, min_quantity, amount): (i32, u8, i32, i64)| {
            let with = |bit: u8| narrow & bit != 0;
            let applies_to = AppliesTo {
                channels: if with(1) { vec![Channel::Web] } else { vec![] },
                countries: if with(2) { vec!["FR".parse().unwrap()] } else { vec![] },
                customer_groups: if with(4) { vec!["vip".parse().unwrap()] } else { vec![] },
                location_ids: if with(8) { vec![LocationId::new()] } else { vec![] },
            };
            price(&list(applies_to, priority), min_quantity, amount)
        };
        let prices: Vec<_> = told.into_iter().map(listed).collect();
        let mut other = prices.clone();
        let turn = usize::try_from(seed % prices.len() as u64).unwrap();
        other.rotate_left(turn);
        other.reverse();
        let found = chosen(&prices, &at(1), units);
        prop_assert_eq!(found.map(|price| price.list.id), chosen(&other, &at(1), units).map(|price| price.list.id));
        let holding = prices.iter().filter(|price| price.obstacle(&at(1), units).is_none());
        prop_assert_eq!(found.map(ListPrice::rank), holding.map(ListPrice::rank).max());
    }
}

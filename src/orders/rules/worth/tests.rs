//! Tests of the prices of some of a line's units.
use super::*;
use crate::{
    catalog::{LineTax, TaxClass},
    kernel::OrderId,
    orders::{model::BundleComponent, store::OrderLine},
    platform::db::Json,
};
use proptest::prelude::*;

fn line(variant: VariantId, units: i32, unit_minor: i64, discount_minor: i64) -> OrderLine {
    OrderLine {
        order_id: OrderId::new(),
        line_no: 1,
        variant_id: variant,
        sku: "LIP-1".into(),
        name: "Lipstick".into(),
        quantity: units,
        unit_minor,
        total_minor: unit_minor * i64::from(units) - discount_minor,
        canceled: 0,
        returned: 0,
        parts: None,
        returned_parts: None,
        tax: None,
        discount_minor,
        discounts: None,
        tax_included: true,
    }
}

/// A set of parts, each with units in one set and its share of the price.
fn set(units: i32, parts: &[(i32, i64)], off_ppm: i64) -> OrderLine {
    let part = |(quantity, share): &(i32, i64)| BundleComponent {
        variant_id: VariantId::new(),
        quantity: *quantity,
        share_minor: Some(*share),
    };
    let unit: i64 = parts.iter().map(|(_, share)| share).sum();
    let off = unit * i64::from(units) * off_ppm / 1_000_000;
    OrderLine { parts: Some(Json(parts.iter().map(part).collect())), ..line(VariantId::new(), units, unit, off) }
}

/// The same at prices without tax, which is added at a rate in millionths.
fn net(line: OrderLine, rate_ppm: i32) -> OrderLine {
    let tax =
        LineTax { country: "FR".into(), region: None, tax_class: TaxClass::Standard, name: "TVA".into(), rate_ppm };
    let net = OrderLine { tax: Some(Json(tax)), tax_included: false, ..line };
    OrderLine { total_minor: net.with_tax(net.total_minor), ..net }
}

/// As its unit price is, or at prices without tax if a rate is given.
fn taxed(line: OrderLine, rate_ppm: Option<i32>) -> OrderLine {
    match rate_ppm {
        Some(rate_ppm) => net(line, rate_ppm),
        None => line,
    }
}

#[test]
fn three_units_at_99_cents_without_tax_cost_356_and_one_that_is_given_up_leaves_the_price_of_two() {
    let mut line = net(line(VariantId::new(), 3, 99, 0), 200_000);
    assert_eq!((line.total_minor, line.tax_minor(), line.discount_now()), (356, 59, 0));
    line.cancel(1);
    assert_eq!((line.total_minor, line.tax_minor(), line.discount_now()), (238, 40, 0));
}

#[test]
fn three_units_for_ten_are_worth_three_and_three_and_four() {
    let mut line = line(VariantId::new(), 3, 400, 200);
    let units = [1, 2, 3].map(|units| line.worth_of_first(units));
    assert_eq!(units, [333, 666, 1_000]);
    line.cancel(1);
    assert_eq!((line.total_minor, line.worth_of_first(2)), (666, 666));
}

proptest! {
    #[test]
    fn what_is_given_up_and_what_is_kept_add_up_and_neither_is_negative(
        parts in prop::collection::vec((1_i32..5, 0_i64..100_000), 1..5),
        units in 1_i32..20, off in 0_i64..=1_000_000, steps in prop::collection::vec(1_i32..5, 0..6),
        rate in prop::option::of(0_i32..=1_000_000),
    ) {
        let mut line = taxed(set(units, &parts, off), rate);
        let whole = line.total_minor;
        let mut given = 0;
        prop_assert_eq!(line.worth_of_first(units), whole);
        for step in steps {
            let before = line.total_minor;
            line.cancel(step.min(line.quantity));
            prop_assert!(line.total_minor >= 0 && line.total_minor <= before);
            given += before - line.total_minor;
            prop_assert_eq!(line.worth_of_first(line.quantity), line.total_minor);
            prop_assert!(line.discount_now() >= 0 && (off > 0 || line.discount_now() == 0));
        }
        prop_assert_eq!(given + line.total_minor, whole);
    }

    #[test]
    fn parts_that_come_back_one_by_one_are_worth_what_they_are_together(
        parts in prop::collection::vec((1_i32..5, 0_i64..100_000), 1..5),
        units in 1_i32..9, off in 0_i64..=1_000_000, steps in prop::collection::vec((0_usize..5, 0_i32..4), 0..30),
        rate in prop::option::of(0_i32..=1_000_000),
    ) {
        let line = taxed(set(units, &parts, off), rate);
        let prices = line.part_prices();
        let (mut back, mut sum) = (vec![0; prices.len()], 0);
        for (of, some) in steps {
            let of = of % prices.len();
            let some = some.min(units * prices[of].per - back[of]);
            sum += prices[of].worth(back[of], some);
            back[of] += some;
        }
        for (price, back) in prices.iter().zip(back) {
            sum += price.worth(back, units * price.per - back);
        }
        prop_assert_eq!(line.with_tax(sum), line.total_minor);
    }

    #[test]
    fn without_a_discount_units_cost_what_one_costs_and_sets_too(
        parts in prop::collection::vec((1_i32..5, 0_i64..100_000), 1..5), units in 1_i32..20, some in 0_i32..20,
    ) {
        let line = set(units, &parts, 0);
        let some = some.min(units);
        prop_assert_eq!(line.worth_of_first(some), line.unit_minor * i64::from(some));
    }

    #[test]
    fn what_has_left_is_never_worth_more_than_it_cost(
        lines in prop::collection::vec((0_usize..3, 1_i32..5, 0_i64..100, 0_i64..=100), 1..5),
        left in prop::collection::vec(0_i32..12, 3),
    ) {
        let variants: Vec<_> = (0..3).map(|_| VariantId::new()).collect();
        let made = |(v, units, unit, off): (usize, i32, i64, i64)| {
            line(variants[v], units, unit, unit * i64::from(units) * off / 100)
        };
        let lines: Vec<_> = lines.into_iter().map(made).collect();
        let (mut stays, goods) = (HashMap::new(), variants.iter().copied().collect::<HashSet<_>>());
        for (variant, units) in variants.iter().zip(&left) {
            let ordered: i32 = lines.iter().filter(|line| line.variant_id == *variant).map(|line| line.quantity).sum();
            stays.insert(*variant, ordered.min(*units));
        }
        let total: i64 = lines.iter().map(|line| line.total_minor).sum();
        let worth = worth_of_what_left(&lines, &stays, &goods, 0);
        prop_assert!(worth <= total);
        // No choice of the units that left is worth less.
        for line in &lines {
            let others: i32 = lines.iter().filter(|l| l.variant_id == line.variant_id).map(|l| l.quantity).sum();
            if others == line.quantity && stays[&line.variant_id] == 0 {
                prop_assert!(worth >= line.total_minor);
            }
        }
        if stays.values().all(|units| *units == 0) {
            prop_assert_eq!(worth, total);
        }
    }
}

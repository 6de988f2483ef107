//! Tests of the rule by which promotions apply to a cart.
use super::*;
use crate::{
    catalog::{
        price_lists::AppliesTo,
        promotions::model::{BundleItem, Target, Usage},
    },
    kernel::{Channel, PrincipalId, Quantity, Sku},
};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use std::collections::HashSet;

fn now() -> PriceContext {
    PriceContext {
        channel: Channel::Web,
        currency: "EUR".parse().unwrap(),
        location: None,
        country: Some("FR".parse().unwrap()),
        region: None,
        groups: vec![],
        at: DateTime::<Utc>::UNIX_EPOCH,
    }
}

fn sku(n: usize) -> Sku {
    format!("SKU-{n}").parse().unwrap()
}

/// Lines of SKU-0, SKU-1, … with units and the price of one.
fn cart(lines: &[(i32, i64)]) -> Vec<CartLine> {
    let line = |(n, (units, unit_minor)): (usize, &(i32, i64))| CartLine {
        sku: sku(n).key().clone(),
        product: ProductId::new(),
        brand: None,
        category: None,
        units: *units,
        unit_minor: *unit_minor,
        added_tax: None,
        expires_in_days: i64::try_from(n).ok().map(|n| n * 20 - 10),
    };
    lines.iter().enumerate().map(line).collect()
}

fn promotion(benefit: Benefit, skus: &[usize]) -> Promotion {
    Promotion {
        id: PromotionId::new(),
        code: "offer".into(),
        name: "Offer".into(),
        currency: "EUR".parse().unwrap(),
        applies_to: AppliesTo::default(),
        target: Target { skus: skus.iter().map(|n| sku(*n)).collect(), ..Target::default() },
        benefit,
        min_spend_minor: None,
        needs_coupon: false,
        is_exclusive: false,
        priority: 0,
        starts_at: DateTime::UNIX_EPOCH,
        ends_at: None,
        max_uses: None,
        max_uses_per_customer: None,
        budget_minor: None,
        version: 1,
        created_by: PrincipalId::new(),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn remembered(promotions: Vec<Promotion>) -> Vec<RememberedPromotion> {
    let keys = |skus: &[Sku]| skus.iter().map(|sku| sku.key().clone()).collect();
    let of = |promotion: Promotion| RememberedPromotion {
        categories: HashSet::new(),
        collected: HashSet::new(),
        skus: keys(&promotion.target.skus),
        excluded_skus: keys(&promotion.target.excluded_skus),
        promotion: Arc::new(promotion),
    };
    promotions.into_iter().map(of).collect()
}

fn judge(promotions: &[RememberedPromotion], lines: &[CartLine]) -> Vec<Result<Vec<i64>, PromotionVerdict>> {
    let cart = Cart { to: &now(), lines, shipping: None };
    let judged = judged(promotions, cart, &[], &HashMap::new());
    judged.into_iter().map(|(_, judged)| judged.map(|applied| applied.amounts.clone())).collect()
}

fn alone(benefit: Benefit, lines: &[(i32, i64)]) -> Result<Vec<i64>, PromotionVerdict> {
    judge(&remembered(vec![promotion(benefit, &[])]), &cart(lines)).remove(0)
}

fn units(units: i64) -> Quantity {
    Quantity::new(units).unwrap()
}

#[test]
fn each_benefit_takes_off_what_a_hand_computes() {
    assert_eq!(alone(Benefit::PercentOff { rate_ppm: 150_000 }, &[(1, 999), (3, 333)]), Ok(vec![150, 150]));
    assert_eq!(alone(Benefit::AmountOff { amount_minor: 1_000 }, &[(1, 2_000), (1, 1_000)]), Ok(vec![666, 334]));
    assert_eq!(alone(Benefit::AmountOff { amount_minor: 9_000 }, &[(1, 2_000), (1, 500)]), Ok(vec![2_000, 500]));
    assert_eq!(alone(Benefit::AmountOffEach { amount_minor: 300 }, &[(2, 1_000), (3, 200)]), Ok(vec![600, 600]));
    let three_for_two = Benefit::BuyXGetY { buy: units(2), get: units(1), rate_ppm: WHOLE_PPM };
    assert_eq!(alone(three_for_two.clone(), &[(2, 1_000), (1, 400)]), Ok(vec![0, 400]), "the cheapest is free");
    assert_eq!(alone(three_for_two.clone(), &[(5, 1_000), (1, 400)]), Ok(vec![1_000, 400]));
    assert_eq!(alone(three_for_two, &[(2, 1_000)]), Err(PromotionVerdict::NoGoods));
    let half = Benefit::BuyXGetY { buy: units(1), get: units(1), rate_ppm: 500_000 };
    assert_eq!(alone(half.clone(), &[(2, 999)]), Ok(vec![500]), "halves are rounded up");
    assert_eq!(alone(half, &[(20, 999)]), Ok(vec![4_995]), "once on each line");
    let tier = |from_minor, rate_ppm| Tier { from_minor, rate_ppm: Some(rate_ppm), amount_minor: None };
    let tiers = Benefit::TieredSpend { tiers: vec![tier(5_000, 100_000), tier(10_000, 200_000)] };
    assert_eq!(alone(tiers.clone(), &[(1, 4_999)]), Err(PromotionVerdict::SpendTooLow));
    assert_eq!(alone(tiers.clone(), &[(1, 5_000)]), Ok(vec![500]));
    assert_eq!(alone(tiers, &[(1, 9_000), (1, 1_000)]), Ok(vec![1_800, 200]));
    let off = |from_minor, minor| Tier { from_minor, rate_ppm: None, amount_minor: Some(minor) };
    let tiers = Benefit::TieredSpend { tiers: vec![off(5_000, 500), off(10_000, 20_000), tier(20_000, 150_000)] };
    assert_eq!(alone(tiers.clone(), &[(1, 4_000), (1, 2_000)]), Ok(vec![333, 167]), "shared by the prices");
    assert_eq!(alone(tiers.clone(), &[(1, 10_000)]), Ok(vec![10_000]), "never more than the goods cost");
    assert_eq!(alone(tiers, &[(1, 20_000)]), Ok(vec![3_000]));
    let step = |within_days, rate_ppm| ExpiryStep { within_days, rate_ppm };
    let ladder = Benefit::NearExpiry { steps: vec![step(30, 250_000), step(10, 500_000), step(60, 100_000)] };
    // Expired ten days ago, and in 10, 30, 50 and 70 days.
    let lines = [(1, 1_000), (2, 500), (1, 999), (1, 1_000), (1, 1_000)];
    assert_eq!(alone(ladder.clone(), &lines), Ok(vec![0, 500, 250, 100, 0]));
    assert_eq!(alone(ladder, &lines[..1]), Err(PromotionVerdict::NoLot));
    let item = |n, quantity| BundleItem { sku: sku(n), quantity: units(quantity) };
    let set = Benefit::BundlePrice { items: vec![item(0, 1), item(1, 2)], price_minor: 3_000 };
    assert_eq!(alone(set.clone(), &[(1, 2_000), (2, 1_000)]), Ok(vec![500, 500]));
    assert_eq!(alone(set.clone(), &[(3, 2_000), (5, 1_000)]), Ok(vec![1_000, 1_000]), "two sets");
    assert_eq!(
        alone(set, &[(1, 500), (2, 500)]),
        Err(PromotionVerdict::NothingOff),
        "no set costs more than its parts"
    );
}

#[test]
fn units_for_nothing_cost_nothing_after_another_promotion_too() {
    let mut first = promotion(Benefit::AmountOff { amount_minor: 1_900 }, &[]);
    first.priority = 1;
    let free = Benefit::BuyXGetY { buy: units(3), get: units(3), rate_ppm: WHOLE_PPM };
    let lines = cart(&[(3, 1_000), (3, 5_000)]);
    let off = judge(&remembered(vec![first, promotion(free, &[])]), &lines);
    let of = |n: usize| off[n].as_ref().unwrap()[0];
    assert_eq!(of(0) + of(1), 3_000, "{off:?}");
}

#[test]
fn a_set_takes_nothing_off_goods_that_are_excluded() {
    let item = |n| BundleItem { sku: sku(n), quantity: units(1) };
    let mut set = promotion(Benefit::BundlePrice { items: vec![item(0), item(1)], price_minor: 100 }, &[]);
    set.target.excluded_skus = vec![sku(0)];
    let judged = judge(&remembered(vec![set]), &cart(&[(1, 1_000), (1, 1_000)]));
    assert_eq!(judged, [Err(PromotionVerdict::NoGoods)]);
}

#[test]
fn a_gift_is_free_beside_goods_that_cost_enough() {
    let gift = Benefit::GiftWithPurchase { sku: sku(1), quantity: units(1) };
    let mut with_gift = promotion(gift, &[]);
    with_gift.min_spend_minor = Some(5_000);
    let judged = |lines: &[(i32, i64)]| judge(&remembered(vec![with_gift.clone()]), &cart(lines)).remove(0);
    assert_eq!(judged(&[(1, 5_000), (2, 900)]), Ok(vec![0, 900]));
    assert_eq!(judged(&[(1, 4_500), (1, 900)]), Err(PromotionVerdict::SpendTooLow), "the gift is no purchase");
    assert_eq!(judged(&[(1, 5_000)]), Err(PromotionVerdict::NoGoods), "the gift is not in the cart");
}

#[test]
fn an_exclusive_promotion_applies_alone() {
    let ten = |skus: &[usize]| promotion(Benefit::PercentOff { rate_ppm: 100_000 }, skus);
    let mut exclusive = ten(&[]);
    exclusive.is_exclusive = true;
    let lines = cart(&[(1, 1_000)]);
    let first = judge(&remembered(vec![exclusive.clone(), ten(&[])]), &lines);
    assert_eq!(first, [Ok(vec![100]), Err(PromotionVerdict::NotCombinable)]);
    let last = judge(&remembered(vec![ten(&[]), exclusive]), &lines);
    assert_eq!(last, [Ok(vec![100]), Err(PromotionVerdict::NotCombinable)]);
}

#[test]
fn a_promotion_stops_where_its_budget_does_not_suffice() {
    let mut limited = promotion(Benefit::PercentOff { rate_ppm: 100_000 }, &[]);
    limited.budget_minor = Some(1_000);
    let promotions = remembered(vec![limited.clone()]);
    let judged_with = |left, by_customer| {
        let usage = Usage { budget_left_minor: Some(left), ..Usage::default() };
        let counted = HashMap::from([(limited.id, CountedUses { usage, by_customer })]);
        let lines = cart(&[(1, 1_000)]);
        let mut judged = judged(&promotions, Cart { to: &now(), lines: &lines, shipping: None }, &[], &counted);
        judged.remove(0).1.map(|applied| applied.total_minor())
    };
    assert_eq!(judged_with(100, None), Ok(100));
    assert_eq!(judged_with(99, None), Err(PromotionVerdict::BudgetSpent), "never a part of it");
}

fn tier((from_minor, number, is_amount): (i64, i32, bool)) -> Tier {
    match is_amount {
        true => Tier { from_minor, rate_ppm: None, amount_minor: Some(number.into()) },
        false => Tier { from_minor, rate_ppm: Some(number), amount_minor: None },
    }
}

fn benefits() -> impl Strategy<Value = Benefit> {
    let rate = 1..=WHOLE_PPM;
    let some = || (1_i64..4).prop_map(units);
    prop_oneof![
        rate.clone().prop_map(|rate_ppm| Benefit::PercentOff { rate_ppm }),
        (1_i64..50_000).prop_map(|amount_minor| Benefit::AmountOff { amount_minor }),
        (1_i64..5_000).prop_map(|amount_minor| Benefit::AmountOffEach { amount_minor }),
        (some(), some(), rate.clone()).prop_map(|(buy, get, rate_ppm)| Benefit::BuyXGetY { buy, get, rate_ppm }),
        (0_usize..4, some()).prop_map(|(n, quantity)| Benefit::GiftWithPurchase { sku: sku(n), quantity }),
        prop::collection::vec((1_i64..30_000, rate, any::<bool>()), 1..4)
            .prop_map(|tiers| Benefit::TieredSpend { tiers: tiers.into_iter().map(tier).collect() }),
        prop::collection::vec((0_i32..90, 1..=WHOLE_PPM), 1..4).prop_map(|steps| Benefit::NearExpiry {
            steps: steps.into_iter().map(|(within_days, rate_ppm)| ExpiryStep { within_days, rate_ppm }).collect(),
        }),
        (some(), some(), 0_i64..20_000).prop_map(|(a, b, price_minor)| Benefit::BundlePrice {
            items: vec![BundleItem { sku: sku(0), quantity: a }, BundleItem { sku: sku(1), quantity: b }],
            price_minor,
        }),
    ]
}

fn lines() -> impl Strategy<Value = Vec<(i32, i64)>> {
    prop::collection::vec((1_i32..9, 0_i64..20_000), 1..5)
}

proptest! {
    #[test]
    fn no_line_ever_costs_less_than_nothing(
        lines in lines(),
        benefits in prop::collection::vec((benefits(), prop::collection::vec(0_usize..4, 0..3)), 1..6),
    ) {
        let promotions = benefits.into_iter().map(|(benefit, skus)| promotion(benefit, &skus)).collect();
        let mut left: Vec<i64> = lines.iter().map(|(units, unit)| unit * i64::from(*units)).collect();
        for amounts in judge(&remembered(promotions), &cart(&lines)).into_iter().flatten() {
            prop_assert_eq!(amounts.len(), lines.len());
            prop_assert!(amounts.iter().any(|amount| *amount > 0));
            for (left, amount) in left.iter_mut().zip(amounts) {
                prop_assert!(amount >= 0 && amount <= *left);
                *left -= amount;
            }
        }
    }

    #[test]
    fn promotions_of_different_goods_commute(lines in lines(), one in benefits(), other in benefits()) {
        // Gifts and sets name goods of their own.
        let names_goods = |benefit: &Benefit| matches!(
            benefit, Benefit::GiftWithPurchase { .. } | Benefit::BundlePrice { .. }
        );
        prop_assume!(!names_goods(&one) && !names_goods(&other));
        let (one, other) = (promotion(one, &[0, 1]), promotion(other, &[2, 3]));
        let lines = cart(&lines);
        let mut forth = judge(&remembered(vec![one.clone(), other.clone()]), &lines);
        let back = judge(&remembered(vec![other, one]), &lines);
        forth.reverse();
        prop_assert_eq!(forth, back);
    }
}

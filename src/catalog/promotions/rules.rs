//! The rule by which promotions apply to a cart, pure: each in its turn, by priority and then by code, to what those
//! before it have left of the price. No line ever costs less than nothing, and the amounts add up exactly.
mod goods;

use super::model::{Benefit, CountedUses, ExpiryStep, Promotion, PromotionVerdict, RememberedPromotion, Tier};
use crate::{
    catalog::{
        model::Offer,
        price_lists::{PriceContext, PriceVerdict},
        shipping::{ShippedGoods, ShippingMethod},
        tax::LineTax,
    },
    kernel::{CouponId, GroupId, ProductId, PromotionId, Typed, spread},
};
use std::{collections::HashMap, sync::Arc};

/// One, in millionths.
pub const WHOLE_PPM: i32 = 1_000_000;

/// A line of a cart, as far as promotions depend on it.
#[derive(Debug, Clone)]
pub struct CartLine {
    pub sku: Typed,
    pub product: ProductId,
    pub brand: Option<GroupId>,
    pub category: Option<GroupId>,
    pub units: i32,
    /// The price of one unit, in minor units.
    pub unit_minor: i64,
    /// The tax that is added to it; none where the price contains its tax.
    pub added_tax: Option<LineTax>,
    /// Days until its packs expire, where a till has read their lot; 0 is their last day.
    pub expires_in_days: Option<i64>,
}

impl CartLine {
    /// Units of an offer at a price of one, in minor units.
    pub fn of(offer: &Offer, units: i32, unit_minor: i64) -> Self {
        Self {
            sku: Typed::of(&offer.variant.sku),
            product: offer.product.id,
            brand: offer.product.brand_id,
            category: offer.product.category_id,
            units,
            unit_minor,
            added_tax: None,
            expires_in_days: None,
        }
    }
}

/// Goods that a customer is about to buy, in the circumstances of the sale.
#[derive(Debug, Clone, Copy)]
pub struct Cart<'a> {
    pub to: &'a PriceContext,
    pub lines: &'a [CartLine],
    /// The method by which they are sent; none if they are not, or for nothing.
    pub shipping: Option<CartShipping<'a>>,
}

/// The shipping of a cart.
#[derive(Debug, Clone, Copy)]
pub struct CartShipping<'a> {
    pub method: &'a ShippingMethod,
    /// The goods; their price is what promotions leave of it.
    pub goods: ShippedGoods,
}

/// A coupon that a customer shows, found by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownCoupon {
    pub id: CouponId,
    pub code: Arc<str>,
    pub promotion_id: PromotionId,
}

/// A promotion that applies to a cart.
#[derive(Debug, Clone)]
pub struct AppliedPromotion {
    pub promotion: Arc<Promotion>,
    pub coupon: Option<ShownCoupon>,
    /// The amount off each line of the cart, in minor units.
    pub amounts: Vec<i64>,
    /// The amount off the charge for shipping, in minor units.
    pub shipping_minor: i64,
}

impl AppliedPromotion {
    /// The amount off the whole cart, in minor units.
    pub fn total_minor(&self) -> i64 {
        self.amounts.iter().sum::<i64>() + self.shipping_minor
    }
}

/// A promotion with what it does for a cart, or why it does nothing.
pub type Judged = (Arc<Promotion>, Result<Arc<AppliedPromotion>, PromotionVerdict>);

impl Promotion {
    /// The reason for which it does not apply in these circumstances, whatever is bought.
    fn obstacle(&self, to: &PriceContext) -> Option<PromotionVerdict> {
        let when = |wrong: bool, verdict| wrong.then_some(verdict);
        when(self.currency != to.currency, PromotionVerdict::OtherCurrency)
            .or_else(|| self.applies_to.obstacle(to).map(verdict_of))
            .or_else(|| when(to.at < self.starts_at, PromotionVerdict::NotYet))
            .or_else(|| when(self.ends_at.is_some_and(|end| end <= to.at), PromotionVerdict::Ended))
    }
}

fn verdict_of(verdict: PriceVerdict) -> PromotionVerdict {
    match verdict {
        PriceVerdict::OtherLocation => PromotionVerdict::OtherLocation,
        PriceVerdict::OtherCountry => PromotionVerdict::OtherCountry,
        PriceVerdict::OtherCustomerGroup => PromotionVerdict::OtherCustomerGroup,
        _ => PromotionVerdict::OtherChannel,
    }
}

impl RememberedPromotion {
    /// True if it is about the goods of a line.
    fn is_about(&self, line: &CartLine) -> bool {
        let target = &self.promotion.target;
        (self.skus.is_empty() || self.skus.contains(&line.sku))
            && (target.brand_ids.is_empty() || line.brand.is_some_and(|of| target.brand_ids.contains(&of)))
            && (target.category_ids.is_empty() || line.category.is_some_and(|of| self.categories.contains(&of)))
            && (target.collection_ids.is_empty() || self.collected.contains(&line.product))
            && !self.excluded_skus.contains(&line.sku)
    }
}

/// Lines of a cart with what is left of the price of each, in minor units.
struct Prices<'a> {
    lines: &'a [CartLine],
    left: Vec<i64>,
    /// The amount that is taken off the charge for shipping already.
    shipping_off: i64,
}

/// Judges each promotion for a cart; `counted` tells the uses of those that are counted. Those that pay for shipping
/// come last: its charge depends on what the others leave of the price of the goods.
pub fn judged(
    promotions: &[RememberedPromotion],
    cart: Cart<'_>,
    shown: &[ShownCoupon],
    counted: &HashMap<PromotionId, CountedUses>,
) -> Vec<Judged> {
    let left = cart.lines.iter().map(|line| line.unit_minor.saturating_mul(i64::from(line.units))).collect();
    let mut prices = Prices { lines: cart.lines, left, shipping_off: 0 };
    let (mut has_applied, mut is_closed) = (false, false);
    let mut judge = |of: &RememberedPromotion| {
        let promotion = &of.promotion;
        if let Some(obstacle) = promotion.obstacle(cart.to) {
            return Err(obstacle);
        }
        let coupon = shown.iter().find(|coupon| coupon.promotion_id == promotion.id).cloned();
        if promotion.needs_coupon && coupon.is_none() {
            return Err(PromotionVerdict::NoCoupon);
        }
        if is_closed || promotion.is_exclusive && has_applied {
            return Err(PromotionVerdict::NotCombinable);
        }
        let amounts = prices.amounts(of)?;
        let shipping_minor = prices.shipping(&promotion.benefit, &cart)?;
        let applied = AppliedPromotion { promotion: promotion.clone(), coupon, amounts, shipping_minor };
        if let Some(limit) = counted.get(&promotion.id).and_then(|uses| promotion.limit(uses, applied.total_minor())) {
            return Err(limit);
        }
        prices.left.iter_mut().zip(&applied.amounts).for_each(|(left, amount)| *left -= amount);
        prices.shipping_off += shipping_minor;
        (has_applied, is_closed) = (true, promotion.is_exclusive);
        Ok(Arc::new(applied))
    };
    let is_about_shipping = |of: &&RememberedPromotion| of.promotion.benefit.is_about_shipping();
    let of_goods = promotions.iter().filter(|of| !is_about_shipping(of));
    let ordered = of_goods.chain(promotions.iter().filter(is_about_shipping));
    ordered.map(|of| (of.promotion.clone(), judge(of))).collect()
}

impl Prices<'_> {
    /// The amount that a promotion takes off the charge for shipping.
    fn shipping(&self, benefit: &Benefit, cart: &Cart<'_>) -> Result<i64, PromotionVerdict> {
        let Benefit::FreeShipping { shipping_method_ids } = benefit else { return Ok(0) };
        let is_paid_for =
            |of: &CartShipping<'_>| shipping_method_ids.is_empty() || shipping_method_ids.contains(&of.method.id);
        let shipping = cart.shipping.filter(is_paid_for).ok_or(PromotionVerdict::NoShippingCharge)?;
        // The charge is for the price with tax, whatever prices the lines have.
        let with_tax = |(line, left): (&CartLine, &i64)| {
            left.saturating_add(line.added_tax.as_ref().map_or(0, |tax| tax.on_top_of(*left)))
        };
        let price_minor = self.lines.iter().zip(&self.left).map(with_tax).sum();
        let goods = ShippedGoods { price_minor, ..shipping.goods };
        let charge = shipping.method.charge(cart.to, goods).unwrap_or(0);
        match charge - self.shipping_off {
            0 => Err(PromotionVerdict::NoShippingCharge),
            off => Ok(off),
        }
    }

    /// The amounts that a promotion takes off each line.
    fn amounts(&self, of: &RememberedPromotion) -> Result<Vec<i64>, PromotionVerdict> {
        let benefit = &of.promotion.benefit;
        let gift = match benefit {
            Benefit::GiftWithPurchase { sku, .. } => Some(sku.key()),
            _ => None,
        };
        let is_gift = |line: &CartLine| gift.is_some_and(|gift| *gift == line.sku);
        let is_about: Vec<_> = self.lines.iter().map(|line| of.is_about(line) && !is_gift(line)).collect();
        if !is_about.contains(&true) {
            return Err(PromotionVerdict::NoGoods);
        }
        let of_goods = |minor: &i64, is_about: &bool| if *is_about { *minor } else { 0 };
        let goods: Vec<i64> = self.left.iter().zip(&is_about).map(|(left, about)| of_goods(left, about)).collect();
        let spend: i64 = goods.iter().sum();
        if of.promotion.min_spend_minor.is_some_and(|least| spend < least) {
            return Err(PromotionVerdict::SpendTooLow);
        }
        let amounts = match benefit {
            Benefit::PercentOff { rate_ppm } => part_of(&goods, *rate_ppm),
            Benefit::AmountOff { amount_minor } => spread((*amount_minor).min(spend), &goods),
            Benefit::AmountOffEach { amount_minor } => {
                let off = |(line, left): (&CartLine, &i64)| amount_minor.saturating_mul(line.units.into()).min(*left);
                self.lines.iter().zip(&goods).map(off).collect()
            }
            Benefit::BuyXGetY { buy, get, rate_ppm } => self.cheapest(&is_about, [buy.get(), get.get()], *rate_ppm),
            Benefit::GiftWithPurchase { sku, quantity } => self.taken(&[(sku.key(), quantity.get())], |_| true),
            Benefit::TieredSpend { tiers } => tier_of(tiers, spend)?.amounts(&goods),
            Benefit::NearExpiry { steps } => {
                let rate = |line: &CartLine| line.expires_in_days.and_then(|days| rate_within(steps, days));
                let off = |(line, minor): (&CartLine, &i64)| rate(line).map_or(0, |rate| rounded(*minor, rate));
                self.lines.iter().zip(&goods).map(off).collect()
            }
            Benefit::BundlePrice { items, price_minor } => self.sets(items, *price_minor, &is_about)?,
            Benefit::FreeShipping { .. } => return Ok(vec![0; self.lines.len()]),
        };
        match amounts.iter().any(|amount| *amount > 0) {
            true => Ok(amounts),
            false => Err(match benefit {
                Benefit::NearExpiry { .. } if spend > 0 => PromotionVerdict::NoLot,
                Benefit::BuyXGetY { .. } | Benefit::GiftWithPurchase { .. } if spend > 0 => PromotionVerdict::NoGoods,
                _ => PromotionVerdict::NothingOff,
            }),
        }
    }
}

/// A rate of an amount, rounded to the nearest minor unit, halves up.
pub fn rounded(minor: i64, rate_ppm: i32) -> i64 {
    let millionths = i128::from(minor) * i128::from(rate_ppm);
    i64::try_from((millionths + i128::from(WHOLE_PPM) / 2) / i128::from(WHOLE_PPM)).unwrap_or(i64::MAX)
}

fn part_of(goods: &[i64], rate_ppm: i32) -> Vec<i64> {
    goods.iter().map(|minor| rounded(*minor, rate_ppm)).collect()
}

/// The rate of the step with the fewest days that holds for a pack; none for one that has expired.
fn rate_within(steps: &[ExpiryStep], days: i64) -> Option<i32> {
    let holding = steps.iter().filter(|step| (0..=i64::from(step.within_days)).contains(&days));
    holding.min_by_key(|step| step.within_days).map(|step| step.rate_ppm)
}

/// The highest tier that is reached.
fn tier_of(tiers: &[Tier], spend: i64) -> Result<&Tier, PromotionVerdict> {
    let reached = tiers.iter().filter(|tier| tier.from_minor <= spend).max_by_key(|tier| tier.from_minor);
    reached.ok_or(PromotionVerdict::SpendTooLow)
}

impl Tier {
    /// The amounts off goods, of which each has a price; never more than they cost.
    fn amounts(&self, goods: &[i64]) -> Vec<i64> {
        match (self.rate_ppm, self.amount_minor) {
            (Some(rate_ppm), _) => part_of(goods, rate_ppm),
            (None, amount) => spread(amount.unwrap_or(0).min(goods.iter().sum()), goods),
        }
    }
}

#[cfg(test)]
mod tests;

//! Benefits of promotions, a type for each.
use super::money;
use crate::{catalog, graphql::scalars::Money, kernel::Currency};
use async_graphql::{SimpleObject, Union};

/// The benefit of a promotion; rates are millionths: 200000 is 20 %.
#[derive(Union)]
pub enum PromotionBenefit {
    PercentOff(PercentOff),
    AmountOff(AmountOff),
    AmountOffEach(AmountOffEach),
    BuyXGetY(BuyXGetY),
    GiftWithPurchase(GiftWithPurchase),
    TieredSpend(TieredSpend),
    NearExpiry(NearExpiry),
    BundlePrice(BundlePrice),
    FreeShipping(FreeShipping),
}

/// A part of the price of the goods.
#[derive(SimpleObject)]
pub struct PercentOff {
    /// In millionths.
    rate_ppm: i32,
}

/// An amount off the goods together.
#[derive(SimpleObject)]
pub struct AmountOff {
    /// The amount.
    amount: Money,
}

/// An amount off each unit of the goods.
#[derive(SimpleObject)]
pub struct AmountOffEach {
    /// The amount off one unit.
    amount: Money,
}

/// Of each so many units, the cheapest ones for less.
#[derive(SimpleObject)]
pub struct BuyXGetY {
    /// Units at their price.
    buy: i32,
    /// Units for less.
    get: i32,
    /// The rate off these, in millionths; 1000000 makes them free.
    rate_ppm: i32,
}

/// Units of a SKU for nothing, which the cart contains beside the goods.
#[derive(SimpleObject)]
pub struct GiftWithPurchase {
    /// The SKU of the gift.
    sku: String,
    /// Units of it that are free.
    quantity: i32,
}

/// The more the goods cost, the more off them.
#[derive(SimpleObject)]
pub struct TieredSpend {
    /// The tiers: the one with the highest price that the goods reach holds.
    tiers: Vec<SpendTier>,
}

/// A tier of a promotion by spend: a rate or an amount, one of both.
#[derive(SimpleObject)]
pub struct SpendTier {
    /// The price of the goods from which it holds.
    from: Money,
    /// The rate off the goods, in millionths.
    rate_ppm: Option<i32>,
    /// The amount off the goods together.
    amount: Option<Money>,
}

/// The sooner a pack expires, the more off it.
#[derive(SimpleObject)]
pub struct NearExpiry {
    /// The steps: the one with the fewest days that still holds.
    steps: Vec<ExpiryStep>,
}

/// A step of a promotion by expiry.
#[derive(SimpleObject)]
pub struct ExpiryStep {
    /// The days until the pack expires up to which it holds; 0 is its last day.
    within_days: i32,
    /// The rate off the pack, in millionths.
    rate_ppm: i32,
}

/// A price for goods that are bought together.
#[derive(SimpleObject)]
pub struct BundlePrice {
    /// The goods of one set.
    items: Vec<SetItem>,
    /// The price of one set.
    price: Money,
}

/// Units of a SKU in a set that has a price of its own.
#[derive(SimpleObject)]
pub struct SetItem {
    /// The SKU of the variant.
    sku: String,
    /// Units in one set.
    quantity: i32,
}

/// Shipping for nothing.
#[derive(SimpleObject)]
pub struct FreeShipping {
    /// The ids, as REST uses them, of the shipping methods that it pays for; any, if empty.
    shipping_method_ids: Vec<String>,
}

impl PromotionBenefit {
    /// The benefit as it is kept, with amounts in a currency.
    pub(super) fn of(benefit: &catalog::Benefit, currency: Currency) -> Self {
        use catalog::Benefit as B;
        let money = |minor: &i64| money(*minor, currency);
        match benefit {
            B::PercentOff { rate_ppm } => PercentOff { rate_ppm: *rate_ppm }.into(),
            B::AmountOff { amount_minor } => AmountOff { amount: money(amount_minor) }.into(),
            B::AmountOffEach { amount_minor } => AmountOffEach { amount: money(amount_minor) }.into(),
            B::BuyXGetY { buy, get, rate_ppm } => {
                BuyXGetY { buy: buy.get(), get: get.get(), rate_ppm: *rate_ppm }.into()
            }
            B::GiftWithPurchase { sku, quantity } => {
                GiftWithPurchase { sku: sku.to_string(), quantity: quantity.get() }.into()
            }
            B::TieredSpend { tiers } => {
                let tier = |tier: &catalog::Tier| SpendTier {
                    from: money(&tier.from_minor),
                    rate_ppm: tier.rate_ppm,
                    amount: tier.amount_minor.as_ref().map(money),
                };
                TieredSpend { tiers: tiers.iter().map(tier).collect() }.into()
            }
            B::NearExpiry { steps } => {
                let step =
                    |step: &catalog::ExpiryStep| ExpiryStep { within_days: step.within_days, rate_ppm: step.rate_ppm };
                NearExpiry { steps: steps.iter().map(step).collect() }.into()
            }
            B::BundlePrice { items, price_minor } => {
                let item =
                    |item: &catalog::BundleItem| SetItem { sku: item.sku.to_string(), quantity: item.quantity.get() };
                BundlePrice { items: items.iter().map(item).collect(), price: money(price_minor) }.into()
            }
            B::FreeShipping { shipping_method_ids } => {
                FreeShipping { shipping_method_ids: shipping_method_ids.iter().map(ToString::to_string).collect() }
                    .into()
            }
        }
    }
}

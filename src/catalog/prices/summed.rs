//! Bundles that cost the sum of their parts: their prices are written whenever one of a part is, so that everything
//! that reads prices finds them like any other.
use super::store::{self as changes, PriceOf};
use crate::{
    catalog::{
        events::{self, PriceSet},
        model::{NewPrice, Price},
        store::{self, Variant},
    },
    kernel::{Code, Error, PrincipalId, Result, VariantId},
    platform::db::Write,
};
use anyhow::Context;
use std::collections::BTreeMap;

/// All of a price, in millionths.
const WHOLE_PPM: i64 = 1_000_000;

impl Variant {
    /// Refuses to set or withdraw a price of a bundle that costs the sum of its parts.
    pub fn require_own_prices(&self) -> Result<()> {
        if self.sum_discount_ppm.is_none() {
            return Ok(());
        }
        let said = format!("{} costs the sum of its parts, less its discount", self.sku);
        Err(Error::refused(Code::PriceIsSummed, said))
    }
}

/// The sum less a discount in millionths, to the nearest minor unit, halves up.
fn discounted(sum_minor: i64, discount_ppm: i32) -> Result<i64> {
    let kept = i128::from(sum_minor) * i128::from(WHOLE_PPM - i64::from(discount_ppm));
    let whole = i128::from(WHOLE_PPM);
    Ok(i64::try_from((kept + whole / 2).div_euclid(whole)).context("a discount makes a sum greater")?)
}

/// Sets the prices anew of the bundles that cost the sum of their parts and have some variants among these.
pub fn follow(tx: &mut Write, parts: &[VariantId], by: PrincipalId) -> Result<()> {
    let mut bundles = vec![];
    for id in changes::summed_with(tx.conn(), parts)? {
        let discount = store::lock_variant(tx.conn(), id)?.and_then(|bundle| bundle.sum_discount_ppm);
        bundles.extend(discount.map(|discount| (id, discount)));
    }
    set(tx, &bundles, by)
}

/// Sets the prices of bundles that cost the sum of their parts and are locked. Where a part has no price, or the sum is
/// beyond what can be written, the bundle has none.
pub fn set(tx: &mut Write, bundles: &[(VariantId, i32)], by: PrincipalId) -> Result<()> {
    if bundles.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = bundles.iter().map(|(id, _)| *id).collect();
    let mut wanted = BTreeMap::new();
    for (of, sum) in changes::sums(tx.conn(), &ids)? {
        let discount = bundles.iter().find(|(id, _)| *id == of.variant).map_or(0, |(_, discount)| *discount);
        let amount = discounted(sum, discount)?;
        let compare_at = Some(sum).filter(|sum| *sum > amount);
        wanted.insert(key(of), (of, amount, compare_at));
    }
    let standing = store::prices_of(tx.conn(), &ids)?;
    for price in &standing {
        let of = place(price);
        match wanted.get(&key(of)) {
            None => withdraw(tx, of, by)?,
            Some((_, amount, compare_at))
                if (*amount, *compare_at) == (price.amount.amount_minor, price.compare_at_minor) =>
            {
                wanted.remove(&key(of));
            }
            Some(_) => {}
        }
    }
    for (of, amount, compare_at) in wanted.into_values() {
        put(tx, of, (amount, compare_at), by)?;
    }
    Ok(())
}

/// A price's place as something with an order.
fn key(of: PriceOf) -> (VariantId, &'static str, &'static str) {
    (of.variant, of.channel.as_str(), of.currency.code())
}

fn place(price: &Price) -> PriceOf {
    PriceOf { variant: price.variant_id, channel: price.channel, currency: price.amount.currency }
}

fn put(tx: &mut Write, of: PriceOf, amounts: (i64, Option<i64>), by: PrincipalId) -> Result<()> {
    let (PriceOf { variant, channel, currency }, (amount_minor, compare_at_minor)) = (of, amounts);
    changes::record(tx, of, Some(amount_minor), by)?;
    store::set_price(tx, variant, NewPrice { channel, currency, amount_minor, compare_at_minor })?;
    let touched = store::touch_variant(tx, variant)?;
    store::touch_product(tx, touched.product_id)?;
    events::price_set(tx, touched.version, &PriceSet { variant_id: variant, channel, currency, amount_minor })
}

fn withdraw(tx: &mut Write, of: PriceOf, by: PrincipalId) -> Result<()> {
    changes::record(tx, of, None, by)?;
    changes::delete(tx, of)?;
    let touched = store::touch_variant(tx, of.variant)?;
    store::touch_product(tx, touched.product_id)?;
    events::price_withdrawn(tx, touched.version, of)
}

#[cfg(test)]
mod tests {
    use super::discounted;
    use proptest::prelude::*;

    #[test]
    fn a_tenth_off_is_rounded_to_the_nearest_minor_unit() {
        let rows =
            [(1_000, 0, 1_000), (1_005, 100_000, 905), (1_004, 100_000, 904), (7, 500_000, 4), (9, 1_000_000, 0)];
        for (sum, discount, wanted) in rows {
            assert_eq!(discounted(sum, discount).unwrap(), wanted, "{sum} less {discount}");
        }
    }

    proptest! {
        #[test]
        fn a_discount_takes_its_share_and_never_more_than_the_sum(
            sum in 0_i64..1_000_000_000, ppm in 0_i32..=1_000_000,
        ) {
            let price = discounted(sum, ppm).unwrap();
            prop_assert!((0..=sum).contains(&price));
            let off = i128::from(sum - price) * 1_000_000 - i128::from(sum) * i128::from(ppm);
            prop_assert!(off.abs() <= 500_000, "{off}");
        }
    }
}

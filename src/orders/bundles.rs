//! Lines of bundles: the parts of one unit, each part's share of its price, and parts that come back alone.
use super::store::{OrderLine, SourcedUnits};
use crate::{
    catalog::{Component, Offer},
    inventory::Demand,
    kernel::{Channel, Money, Result, VariantId, spread},
    orders::model::BundleComponent,
    platform::db::Json,
};
use anyhow::Context;
use std::{collections::HashMap, sync::Arc};

/// A price shared among parts of so many units, each with the list price of one unit if it has one: by list price, or
/// evenly by unit where one is missing. The shares add up to the price.
pub fn shares(price_minor: i64, parts: &[(i32, Option<i64>)]) -> Vec<i64> {
    let by_price: Option<Vec<i64>> =
        parts.iter().map(|(units, price)| price.map(|price| price.saturating_mul((*units).into()))).collect();
    let by_price = by_price.filter(|weights| weights.iter().any(|weight| *weight > 0));
    spread(price_minor, &by_price.unwrap_or_else(|| parts.iter().map(|(units, _)| i64::from(*units)).collect()))
}

/// The parts of a bundle that is sold at a price of one, with their shares; none of what is sold as it is. `known` are
/// the offers of the parts.
pub fn parts_of(
    offer: &Offer,
    known: &HashMap<VariantId, Arc<Offer>>,
    channel: Channel,
    unit: Money,
) -> Option<Json<Vec<BundleComponent>>> {
    let listed = |part: &Component| {
        let price = known.get(&part.variant_id).and_then(|offer| offer.base_price(channel, unit.currency));
        (part.quantity, price.map(|price| price.amount.amount_minor))
    };
    let weights: Vec<_> = offer.components.iter().map(listed).collect();
    let part = |(part, share): (&Component, i64)| BundleComponent {
        variant_id: part.variant_id,
        quantity: part.quantity,
        share_minor: Some(share),
    };
    let parts: Vec<_> = offer.components.iter().zip(shares(unit.amount_minor, &weights)).map(part).collect();
    if parts.is_empty() { None } else { Some(Json(parts)) }
}

impl OrderLine {
    /// The parts of one unit: the variant itself, or a bundle's.
    pub fn parts(&self) -> Vec<BundleComponent> {
        let Some(Json(parts)) = &self.parts else {
            let share_minor = Some(self.unit_minor);
            return vec![BundleComponent { variant_id: self.variant_id, quantity: 1, share_minor }];
        };
        let mut parts = parts.clone();
        if parts.iter().any(|part| part.share_minor.is_none()) {
            let weights: Vec<_> = parts.iter().map(|part| (part.quantity, None)).collect();
            for (part, share) in parts.iter_mut().zip(shares(self.unit_minor, &weights)) {
                part.share_minor = Some(share);
            }
        }
        parts
    }

    /// Takes so many units of it from stock.
    pub fn goods(&self, units: i32) -> Result<Demand> {
        let mut demand = Demand::default();
        for part in self.parts() {
            demand.add(part.variant_id, part.quantity.checked_mul(units).context("a bundle of too many parts")?)?;
        }
        Ok(demand)
    }

    /// Parts that came back beyond whole units.
    pub fn returned_parts(&self) -> &[SourcedUnits] {
        self.returned_parts.as_ref().map_or(&[], |Json(parts)| parts)
    }

    /// Tells if any of it came back, be it a part alone.
    pub fn has_come_back(&self) -> bool {
        self.returned > 0 || self.returned_parts.is_some()
    }

    /// Units of a part that came back, alone or within whole units.
    pub fn back_of(&self, part: &BundleComponent) -> i32 {
        let alone =
            self.returned_parts().iter().find(|of| of.variant_id == part.variant_id).map_or(0, |of| of.quantity);
        self.returned.saturating_mul(part.quantity).saturating_add(alone)
    }

    /// Units of each part that came back.
    pub fn units_back(&self) -> HashMap<VariantId, i32> {
        self.parts().into_iter().map(|part| (part.variant_id, self.back_of(&part))).collect()
    }

    /// Tells if it is sold as a bundle of parts.
    pub fn is_bundle(&self) -> bool {
        self.parts.is_some()
    }

    /// Counts units as come back, whole ones and parts alone. Parts that make a whole unit together count as one.
    pub fn take_back(&mut self, whole: i32, alone: &[(VariantId, i32)]) -> Result<()> {
        self.returned += whole;
        if alone.is_empty() {
            return Ok(());
        }
        let parts = self.parts();
        let mut loose: Vec<i32> = parts.iter().map(|part| self.back_of(part) - self.returned * part.quantity).collect();
        for (variant, units) in alone {
            let at = parts.iter().position(|part| part.variant_id == *variant);
            let count = at.and_then(|at| loose.get_mut(at)).context("a part that the bundle does not have")?;
            *count += units;
        }
        let made = parts.iter().zip(&loose).map(|(part, units)| units / part.quantity.max(1)).min().unwrap_or(0);
        self.returned += made;
        let left = |(part, units): (&BundleComponent, &i32)| SourcedUnits {
            variant_id: part.variant_id,
            quantity: units - made * part.quantity,
        };
        let left: Vec<_> = parts.iter().zip(&loose).map(left).filter(|left| left.quantity > 0).collect();
        self.returned_parts = if left.is_empty() { None } else { Some(Json(left)) };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_set_is_shared_by_the_list_prices_of_its_parts() {
        assert_eq!(shares(5_000, &[(1, Some(5_000)), (2, Some(500))]), [4_166, 834]);
        assert_eq!(shares(1_000, &[(1, Some(5_000)), (2, None)]), [333, 667], "evenly by unit without a price");
        assert_eq!(shares(1_000, &[(1, Some(0)), (1, Some(0))]), [500, 500]);
    }

    proptest! {
        #[test]
        fn shares_add_up_to_the_price(
            price in 0_i64..1_000_000_000,
            parts in prop::collection::vec((1_i32..20, prop::option::of(0_i64..100_000)), 1..8),
        ) {
            prop_assert_eq!(shares(price, &parts).iter().sum::<i64>(), price);
        }
    }
}

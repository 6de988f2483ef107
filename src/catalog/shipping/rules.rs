//! The charge of a shipping method, pure: the zone that names the region, or else the country, or else the one for all
//! others, and of its rates that hold for the weight and the price of the goods the cheapest.
use super::model::{ShippingMethod, ShippingMethodRate, ShippingMethods, ShippingVerdict, ShippingZone};
use crate::{
    catalog::price_lists::PriceContext,
    kernel::{Country, Region},
};
use std::sync::Arc;

/// Goods that are to be sent, as far as the charge depends on them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ShippedGoods {
    /// Their weight. Goods whose weight is not known weigh nothing.
    pub grams: i64,
    /// True if one of them has a class of dangerous goods.
    pub is_dangerous: bool,
    /// Their price after discounts, in minor units.
    pub price_minor: i64,
}

impl ShippingMethod {
    /// The charge for goods in minor units, or the reason for which it does not carry them.
    pub fn charge(&self, to: &PriceContext, goods: ShippedGoods) -> Result<i64, ShippingVerdict> {
        if self.retired_at.is_some() {
            return Err(ShippingVerdict::Retired);
        }
        if self.currency != to.currency {
            return Err(ShippingVerdict::OtherCurrency);
        }
        if !self.channels.is_empty() && !self.channels.contains(&to.channel) {
            return Err(ShippingVerdict::OtherChannel);
        }
        let zone = self.zone(to.country.as_ref(), to.region.as_ref()).ok_or(ShippingVerdict::OtherCountry)?;
        if let Some(obstacle) = self.obstacle(to.country.as_ref(), to.region.as_ref(), goods) {
            return Err(obstacle);
        }
        let holding = zone.rates.iter().filter(|rate| rate.carries(goods) && rate.from_minor <= goods.price_minor);
        holding.map(|rate| rate.charge_minor).min().ok_or(ShippingVerdict::SpendTooLow)
    }

    /// The reason for which it cannot carry goods to a country and region whatever they cost; none where it does not
    /// go, either.
    pub fn obstacle(
        &self,
        country: Option<&Country>,
        region: Option<&Region>,
        goods: ShippedGoods,
    ) -> Option<ShippingVerdict> {
        let zone = self.zone(country, region)?;
        if goods.is_dangerous && !self.carries_dangerous_goods {
            return Some(ShippingVerdict::DangerousGoods);
        }
        (!zone.rates.iter().any(|rate| rate.carries(goods))).then_some(ShippingVerdict::TooHeavy)
    }

    fn zone(&self, country: Option<&Country>, region: Option<&Region>) -> Option<&ShippingZone> {
        let country = country?;
        let of_region = region.and_then(|region| self.zones.iter().find(|zone| zone.regions.contains(region)));
        let of_country = || self.zones.iter().find(|zone| zone.countries.contains(country));
        of_region.or_else(of_country).or_else(|| self.zones.iter().find(|zone| zone.is_for_all_others()))
    }
}

impl ShippingZone {
    /// True if it is for all places that no other zone names.
    pub fn is_for_all_others(&self) -> bool {
        self.countries.is_empty() && self.regions.is_empty()
    }
}

impl ShippingMethodRate {
    fn carries(&self, goods: ShippedGoods) -> bool {
        self.up_to_grams.is_none_or(|most| goods.grams <= i64::from(most))
    }
}

impl ShippingMethods {
    /// The method that has a code.
    pub fn by_code(&self, code: &str) -> Option<&Arc<ShippingMethod>> {
        self.list.iter().find(|method| method.code == code)
    }

    /// The method that is taken where an order names none: the default of the currency, in the channels where it is
    /// offered.
    pub fn default_for(&self, to: &PriceContext) -> Option<&Arc<ShippingMethod>> {
        let is_it = |method: &&Arc<ShippingMethod>| {
            method.is_default
                && method.retired_at.is_none()
                && method.currency == to.currency
                && (method.channels.is_empty() || method.channels.contains(&to.channel))
        };
        self.list.iter().find(is_it)
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;

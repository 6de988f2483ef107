//! Shipping methods: the ways in which goods are sent, and their charges.
use super::{Channel, TaxClass};
use crate::{
    catalog,
    graphql::scalars::{Long, Money},
    kernel::{self, Currency, Region},
};
use async_graphql::{Object, SimpleObject};
use chrono::{DateTime, Utc};

/// A way in which goods are sent to customers.
pub struct ShippingMethod(pub catalog::ShippingMethod);

/// A way in which goods are sent to customers.
#[Object]
impl ShippingMethod {
    /// The id that REST uses.
    async fn shipping_method_id(&self) -> String {
        self.0.id.to_string()
    }
    /// The short name by which orders name it, unique.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// The name that customers read.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The currency of its amounts (ISO 4217); it is offered for orders in this currency.
    async fn currency(&self) -> String {
        self.0.currency.to_string()
    }
    /// The channels in which it is offered; all if empty.
    async fn channels(&self) -> Vec<Channel> {
        self.0.channels.iter().copied().map(Into::into).collect()
    }
    /// The places that it reaches, with its rates there.
    async fn zones(&self) -> Vec<ShippingZone> {
        self.0.zones.iter().map(|zone| ShippingZone::of(zone, self.0.currency)).collect()
    }
    /// True if it carries goods that have a class of dangerous goods.
    async fn carries_dangerous_goods(&self) -> bool {
        self.0.carries_dangerous_goods
    }
    /// The class by which its charge is taxed.
    async fn tax_class(&self) -> TaxClass {
        self.0.tax_class.into()
    }
    /// The share of the charge that is given back with goods that come back, in millionths.
    async fn refund_rate_ppm(&self) -> i32 {
        self.0.refund_rate_ppm
    }
    /// True if it is taken where an order in this currency names none.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }
    /// Working days until the goods arrive, at least; null if nothing is promised.
    async fn min_days(&self) -> Option<i32> {
        self.0.min_days
    }
    /// Working days until the goods arrive, at most; null if nothing is promised.
    async fn max_days(&self) -> Option<i32> {
        self.0.max_days
    }
    /// When it was taken out of use; null while it is offered.
    async fn retired_at(&self) -> Option<DateTime<Utc>> {
        self.0.retired_at
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
}

/// Countries and regions that a shipping method reaches, and its rates there.
#[derive(SimpleObject)]
pub struct ShippingZone {
    /// The countries (ISO 3166-1 alpha-2). A zone that names neither a country nor a region is for all others.
    countries: Vec<String>,
    /// The parts of countries (ISO 3166-2); the zone of a region comes before that of its country.
    regions: Vec<String>,
    /// The rates; of those that hold for the goods, the cheapest one is charged.
    rates: Vec<ShippingRate>,
}

/// The charge for goods up to a weight and from a price on.
#[derive(SimpleObject)]
pub struct ShippingRate {
    /// The weight of the goods up to which it holds, in grams; any weight, if null.
    up_to_grams: Option<i32>,
    /// The price of the goods from which it holds, after discounts.
    from: Money,
    /// The charge with its tax; 0 where shipping is free.
    charge: Money,
}

impl ShippingZone {
    fn of(zone: &catalog::ShippingZone, currency: Currency) -> Self {
        let money = |amount_minor| Money::from(kernel::Money { amount_minor, currency });
        let rate = |rate: &catalog::ShippingMethodRate| ShippingRate {
            up_to_grams: rate.up_to_grams,
            from: money(rate.from_minor),
            charge: money(rate.charge_minor),
        };
        Self {
            countries: zone.countries.iter().map(ToString::to_string).collect(),
            regions: zone.regions.iter().map(Region::to_string).collect(),
            rates: zone.rates.iter().map(rate).collect(),
        }
    }
}

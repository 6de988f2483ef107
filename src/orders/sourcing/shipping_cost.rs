//! The facts about locations for one order: how far they are, and what a parcel from there costs.
use super::{ranking::distance_km, store::ShippingRate};
use crate::{
    inventory::{self, Inventory, Location},
    kernel::{LocationId, Locations, Result},
    orders::{model::Customer, sourcing::split::ShippingCost},
    platform::db::Read,
};
use std::collections::HashMap;

/// The destination of goods, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    pub country: Option<String>,
    pub point: Option<(f64, f64)>,
}

impl From<&Customer> for Destination {
    fn from(customer: &Customer) -> Self {
        Self { country: customer.country(), point: customer.point() }
    }
}

/// Places and rates, looked up once for many orders.
#[derive(Debug, Default)]
pub struct Gazetteer {
    locations: HashMap<LocationId, Location>,
    rates: Vec<ShippingRate>,
}

impl Gazetteer {
    /// Of these locations.
    pub async fn of(inventory: &Inventory, locations: Vec<LocationId>) -> Result<Self> {
        inventory.db.read(move |db| Self::read(db, &locations)).await
    }

    /// The same, while one looks.
    pub fn read(db: &mut Read, locations: &[LocationId]) -> Result<Self> {
        let found = inventory::locations_by_id(db, &Locations::Everywhere, locations)?;
        let locations = found.into_iter().map(|location| (location.id, location)).collect();
        Ok(Self { locations, rates: super::store::rates(db.conn())? })
    }

    /// The facts that are known of a location for goods that go there.
    pub fn shipping_cost(&self, location: LocationId, to: &Destination) -> ShippingCost {
        let Some(location) = self.locations.get(&location) else { return ShippingCost::default() };
        let from = location.latitude.zip(location.longitude);
        let rate = to.country.as_deref().and_then(|country| rate(&self.rates, &location.country, country));
        ShippingCost {
            distance_km: from.zip(to.point).map(|(from, to)| distance_km(from, to)),
            parcel_minor: rate.map(|rate| rate.parcel_minor),
            unit_minor: rate.map(|rate| rate.unit_minor),
        }
    }
}

/// The rate between two countries: the most exact one, the location's own country before the customer's.
fn rate<'a>(rates: &'a [ShippingRate], from: &str, to: &str) -> Option<&'a ShippingRate> {
    let exact = |rate: &&ShippingRate| {
        let fits = |named: &str, country: &str| named == country || named == "**";
        (fits(&rate.from_country, from) && fits(&rate.to_country, to))
            .then(|| (rate.from_country != "**", rate.to_country != "**"))
    };
    rates
        .iter()
        .filter_map(|rate| Some((exact(&rate)?, rate)))
        .max_by_key(|(exactness, _)| *exactness)
        .map(|found| found.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_rate_counts() {
        let rate_of = |from: &str, to: &str, parcel_minor| ShippingRate {
            from_country: from.into(),
            to_country: to.into(),
            parcel_minor,
            unit_minor: 0,
        };
        let rates = [rate_of("**", "**", 9), rate_of("FR", "**", 7), rate_of("**", "DE", 8), rate_of("FR", "DE", 5)];
        let cost = |from, to| rate(&rates, from, to).map(|rate| rate.parcel_minor);
        assert_eq!(
            (cost("FR", "DE"), cost("FR", "IT"), cost("IT", "DE"), cost("IT", "ES")),
            (Some(5), Some(7), Some(8), Some(9))
        );
        assert_eq!(rate(&rates[3..], "FR", "IT"), None);
    }
}

//! The units of something that may be sold at each location: of a bundle, the least over its parts.
use crate::{
    catalog::{self, BundleNeeds},
    inventory::{levels::store::DatedLevel, locations, lots::ChannelOffer, read::levels_of, service::Inventory},
    kernel::{LocationId, Locations, Result, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use utoipa::ToSchema;

/// Locations that are looked at.
const MOST_PLACES: i64 = 10_000;

/// Units that may be sold at a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Availability {
    /// Identifies the location that has it.
    pub location_id: LocationId,
    /// The location's code.
    pub location: String,
    /// Units that may be promised; of a bundle, whole sets. Never negative.
    pub quantity_available: i32,
}

/// For each of these variants and bundles the locations that have some of it, by variant.
pub fn availability(
    db: &mut Read,
    places: &Locations,
    offers: &[Arc<catalog::Offer>],
    to: ChannelOffer,
    now: DateTime<Utc>,
) -> Result<HashMap<VariantId, Vec<Availability>>> {
    let of_each = availability_of_each(db, places, offers, to, now)?;
    Ok(offers.iter().map(|offer| offer.variant.id).zip(of_each).collect())
}

/// For each of these variants and bundles, in their order, the locations that have some of it or of all its parts, in
/// order of their code, of those that one may see.
pub fn availability_of_each(
    db: &mut Read,
    places: &Locations,
    offers: &[Arc<catalog::Offer>],
    to: ChannelOffer,
    now: DateTime<Utc>,
) -> Result<Vec<Vec<Availability>>> {
    let is_bundle = |offer: &&Arc<catalog::Offer>| offer.needs().variants().any(|variant| variant != offer.variant.id);
    let parts: Vec<_> =
        offers.iter().filter(is_bundle).flat_map(|of| of.needs().variants().collect::<Vec<_>>()).collect();
    let retired = if parts.is_empty() { HashSet::new() } else { catalog::retired_among(db, &parts)? };
    let needed = |offer| if is_bundle(&offer) { needs(offer).without(&retired) } else { needs(offer) };
    let needs: Vec<_> = offers.iter().map(needed).collect();
    let mut wanted: Vec<_> = needs.iter().flat_map(BundleNeeds::variants).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let levels = levels_of(db, places, &wanted, MOST_PLACES, now)?;
    let mut there: HashMap<LocationId, HashMap<VariantId, i32>> = HashMap::new();
    for level in &levels {
        there.entry(level.location_id).or_default().insert(level.variant_id, sellable(level, to)?);
    }
    let ids: Vec<_> = there.keys().copied().collect();
    let codes: HashMap<_, _> =
        locations::locations_by_id(db.conn(), &ids)?.into_iter().map(|place| (place.id, place.code)).collect();
    let of = |needs: &BundleNeeds| {
        let mut rows: Vec<_> = there
            .iter()
            .map(|(id, here)| Availability {
                location_id: *id,
                location: codes.get(id).cloned().unwrap_or_default(),
                quantity_available: needs.sets(here),
            })
            .filter(|row| row.quantity_available > 0)
            .collect();
        rows.sort_unstable_by(|a, b| a.location.cmp(&b.location));
        rows
    };
    Ok(needs.iter().map(of).collect())
}

impl Inventory {
    /// The units of variants that a location may promise to a channel, as this instance last saw them; from the tables
    /// while it has not seen them all. Variants of which it has none are missing.
    pub async fn available_at(
        &self,
        location: LocationId,
        to: ChannelOffer,
        variants: Vec<VariantId>,
    ) -> Result<HashMap<VariantId, i32>> {
        let now = self.db.clock().now();
        let mut here = if let Some(known) = self.index.available_at(location, to.good_for_days, now, &variants) {
            known
        } else {
            let at = move |db: &mut Read| levels_of(db, &Locations::Only([location].into()), &variants, 1, now);
            let levels = self.db.read(at).await?;
            let unbuffered = ChannelOffer { buffer: 0, ..to };
            let units = |level: &DatedLevel| Ok((level.variant_id, sellable(level, unbuffered)?));
            levels.iter().map(units).collect::<Result<_>>()?
        };
        here.retain(|_, units| {
            *units = units.saturating_sub(to.buffer);
            *units > 0
        });
        Ok(here)
    }
}

/// The units that one of it takes from stock; none for a bundle that has no parts yet, and for samples and testers,
/// which are not sold.
fn needs(offer: &catalog::Offer) -> BundleNeeds {
    match offer.variant.purpose {
        catalog::Purpose::Sale => offer.needs(),
        catalog::Purpose::Sample | catalog::Purpose::Tester => BundleNeeds::default(),
    }
}

fn sellable(level: &DatedLevel, to: ChannelOffer) -> Result<i32> {
    Ok(level.offered(to.good_for_days)?.available().saturating_sub(to.buffer).max(0))
}

//! The locations that the index knows: their order, their days and where they send to.
use crate::{
    inventory::{index::store::Reach, locations::Location},
    kernel::{LocationId, Zone},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::HashSet;

/// A location that is open.
#[derive(Debug, Clone)]
pub struct IndexedLocation {
    pub id: LocationId,
    zone: Option<Zone>,
    /// Countries where it sends to; everywhere, if none is named.
    ships_to: Vec<String>,
}

impl IndexedLocation {
    /// The day that it is there.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.zone.map_or_else(|| at.date_naive(), |zone| zone.day(at))
    }

    fn sends_to(&self, country: Option<&str>) -> bool {
        country.is_none_or(|country| self.ships_to.is_empty() || self.ships_to.iter().any(|of| of == country))
    }
}

/// The locations that are open, by priority.
#[derive(Debug, Clone, Default)]
pub struct PlaceTable(Vec<IndexedLocation>);

impl PlaceTable {
    /// Of locations in any order.
    pub fn of(mut locations: Vec<Location>) -> Self {
        locations.retain(|location| location.closed_at.is_none());
        locations.sort_by_key(|location| (location.priority, location.id));
        let place = |location: Location| IndexedLocation {
            id: location.id,
            zone: location.time_zone.parse().ok(),
            ships_to: location.ships_to,
        };
        Self(locations.into_iter().map(place).collect())
    }

    /// The one with an id, if it is open.
    pub fn one(&self, id: LocationId) -> Option<&IndexedLocation> {
        self.0.iter().find(|location| location.id == id)
    }

    /// Those that may be looked at, by priority.
    pub fn reached<'a>(&'a self, reach: &'a Reach) -> impl Iterator<Item = &'a IndexedLocation> + 'a {
        let at: Option<HashSet<_>> = reach.at.as_ref().map(|at| at.iter().copied().collect());
        let is_reached = move |location: &&IndexedLocation| {
            at.as_ref().is_none_or(|at| at.contains(&location.id)) && !reach.except.contains(&location.id)
        };
        self.0.iter().filter(is_reached).filter(|location| location.sends_to(reach.country.as_deref()))
    }
}

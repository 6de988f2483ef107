//! The time zones and countries of locations as one instance remembers them, so that a business day or a price is told
//! without asking the database.
use super::store::Location;
use crate::kernel::{Country, LocationId, Zone};
use chrono::{DateTime, NaiveDate, Utc};
use std::{
    collections::HashMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Zones by location; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Zones(Arc<RwLock<HashMap<LocationId, Known>>>, Arc<AtomicU64>);

/// The facts that are remembered of a location.
#[derive(Debug, Clone)]
struct Known {
    zone: Option<Zone>,
    opened_at: DateTime<Utc>,
    is_closed: bool,
    country: Option<Country>,
}

impl Zones {
    /// True if a location is remembered.
    pub fn knows(&self, id: LocationId) -> bool {
        self.0.read().is_ok_and(|known| known.contains_key(&id))
    }

    /// The business day of a location at a moment; that of UTC where its zone is not known.
    pub fn day(&self, location: LocationId, at: DateTime<Utc>) -> NaiveDate {
        let zone = self.0.read().ok().and_then(|known| known.get(&location)?.zone);
        zone.map_or_else(|| at.date_naive(), |zone| zone.day(at))
    }

    /// The moment at which the hour began there; in UTC where its zone is not known.
    pub fn hour(&self, location: LocationId, at: DateTime<Utc>) -> DateTime<Utc> {
        let zone = self.0.read().ok().and_then(|known| known.get(&location)?.zone);
        zone.map_or_else(|| Zone::utc_hour(at), |zone| zone.hour(at))
    }

    /// When a location was made, as far as it is known.
    pub fn opened_at(&self, location: LocationId) -> Option<DateTime<Utc>> {
        self.0.read().ok().and_then(|known| known.get(&location).map(|known| known.opened_at))
    }

    /// The country of a location, as far as it is known.
    pub fn country(&self, location: LocationId) -> Option<Country> {
        self.0.read().ok().and_then(|known| known.get(&location)?.country.clone())
    }

    /// True if a location is remembered as closed.
    pub fn is_closed(&self, location: LocationId) -> bool {
        self.0.read().is_ok_and(|known| known.get(&location).is_some_and(|known| known.is_closed))
    }

    /// The number of times that all was forgotten.
    pub fn changes(&self) -> u64 {
        self.1.load(Ordering::SeqCst)
    }

    /// Remembers locations as they were read after so many changes; what has changed since is not remembered.
    pub fn learn(&self, found: &[Location], changes: u64) {
        if let Ok(mut known) = self.0.write()
            && self.changes() == changes
        {
            known.extend(found.iter().map(|location| {
                let (zone, country) = (location.time_zone.parse().ok(), location.country.parse().ok());
                let (opened_at, is_closed) = (location.created_at, location.closed_at.is_some());
                (location.id, Known { zone, opened_at, is_closed, country })
            }));
        }
    }

    /// Forgets all, because a location may have moved to another zone.
    pub fn forget(&self) {
        if let Ok(mut known) = self.0.write() {
            self.1.fetch_add(1, Ordering::SeqCst);
            known.clear();
        }
    }
}

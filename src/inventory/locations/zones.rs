//! The time zones and countries of locations as one instance remembers them, so that a business day or a price is told
//! without asking the database. A change makes everything stale: it is read anew before the next use, yet nothing
//! vanishes for a request that is under way.
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
    /// The number of changes before it was read.
    changes: u64,
}

impl Zones {
    /// True if a location has been read, however long ago: no location is ever deleted.
    pub fn knows(&self, id: LocationId) -> bool {
        self.0.read().is_ok_and(|known| known.contains_key(&id))
    }

    /// The locations among some that have not been read since the last change.
    pub fn stale_among(&self, ids: &[LocationId]) -> Vec<LocationId> {
        let changes = self.changes();
        let Ok(known) = self.0.read() else { return ids.to_vec() };
        let is_fresh = |id: &LocationId| known.get(id).is_some_and(|known| known.changes == changes);
        ids.iter().copied().filter(|id| !is_fresh(id)).collect()
    }

    /// The business day of a location at a moment; that of UTC where its zone is not known.
    pub fn day(&self, location: LocationId, at: DateTime<Utc>) -> NaiveDate {
        let zone = self.0.read().ok().and_then(|known| known.get(&location)?.zone);
        zone.map_or_else(|| at.date_naive(), |zone| zone.day(at))
    }

    /// The moments at which a business day of a location begins and ends; of UTC where its zone is not known.
    pub fn bounds(&self, location: LocationId, day: NaiveDate) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let zone = self.0.read().ok().and_then(|known| known.get(&location)?.zone);
        let start = |day: NaiveDate| match zone {
            Some(zone) => zone.start_of(day),
            None => day.and_hms_opt(0, 0, 0).map(|start| start.and_utc()),
        };
        start(day).zip(day.succ_opt().and_then(start))
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

    /// The number of changes of locations so far.
    pub fn changes(&self) -> u64 {
        self.1.load(Ordering::SeqCst)
    }

    /// Remembers locations as they were read after so many changes, unless they are known from later on.
    pub fn learn(&self, found: &[Location], changes: u64) {
        let Ok(mut known) = self.0.write() else { return };
        for location in found {
            if known.get(&location.id).is_some_and(|known| known.changes > changes) {
                continue;
            }
            let (zone, country) = (location.time_zone.parse().ok(), location.country.parse().ok());
            let (opened_at, is_closed) = (location.created_at, location.closed_at.is_some());
            known.insert(location.id, Known { zone, opened_at, is_closed, country, changes });
        }
    }

    /// Makes everything stale, because a location was closed or has moved to another zone or country.
    pub fn expire(&self) {
        self.1.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::model::LocationKind;

    fn location(id: LocationId, closed_at: Option<DateTime<Utc>>) -> Location {
        Location {
            id,
            code: "PARIS".into(),
            name: "Paris".into(),
            kind: LocationKind::Store,
            priority: 100,
            country: "FR".into(),
            time_zone: "Europe/Paris".into(),
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            latitude: None,
            longitude: None,
            ships_to: vec![],
            daily_orders: None,
            closed_at,
        }
    }

    #[test]
    fn a_location_that_changes_while_it_is_read_stays_known_and_is_read_anew() {
        let (zones, id) = (Zones::default(), LocationId::new());
        let changes = zones.changes();
        zones.expire();
        zones.learn(&[location(id, None)], changes);
        assert!(zones.knows(id) && !zones.is_closed(id) && zones.stale_among(&[id]) == [id]);
        zones.learn(&[location(id, Some(DateTime::UNIX_EPOCH))], zones.changes());
        zones.learn(&[location(id, None)], changes);
        assert!(zones.is_closed(id) && zones.stale_among(&[id]).is_empty());
    }
}

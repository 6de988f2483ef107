//! The time zones of locations as one instance remembers them, so that a business day is told without asking the
//! database.
use crate::{
    inventory::service::Inventory,
    kernel::{Code, Error, LocationId, Result, Zone},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
};

/// Zones by location; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Zones(Arc<RwLock<HashMap<LocationId, Known>>>);

/// The facts that are remembered of a location.
#[derive(Debug, Clone, Copy)]
struct Known {
    zone: Option<Zone>,
    opened_at: DateTime<Utc>,
    is_closed: bool,
}

impl Zones {
    fn knows(&self, id: LocationId) -> bool {
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

    fn is_closed(&self, location: LocationId) -> bool {
        self.0.read().is_ok_and(|known| known.get(&location).is_some_and(|known| known.is_closed))
    }

    /// Forgets all, because a location may have moved to another zone.
    pub fn forget(&self) {
        if let Ok(mut known) = self.0.write() {
            known.clear();
        }
    }
}

impl Inventory {
    /// Refuses unless the location exists, and remembers its zone. Locations are never deleted.
    pub async fn require_location(&self, id: LocationId) -> Result<()> {
        self.learn_zones(&[id]).await?;
        match self.zones.knows(id) {
            true => Ok(()),
            false => Err(Error::not_found("location")),
        }
    }

    /// The same of one that is not closed.
    pub async fn require_open_location(&self, id: LocationId) -> Result<()> {
        self.require_location(id).await?;
        match self.zones.is_closed(id) {
            false => Ok(()),
            true => Err(Error::refused(Code::LocationClosed, format!("location {id} is closed"))),
        }
    }

    /// Remembers the zones of locations; asks for those that are not known yet.
    pub async fn learn_zones(&self, ids: &[LocationId]) -> Result<()> {
        let unknown: Vec<_> = ids.iter().copied().filter(|id| !self.zones.knows(*id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let found = self.db.read(move |db| Ok(super::store::locations_by_id(db.conn(), &unknown)?)).await?;
        if let Ok(mut known) = self.zones.0.write() {
            known.extend(found.into_iter().map(|location| {
                let zone = location.time_zone.parse().ok();
                (location.id, Known { zone, opened_at: location.created_at, is_closed: location.closed_at.is_some() })
            }));
        }
        Ok(())
    }
}

//! Locations that a request names: refused where they do not exist or are closed.
use super::store;
use crate::{
    inventory::service::Inventory,
    kernel::{Code, Country, Error, LocationId, Result},
};

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

    /// The country of a location; none if there is no such location.
    pub async fn country_of(&self, id: LocationId) -> Result<Option<Country>> {
        if let Some(known) = self.zones.country(id) {
            return Ok(Some(known));
        }
        self.learn_zones(&[id]).await?;
        if let Some(known) = self.zones.country(id) {
            return Ok(Some(known));
        }
        // A change came in between, or there is none.
        let found = self.db.read(move |db| Ok(store::locations_by_id(db.conn(), &[id])?)).await?;
        Ok(found.into_iter().find_map(|location| location.country.parse().ok()))
    }

    /// Remembers the zones of locations; asks for those that are not known yet.
    pub async fn learn_zones(&self, ids: &[LocationId]) -> Result<()> {
        let unknown: Vec<_> = ids.iter().copied().filter(|id| !self.zones.knows(*id)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let changes = self.zones.changes();
        let found = self.db.read(move |db| Ok(store::locations_by_id(db.conn(), &unknown)?)).await?;
        self.zones.learn(&found, changes);
        Ok(())
    }
}

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
        self.learn_zones(&[id]).await?;
        Ok(self.zones.country(id))
    }

    /// Remembers the zones of locations; asks for those that have not been read since the last change.
    pub async fn learn_zones(&self, ids: &[LocationId]) -> Result<()> {
        let changes = self.zones.changes();
        let stale = self.zones.stale_among(ids);
        if stale.is_empty() {
            return Ok(());
        }
        let found = self.db.read(move |db| Ok(store::locations_by_id(db.conn(), &stale)?)).await?;
        self.zones.learn(&found, changes);
        Ok(())
    }
}

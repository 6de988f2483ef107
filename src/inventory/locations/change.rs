//! Stores and warehouses: making and changing them.
use super::store::{Location, LocationChange, NewLocation};
use crate::{
    inventory::events,
    kernel::{Code, Error, LocationId, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Makes a location; its code is unique.
pub(super) async fn create(db: &Db, caller: Caller, new: NewLocation) -> Result<Recorded<Location>> {
    let Caller { actor, key, .. } = caller;
    actor.require_everywhere(Permission::LocationsWrite)?;
    write_once(db, actor, Permission::LocationsWrite, key, move |tx, _| {
        let location = super::store::insert_location(tx, &new)?;
        events::location_changed(tx, &location)?;
        Ok(Outcome::created(location.id, location.version, Some(location.id), location))
    })
    .await
}

/// Changes what is named of a location, and closes it or opens it again.
pub(super) async fn change(
    db: &Db,
    caller: Caller,
    id: LocationId,
    change: LocationChange,
) -> Result<Recorded<Location>> {
    let Caller { actor, key, expected } = caller;
    actor.require_at(Permission::LocationsWrite, id, "location")?;
    write_once(db, actor, Permission::LocationsWrite, key, move |tx, _| {
        let found = super::store::lock_location(tx.conn(), id)?.ok_or_else(|| Error::not_found("location"))?;
        expected.check("the location", found.version)?;
        if change.is_closed == Some(true) && found.closed_at.is_none() {
            require_empty(&found, &super::store::still_there(tx.conn(), id)?)?;
        }
        let location = super::store::change_location(tx, id, &change)?;
        events::location_changed(tx, &location)?;
        Ok(Outcome::changed(location.version, Some(id), location))
    })
    .await
}

/// Refuses to close a location at which something is left.
fn require_empty(location: &Location, left: &[String]) -> Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let detail = format!("{} is not empty: {}", location.code, left.join(", "));
    Err(Error::refused(Code::LocationNotEmpty, detail))
}

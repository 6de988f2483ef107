//! Stores and warehouses: making and changing them.
use super::{
    events,
    store::{self, LocationChange, NewLocation},
};
use crate::{
    kernel::{Actor, Error, LocationId, Result, actor::Permission},
    platform::{
        db::Db,
        http::IfMatch,
        idempotency::{Answer, Once, write_once},
    },
};

/// Makes a location; its code is unique.
pub(super) async fn create(db: &Db, actor: Actor, new: NewLocation, key: Option<Once>) -> Result<Answer> {
    actor.demand_everywhere(Permission::LocationsWrite)?;
    write_once(db, actor, Permission::LocationsWrite, key, move |tx, _| {
        let location = store::insert_location(tx, &new)?;
        events::location_changed(tx, &location)?;
        Answer::created(&location, location.version, Some(location.id), format!("/v1/locations/{}", location.id))
    })
    .await
}

/// Changes a location's name or priority.
pub(super) async fn change(
    db: &Db,
    actor: Actor,
    id: LocationId,
    change: LocationChange,
    if_match: IfMatch,
    key: Option<Once>,
) -> Result<Answer> {
    actor.demand_at(Permission::LocationsWrite, id, "location")?;
    let if_match = if_match.required()?;
    write_once(db, actor, Permission::LocationsWrite, key, move |tx, _| {
        let found = store::lock_location(tx.conn(), id)?.ok_or_else(|| Error::not_found("location"))?;
        if_match.check("the location", found.version)?;
        let location = store::change_location(tx, id, &change)?;
        events::location_changed(tx, &location)?;
        Answer::ok(&location, location.version, Some(id))
    })
    .await
}

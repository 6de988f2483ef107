//! Groups of locations made, changed and deleted.
use super::{
    model::{LocationGroup, LocationGroupChange, NewLocationGroup},
    store,
};
use crate::{
    access::{Access, api_keys, giving, roles, rules::GrantScope, users::store::unknown_locations},
    kernel::{Actor, Code, Error, Faults, LocationGroupId, LocationId, Result, actor::Permission},
    platform::{
        db::Write,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Refuses locations that do not exist, each at its place.
fn require_known(tx: &mut Write, locations: &[LocationId]) -> Result<()> {
    let (unknown, mut faults) = (unknown_locations(tx, locations)?, Faults::default());
    for (at, id) in locations.iter().enumerate().filter(|(_, id)| unknown.contains(id)) {
        faults.add(Code::UnknownLocation, &format!("/location_ids/{at}"), format!("there is no location {id}"));
    }
    faults.require_none()
}

/// Refuses to widen a group by someone who does not hold the roles that others have there, everywhere and without an
/// end.
fn require_held(tx: &mut Write, who: &Actor, id: LocationGroupId) -> Result<()> {
    let codes = store::roles_of(tx, id)?;
    let (granted, own, now) = (roles::store::share(tx, &codes)?, giving::held_by(tx, who.id)?, tx.now());
    let of_keys = api_keys::store::permissions_at(tx, id)?;
    if let Some(lacking) = own.lacks(of_keys, GrantScope::EVERYWHERE, now) {
        let said = format!("API keys have {lacking} there, which you do not hold everywhere for ever");
        return Err(Error::at(Code::GrantBeyondOwn, "/location_ids", said));
    }
    for (role, permissions) in granted {
        if let Some(lacking) = own.lacks(permissions, GrantScope::EVERYWHERE, now) {
            let said = format!("users hold {role} there, with {lacking}, which you do not hold everywhere for ever");
            return Err(Error::at(Code::GrantBeyondOwn, "/location_ids", said));
        }
    }
    Ok(())
}

impl Access {
    /// Makes a group.
    pub(super) async fn create_group(&self, caller: Caller, new: NewLocationGroup) -> Result<Recorded<LocationGroup>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            require_known(tx, &new.location_ids)?;
            let group = store::insert(tx, &new)?;
            Ok(Outcome::created(group.id, group.version, None, group))
        })
        .await
    }

    /// Changes the name or the locations of a group, for all who hold a role there.
    pub(super) async fn change_group(
        &self,
        caller: Caller,
        id: LocationGroupId,
        change: LocationGroupChange,
    ) -> Result<Recorded<LocationGroup>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let before = store::lock(tx, id)?;
            expected.check("the location group", before.version)?;
            let mut after = LocationGroup { version: before.version + 1, ..before.clone() };
            if let Some(name) = &change.name {
                after.name = String::from(name.clone());
            }
            if let Some(locations) = &change.location_ids {
                require_known(tx, locations)?;
                if !locations.iter().all(|location| before.location_ids.contains(location)) {
                    require_held(tx, who, id)?;
                }
                after.location_ids.clone_from(locations);
            }
            store::save(tx, &after)?;
            let after = store::by_id(tx.conn(), id)?;
            Ok(Outcome::changed(after.version, None, after))
        });
        self.forgetting_all(done.await)
    }

    /// Deletes a group that no grant is for.
    pub(super) async fn delete_group(&self, caller: Caller, id: LocationGroupId) -> Result<Recorded<LocationGroup>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            let group = store::lock(tx, id)?;
            expected.check("the location group", group.version)?;
            if !store::roles_of(tx, id)?.is_empty() {
                let said = format!("users have grants for {}: revoke them first", group.name);
                return Err(Error::refused(Code::LocationGroupInUse, said));
            }
            if api_keys::store::is_any_at(tx, id)? {
                let said = format!("API keys act at {}, or did: it stays with them", group.name);
                return Err(Error::refused(Code::LocationGroupInUse, said));
            }
            store::delete(tx, id)?;
            Ok(Outcome::changed(group.version, None, group))
        })
        .await
    }
}

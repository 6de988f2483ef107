//! Roles that users are given and lose.
use super::{
    model::{NewGrant, User},
    rules, store,
};
use crate::{
    access::Access,
    kernel::{Code, Error, GrantId, PrincipalId, Result, actor::Permission},
    platform::{
        db::Write,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

impl Access {
    /// Gives a user a role.
    pub(super) async fn grant(&self, caller: Caller, id: PrincipalId, grant: NewGrant) -> Result<Recorded<User>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let user = store::lock(tx, id)?;
            expected.check("the user", user.version)?;
            if let Some(location) = grant.location_id
                && !store::unknown_locations(tx, &[location])?.is_empty()
            {
                return Err(Error::at(
                    Code::UnknownLocation,
                    "/location_id",
                    format!("there is no location {location}"),
                ));
            }
            if let Some((field, why)) = rules::wrong_dates(&grant, tx.now()) {
                return Err(Error::at(Code::InvalidBody, field, why));
            }
            let own = store::by_id(tx.conn(), who.id)?.grants;
            rules::require_held(&own, &grant, tx.now())?;
            store::add_grant(tx, id, &grant)?;
            changed(tx, user)
        });
        self.known_anew(id, done.await)
    }

    /// Takes a role from a user.
    pub(super) async fn revoke_grant(&self, caller: Caller, id: PrincipalId, grant: GrantId) -> Result<Recorded<User>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            let admins = store::lock_admins(tx)?;
            let user = store::lock(tx, id)?;
            expected.check("the user", user.version)?;
            store::remove_grant(tx, id, grant)?;
            if admins.contains(&id) && store::lock_admins(tx)?.is_empty() {
                return Err(last_admin());
            }
            changed(tx, user)
        });
        self.known_anew(id, done.await)
    }
}

/// The refusal to take the last admin away.
pub(super) fn last_admin() -> Error {
    Error::refused(Code::LastAdmin, "nobody else is an admin everywhere who can sign in and whose role has no end")
}

fn changed(tx: &mut Write, before: User) -> Result<Outcome<User>> {
    store::save(tx, &User { version: before.version + 1, updated_at: tx.now(), ..before.clone() })?;
    let user = store::by_id(tx.conn(), before.id)?;
    Ok(Outcome::changed(user.version, None, user))
}

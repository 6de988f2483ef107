//! Roles that users are given and lose.
use super::{
    giving,
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
            giving::require_grants(tx, who, std::slice::from_ref(&grant), |_| String::new())?;
            if user.grants.iter().any(|held| rules::overlap(&held.into(), &grant, tx.now())) {
                let said =
                    format!("the user holds the role {} there at that time already: revoke it first", grant.role);
                return Err(Error::refused(Code::GrantExists, said));
            }
            store::add_grant(tx, id, &grant)?;
            changed(tx, user)
        });
        self.forgetting(id, done.await)
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
            if admins.contains(&id) {
                require_admin(tx)?;
            }
            changed(tx, user)
        });
        self.forgetting(id, done.await)
    }
}

/// Refuses where no admin is left after a change. It is a statement of its own: the one that waited for the locks still
/// sees grants of before. Nobody takes another admin away meanwhile: they wait for one of the locks.
pub(super) fn require_admin(tx: &mut Write) -> Result<()> {
    tx.renew_now();
    if !store::is_an_admin_left(tx)? {
        let said = "nobody else is an admin everywhere who can sign in and whose role has no end";
        return Err(Error::refused(Code::LastAdmin, said));
    }
    Ok(())
}

fn changed(tx: &mut Write, before: User) -> Result<Outcome<User>> {
    store::save(tx, &User { version: before.version + 1, updated_at: tx.now(), ..before.clone() })?;
    let user = store::by_id(tx.conn(), before.id)?;
    Ok(Outcome::changed(user.version, None, user))
}

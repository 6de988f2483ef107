//! Roles of the brand made, changed and deleted.
use super::{
    model::{NewRole, RoleChange, RoleDefinition},
    store,
};
use crate::{
    access::{Access, giving, rules::GrantScope},
    kernel::{
        Actor, Code, CodeName, Error, Faults, Result,
        actor::{Permission, Role},
    },
    platform::{
        db::Write,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// Refuses to change what comes with the service.
fn require_own(code: &CodeName) -> Result<()> {
    match code.as_str().parse::<Role>() {
        Err(_) => Ok(()),
        Ok(role) => {
            let said =
                format!("{role} comes with the service: create a role of your own with the permissions you want");
            Err(Error::refused(Code::RoleBuiltIn, said))
        }
    }
}

/// Refuses permissions that the one who puts them into a role does not hold everywhere, without an end.
fn require_held(tx: &mut Write, who: &Actor, permissions: &[Permission]) -> Result<()> {
    let (own, now, mut faults) = (giving::held_by(tx, who.id)?, tx.now(), Faults::default());
    for (at, permission) in permissions.iter().enumerate() {
        if own.lacks([*permission].into_iter().collect(), GrantScope::EVERYWHERE, now).is_some() {
            let said = format!("you do not hold {permission} everywhere without an end");
            faults.add(Code::GrantBeyondOwn, &format!("/permissions/{at}"), said);
        }
    }
    faults.require_none()
}

impl Access {
    /// Makes a role.
    pub(super) async fn create_role(&self, caller: Caller, new: NewRole) -> Result<Recorded<RoleDefinition>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            if new.code.as_str().parse::<Role>().is_ok() {
                return Err(store::taken(&new.code));
            }
            require_held(tx, who, &new.permissions)?;
            let role = store::insert(tx, &new)?;
            Ok(Outcome::created(role.code.clone(), role.version, None, role))
        })
        .await
    }

    /// Changes the name or the permissions of a role, for all who hold it.
    pub(super) async fn change_role(
        &self,
        caller: Caller,
        code: CodeName,
        change: RoleChange,
    ) -> Result<Recorded<RoleDefinition>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        require_own(&code)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let before = store::lock(tx, &code)?;
            expected.check("the role", before.version)?;
            let mut after = RoleDefinition { version: before.version + 1, ..before.clone() };
            if let Some(permissions) = &change.permissions {
                require_held(tx, who, permissions)?;
                after.permissions.clone_from(permissions);
            }
            if let Some(name) = &change.name {
                after.name = String::from(name.clone());
            }
            store::save(tx, &after)?;
            let after = store::by_code(tx.conn(), &code)?;
            Ok(Outcome::changed(after.version, None, after))
        });
        self.forgetting_all(done.await)
    }

    /// Deletes a role that nobody has a grant of.
    pub(super) async fn delete_role(&self, caller: Caller, code: CodeName) -> Result<Recorded<RoleDefinition>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        require_own(&code)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            let role = store::lock(tx, &code)?;
            expected.check("the role", role.version)?;
            if store::is_granted(tx, &code)? {
                let said = format!("users have grants of {code}: revoke them first (GET /v1/users?role={code})");
                return Err(Error::refused(Code::RoleInUse, said));
            }
            store::delete(tx, &code)?;
            Ok(Outcome::changed(role.version, None, role))
        })
        .await
    }
}

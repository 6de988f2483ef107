//! Changes of users: their names, and if they may sign in.
use super::{giving, grants::require_admin, model::User, store};
use crate::{
    access::{Access, passwords, sessions::store::end_all},
    kernel::{Actor, Code, Error, PrincipalId, Result, Text, actor::Permission},
    platform::idempotency::{Caller, Outcome, Recorded, write_once},
};

/// A password that someone chooses in place of the one that they have.
pub(super) struct ChosenPassword {
    pub(super) current: String,
    pub(super) new: String,
}

impl Access {
    /// Changes the name of a user.
    pub(super) async fn rename(&self, caller: Caller, id: PrincipalId, name: Text<200>) -> Result<Recorded<User>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, _| {
            let before = store::lock(tx, id)?;
            expected.check("the user", before.version)?;
            let name = String::from(name.clone());
            let after = User { name, version: before.version + 1, updated_at: tx.now(), ..before };
            store::save(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
    }

    /// Lets a user sign in no more, or again. What they are signed in with ends at once here and within the cache time
    /// on other servers.
    pub(super) async fn set_disabled(
        &self,
        caller: Caller,
        id: PrincipalId,
        is_disabled: bool,
    ) -> Result<Recorded<User>> {
        let Caller { actor, key, expected } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let done = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let admins = if is_disabled { store::lock_admins(tx)? } else { vec![] };
            let before = store::lock(tx, id)?;
            expected.check("the user", before.version)?;
            if before.disabled_at.is_some() == is_disabled {
                return Ok(Outcome::changed(before.version, None, before));
            }
            if !is_disabled {
                giving::require_no_more(tx, who.id, &before)?;
            }
            tx.renew_now();
            let now = tx.now();
            let disabled_at = is_disabled.then_some(now);
            let after = User { disabled_at, version: before.version + 1, updated_at: now, ..before };
            store::save(tx, &after)?;
            if is_disabled {
                end_all(tx, id)?;
                store::drop_links(tx, id)?;
            }
            if admins.contains(&id) {
                require_admin(tx)?;
            }
            let after = store::by_id(tx.conn(), id)?;
            Ok(Outcome::changed(after.version, None, after))
        });
        self.forgetting(id, done.await)
    }

    /// Sets another password for someone who knows the one that they have; all that they are signed in with ends.
    pub(super) async fn change_password(&self, actor: &Actor, chosen: ChosenPassword, from: &str) -> Result<()> {
        let ChosenPassword { current, new } = chosen;
        passwords::require_length(&new, "/new_password")?;
        self.require_few_attempts(from)?;
        let id = actor.id;
        let attempt = self.attempts.begin(format!("password of {id}"));
        tokio::time::sleep(attempt.delay).await;
        let before = self.db.read(move |db| Ok(store::password_hash(db.conn(), id)?)).await?;
        let wrong = || Error::at(Code::WrongPassword, "/current_password", "this is not the password that you have");
        if !self.hasher.verify(current, before.clone()).await? {
            return Err(wrong());
        }
        attempt.succeeded();
        let hash = self.hasher.hash(new).await?;
        let done = self.db.write(move |tx| {
            store::lock(tx, id)?;
            // Of two changes at once from the same password one is made.
            if store::password_hash(tx.conn(), id)? != before {
                return Err(wrong());
            }
            Ok(store::set_password(tx, id, &hash)?)
        });
        self.forgetting(id, done.await)
    }
}

//! Links by which users choose a password, once: when they are invited, and when they have forgotten theirs.
use super::{
    model::{Invitation, InvitedUser},
    store::{self, NewLink},
};
use crate::{
    access::{Access, passwords, secrets},
    kernel::{Code, Error, PrincipalId, Result, actor::Permission},
    platform::{
        db::{Write, blocking},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::Duration;

/// The time for which a link works.
const VALID_FOR: Duration = Duration::days(7);

/// A link for a user, in place of those that they had.
pub(super) fn issue(tx: &mut Write, user: PrincipalId, by: PrincipalId) -> Result<Invitation> {
    let (token, expires_at) = (secrets::fresh(), tx.now() + VALID_FOR);
    store::put_link(tx, &NewLink { token_hash: secrets::digest(&token), user, expires_at, by })?;
    Ok(Invitation { token, expires_at })
}

impl Access {
    /// A new link for a user; the password that they have works until they choose another.
    pub(super) async fn invite_again(&self, caller: Caller, id: PrincipalId) -> Result<Recorded<InvitedUser>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let user = store::lock(tx, id)?;
            if user.disabled_at.is_some() {
                let said = format!("{} may not sign in: enable them first", user.email);
                return Err(Error::refused(Code::UserDisabled, said));
            }
            let invitation = issue(tx, id, who.id)?;
            Ok(Outcome::created(id, user.version, None, InvitedUser { user, invitation }))
        })
        .await
    }

    /// Chooses a password by a link; answers the address with which to sign in.
    pub(super) async fn accept(&self, token: String, password: String, from: &str) -> Result<String> {
        passwords::require_length(&password, "/password")?;
        self.require_few_attempts(from)?;
        let unusable = || Error::at(Code::InvitationInvalid, "/token", "it was used, has expired, or never was");
        let digest = secrets::digest(&token);
        let wanted = digest.clone();
        // Hashing is dear: it waits for a token that is one.
        if !self.db.read(move |db| Ok(store::is_link(db.conn(), &wanted)?)).await? {
            return Err(unusable());
        }
        let hash = blocking(move || passwords::hash(&password)).await?;
        let accepted = self.db.write(move |tx| {
            let (id, expires_at) = store::take_link(tx, &digest)?.ok_or_else(unusable)?;
            let user = store::lock(tx, id)?;
            if expires_at <= tx.now() || user.disabled_at.is_some() {
                return Err(unusable());
            }
            store::set_password(tx, id, &hash)?;
            Ok((id, user.email))
        });
        let (id, email) = accepted.await?;
        self.known.forget(id);
        Ok(email)
    }
}

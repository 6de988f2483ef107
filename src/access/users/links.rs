//! Links by which users choose a password, once: when they are invited, and when they have forgotten theirs.
use super::{
    giving,
    model::{Invitation, InvitedUser, User},
    store::{self, NewLink},
};
use crate::{
    access::{Access, passwords, secrets, teller::Teller},
    kernel::{Code, Error, PrincipalId, Result, actor::Permission},
    platform::{
        db::Write,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use chrono::Duration;

/// The time for which a link works.
const VALID_FOR: Duration = Duration::days(7);

/// The place of the token in an answer.
pub(super) const TOKEN: &str = "/invitation/token";

/// A link for a user, in place of those that they had.
pub(super) fn issue(tx: &mut Write, teller: &Teller, user: PrincipalId, by: PrincipalId) -> Result<Invitation> {
    let (number, expires_at) = (Teller::fresh(), tx.now() + VALID_FOR);
    let token_hash = secrets::digest(&teller.token(&number)?);
    store::put_link(tx, &NewLink { token_hash, user, expires_at, by })?;
    Ok(Invitation { token: number, expires_at })
}

impl Access {
    /// A new link for a user; the password that they have works until they choose another.
    pub(super) async fn invite_again(&self, caller: Caller, id: PrincipalId) -> Result<Recorded<InvitedUser>> {
        let Caller { actor, key, .. } = caller;
        actor.require_everywhere(Permission::UsersWrite)?;
        let teller = self.teller.clone();
        let invited = write_once(&self.db, actor, Permission::UsersWrite, key, move |tx, who| {
            let user = store::lock(tx, id)?;
            if user.disabled_at.is_some() {
                let said = format!("{} may not sign in: enable them first", user.email);
                return Err(Error::refused(Code::UserDisabled, said));
            }
            giving::require_no_more(tx, who.id, &user)?;
            let invitation = issue(tx, &teller, id, who.id)?;
            Ok(Outcome::created(id, user.version, None, InvitedUser { user, invitation }))
        });
        self.teller.tell_token(invited.await?, TOKEN)
    }

    /// Chooses a password by a link; answers the address with which to sign in.
    pub(super) async fn accept(&self, token: String, password: String, from: &str) -> Result<String> {
        passwords::require_length(&password, "/password")?;
        self.require_few_attempts(from)?;
        let unusable = || {
            Error::at(
                Code::InvitationInvalid,
                "/token",
                "it was used, has expired, or whoever gave it may not give as much any more",
            )
        };
        let digest = secrets::digest(&token);
        let (wanted, now) = (digest.clone(), self.db.clock().now());
        // Hashing is dear: it waits for a token that is one.
        let found = self.db.read(move |db| Ok(store::user_of_link(db.conn(), &wanted, now)?)).await?;
        let id = found.ok_or_else(unusable)?;
        let hash = self.hasher.hash(password).await?;
        let accepted = self.db.write(move |tx| {
            let user = store::lock(tx, id)?;
            tx.renew_now();
            let giver = store::take_link(tx, &digest, id)?.filter(|_| user.disabled_at.is_none());
            // The rights of the one who gave the link, or of the one who has it, may have changed since.
            giving::require_no_more(tx, giver.ok_or_else(unusable)?, &user).map_err(|error| match error.code() {
                Code::Forbidden | Code::GrantBeyondOwn | Code::InvalidToken => unusable(),
                _ => error,
            })?;
            store::set_password(tx, id, &hash)?;
            store::save(tx, &User { version: user.version + 1, updated_at: tx.now(), ..user.clone() })?;
            Ok(user.email)
        });
        self.forgetting(id, accepted.await)
    }
}

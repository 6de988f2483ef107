//! Signing in with a password, and going on with a refresh token that works once. A refresh token used again betrays a
//! theft: its whole family is revoked (RFC 9700 §4.14).
use super::{Access, passwords::LONGEST, store};
use crate::{
    kernel::{Code, Error, PrincipalId, Refusal, Result},
    platform::db::Write,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use governor::clock::{Clock as _, DefaultClock};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Addresses whose attempts are remembered before old ones are forgotten.
const REMEMBERED: usize = 10_000;

/// An access token and the refresh token to follow it.
pub struct SignedIn {
    pub access_token: String,
    pub refresh_token: String,
    pub expires_in: i64,
}

/// Why a grant was refused, in OAuth's own words (RFC 6749 §5.2).
pub enum Denied {
    InvalidGrant(&'static str),
    Other(Error),
}

/// The outcome of a revocation.
#[derive(Debug, PartialEq, Eq)]
pub enum Revoked {
    /// The token does not work any more.
    Done,
    /// It is an access token, which ends by itself.
    AccessToken,
}

impl From<Error> for Denied {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Access {
    /// The `password` grant, for Coffret's own clients only.
    pub(super) async fn with_password(&self, email: &str, password: String, from: &str) -> Result<SignedIn, Denied> {
        if password.len() > LONGEST || email.len() > 254 || email.contains('\0') {
            return Err(Denied::InvalidGrant("the user name or password is wrong"));
        }
        self.require_few_attempts(from)?;
        let attempt = self.attempts.begin(format!("{from} {}", email.to_lowercase()));
        tokio::time::sleep(attempt.delay).await;
        let address = email.to_owned();
        let user = self.db.read(move |db| Ok(store::credentials(db.conn(), &address)?)).await?;
        let hash = user.as_ref().filter(|u| u.disabled_at.is_none()).and_then(|u| u.password_hash.clone());
        let is_right = self.hasher.verify(password, hash.clone()).await?;
        let wrong = Denied::InvalidGrant("the user name or password is wrong");
        let Some(user) = user.filter(|_| is_right) else { return Err(wrong) };
        attempt.succeeded();
        let (id, seconds) = (user.id, self.refresh_seconds);
        let kept = self.db.write(move |tx| {
            // The password may have been changed, or the user put out, while it was looked at.
            let Some((now_has, valid_from)) = store::share_user(tx.conn(), id)? else { return Ok(None) };
            if now_has.disabled_at.is_some() || now_has.password_hash != hash {
                return Ok(None);
            }
            let (now, token) = (tx.now(), fresh());
            let (family, expires) = (Uuid::now_v7(), now + Duration::seconds(seconds));
            let kept = store::NewRefreshToken { user: id, family, hash: &digest(&token), expires };
            store::keep_refresh(tx.conn(), &kept, now)?;
            Ok(Some((token, valid_from)))
        });
        let (refresh_token, valid_from) = kept.await?.ok_or(wrong)?;
        Ok(self.session(user.id, refresh_token, valid_from)?)
    }

    /// Refuses a client that has tried too often of late.
    pub(super) fn require_few_attempts(&self, from: &str) -> Result<()> {
        if self.addresses.len() > REMEMBERED {
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&from.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let refusal = Refusal::new(Code::RateLimited, "too many sign-in attempts from this address; wait a little");
            Error::from(refusal.retry_after(u32::try_from(wait).unwrap_or(60)))
        })
    }

    /// The `refresh_token` grant.
    pub(super) async fn with_refresh_token(&self, token: String) -> Result<SignedIn, Denied> {
        let reuse = Duration::seconds(self.refresh_reuse_seconds);
        let used = self.db.write(move |tx| {
            let now = tx.now();
            let hash = digest(&token);
            let Some(user) = store::user_of_refresh(tx.conn(), &hash)? else { return Ok(None) };
            let Some((holder, valid_from)) = store::share_user(tx.conn(), user)? else { return Ok(None) };
            let Some(row) = store::lock_refresh(tx.conn(), &hash)? else { return Ok(None) };
            match judge(now, row.expires_at, row.used_at, reuse, row.revoked_at) {
                Verdict::Valid => {
                    if row.used_at.is_some() {
                        store::revoke_successors(tx.conn(), row.family_id, now)?;
                    }
                    let next = fresh();
                    store::use_refresh(tx.conn(), &row.token_hash, now)?;
                    let (user, family, expires) = (row.user_id, row.family_id, row.expires_at);
                    let kept = store::NewRefreshToken { user, family, hash: &digest(&next), expires };
                    store::keep_refresh(tx.conn(), &kept, now)?;
                    Ok(holder.disabled_at.is_none().then_some((row.user_id, next, valid_from)))
                }
                Verdict::Stolen => {
                    store::revoke_family(tx.conn(), row.family_id, now)?;
                    tracing::warn!(user.id = %row.user_id, "a refresh token was used twice; its family is revoked");
                    Ok(None)
                }
                Verdict::Over => Ok(None),
            }
        });
        let (user, next, valid_from) = used.await?.ok_or(Denied::InvalidGrant("the refresh token is not valid"))?;
        Ok(self.session(user, next, valid_from)?)
    }

    /// Ends what a refresh token belongs to. A token that is not known is as good as revoked.
    pub(super) async fn revoke(&self, token: String) -> Result<Revoked> {
        if self.tokens.verify(&token, self.db.clock().now()).is_ok() {
            return Ok(Revoked::AccessToken);
        }
        let revoking = self.db.write(move |tx| {
            let now = tx.now();
            if let Some(row) = store::lock_refresh(tx.conn(), &digest(&token))? {
                store::revoke_family(tx.conn(), row.family_id, now)?;
            }
            Ok(Revoked::Done)
        });
        revoking.await
    }

    /// A token of now, or of the moment from which the user's tokens are valid if this server's clock is behind.
    fn session(&self, user: PrincipalId, refresh_token: String, valid_from: DateTime<Utc>) -> Result<SignedIn> {
        let expires_in = self.tokens.seconds;
        let access_token = self.tokens.issue(user, self.db.clock().now().max(valid_from), expires_in)?;
        Ok(SignedIn { access_token, refresh_token, expires_in })
    }
}

#[derive(Debug, PartialEq)]
enum Verdict {
    Valid,
    Over,
    Stolen,
}

/// Judges a refresh token. One that was used is taken again for as long as the settings say: the first answer may have
/// been lost. The successor that was given before is revoked then, so that one lives at a time.
fn judge(
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
    used: Option<DateTime<Utc>>,
    reuse: Duration,
    revoked: Option<DateTime<Utc>>,
) -> Verdict {
    match (revoked, used) {
        (Some(_), _) => Verdict::Over,
        _ if expires <= now => Verdict::Over,
        // A transaction that began before the first use, and waited for it, comes after it all the same.
        (None, Some(used)) if used + reuse <= now.max(used) => Verdict::Stolen,
        (None, _) => Verdict::Valid,
    }
}

/// A random token of 256 bits.
pub(super) fn fresh() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// A random token of 256 bits needs no salt.
pub(super) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Deletes at most `most` refresh tokens that expired before a time, and returns how many.
pub fn delete_tokens_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    Ok(store::delete_tokens(tx.conn(), before, most)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_used_again_is_a_theft_once_the_time_for_lost_answers_is_over() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let at = |seconds| start + Duration::seconds(seconds);
        let judge = |now, used, revoked, reuse| judge(now, at(100), used, Duration::seconds(reuse), revoked);
        assert_eq!(judge(at(5), None, None, 0), Verdict::Valid);
        assert_eq!(judge(at(5), Some(at(5)), None, 0), Verdict::Stolen);
        assert_eq!(judge(at(4), Some(at(5)), None, 0), Verdict::Stolen, "it began first and waited");
        assert_eq!(judge(at(4), Some(at(5)), None, 10), Verdict::Valid);
        assert_eq!(judge(at(14), Some(at(5)), None, 10), Verdict::Valid);
        assert_eq!(judge(at(15), Some(at(5)), None, 10), Verdict::Stolen);
        assert_eq!(judge(at(100), None, None, 0), Verdict::Over);
        assert_eq!(judge(at(6), None, Some(at(5)), 0), Verdict::Over);
    }
}

//! Signing in with a password.
use super::{
    model::Client,
    store::{self, NewSession},
};
use crate::{
    access::{
        Access,
        passwords::LONGEST,
        secrets,
        store::{credentials, share_user},
        tokens::TokenSubject,
    },
    kernel::{Code, Error, PrincipalId, Refusal, Result, SessionId},
};
use chrono::{DateTime, Duration, Utc};
use governor::clock::{Clock as _, DefaultClock};

/// Addresses whose attempts are remembered before old ones are forgotten.
const REMEMBERED: usize = 10_000;

/// An access token and the refresh token to follow it.
pub struct SignedIn {
    pub access_token: String,
    pub refresh_token: String,
    pub expires_in: i64,
}

/// The session of an access token, and the moment at which it ends by itself.
pub struct TokenOf {
    pub user: PrincipalId,
    pub session: SessionId,
    pub until: DateTime<Utc>,
}

/// Why a grant was refused, in OAuth's own words (RFC 6749 §5.2).
pub enum Denied {
    InvalidGrant(&'static str),
    /// The client is not the one it says.
    InvalidClient,
    Other(Error),
}

impl From<Error> for Denied {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl Access {
    /// The `password` grant, for Coffret's own clients only.
    pub(in crate::access) async fn with_password(
        &self,
        email: &str,
        password: String,
        client: Client,
    ) -> Result<SignedIn, Denied> {
        if password.len() > LONGEST || email.len() > 254 || email.contains('\0') {
            return Err(Denied::InvalidGrant("the user name or password is wrong"));
        }
        self.require_few_attempts(&client.address)?;
        let attempt = self.attempts.begin(format!("{} {}", client.address, email.to_lowercase()));
        tokio::time::sleep(attempt.delay).await;
        let address = email.to_owned();
        let user = self.db.read(move |db| Ok(credentials(db.conn(), &address)?)).await?;
        let hash = user.as_ref().filter(|u| u.disabled_at.is_none()).and_then(|u| u.password_hash.clone());
        let is_right = self.hasher.verify(password, hash.clone()).await?;
        let wrong = Denied::InvalidGrant("the user name or password is wrong");
        let Some(user) = user.filter(|_| is_right) else { return Err(wrong) };
        attempt.succeeded();
        let (id, seconds, token_seconds) = (user.id, self.refresh_seconds, self.tokens.seconds);
        let kept = self.db.write(move |tx| {
            // The password may have been changed, or the user put out, while it was looked at.
            let Some((now_has, valid_from)) = share_user(tx.conn(), id)? else { return Ok(None) };
            if now_has.disabled_at.is_some() || now_has.password_hash != hash {
                return Ok(None);
            }
            let (token, session) = (secrets::fresh(), SessionId::new());
            let (hash, expires) = (secrets::digest(&token), tx.now() + Duration::seconds(seconds));
            let token_expires = expires.min(tx.now() + Duration::seconds(token_seconds));
            let new = NewSession { user: id, id: session, hash: &hash, expires, token_expires, client: &client };
            store::begin(tx, &new)?;
            Ok(Some((TokenOf { user: id, session, until: expires }, token, valid_from)))
        });
        let (of, refresh_token, valid_from) = kept.await?.ok_or(wrong)?;
        Ok(self.signed_in(&of, refresh_token, valid_from)?)
    }

    /// Refuses a client that has tried too often of late.
    pub(in crate::access) fn require_few_attempts(&self, from: &str) -> Result<()> {
        if self.addresses.len() > REMEMBERED {
            self.addresses.retain_recent();
        }
        self.addresses.check_key(&from.to_owned()).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let refusal = Refusal::new(Code::RateLimited, "too many attempts from this address; wait a little");
            Error::from(refusal.retry_after(u32::try_from(wait).unwrap_or(60)))
        })
    }

    /// The tokens of a session; the access token is of now, or of the moment from which the user's tokens are valid if
    /// this server's clock is behind, and ends with the session.
    pub(super) fn signed_in(&self, of: &TokenOf, refresh_token: String, valid_from: DateTime<Utc>) -> Result<SignedIn> {
        let now = self.db.clock().now().max(valid_from);
        let expires_in = self.tokens.seconds.min((of.until - now).num_seconds().max(0));
        let subject = TokenSubject { principal: of.user, session: Some(of.session), is_machine: false };
        let access_token = self.tokens.issue(subject, now, expires_in)?;
        Ok(SignedIn { access_token, refresh_token, expires_in })
    }
}

//! API keys that act: by their secret, or by an access token that they got with it (RFC 6749 §4.4).
use super::store;
use crate::{
    access::{Access, secrets, sessions::sign_in::Denied, tokens::TokenSubject},
    kernel::{Actor, ApiKeySecretId, Code, Error, PrincipalId, Result, SessionId},
};
use moka::sync::Cache;
use std::time::Duration;

/// The time after which the use of a secret is noted again.
const NOTED: Duration = Duration::from_secs(60);
/// Secrets that are remembered.
const MOST: u64 = 10_000;

/// The keys of secrets that were used a moment ago. A secret never changes hands: if it works is asked elsewhere.
pub type KnownSecrets = Cache<Vec<u8>, (PrincipalId, ApiKeySecretId)>;

/// No secret yet.
pub fn known_secrets() -> KnownSecrets {
    Cache::builder().max_capacity(MOST).time_to_live(NOTED).build()
}

/// An access token of an API key.
pub struct KeyToken {
    pub access_token: String,
    pub expires_in: i64,
}

fn refuse(why: &str) -> Error {
    Error::refused(Code::InvalidToken, why)
}

impl Access {
    /// The actor of an API key's secret, or a refusal with 401.
    pub(in crate::access) async fn actor_of_key(&self, secret: &str) -> Result<Actor> {
        if !secrets::is_whole(secret) {
            return Err(refuse("this is not the whole secret of an API key, or it was mistyped"));
        }
        let digest = secrets::digest(secret);
        let known = self.known_secrets.get(&digest);
        let (id, secret) = if let Some(found) = known {
            found
        } else {
            let wanted = digest.clone();
            let found = self.db.read(move |db| Ok(store::of_digest(db.conn(), &wanted)?)).await?;
            found.ok_or_else(|| refuse("there is no API key with this secret"))?
        };
        let actor = self.actor_of_secret(id, secret).await?;
        if known.is_none() {
            self.note_use(id, secret).await;
            self.known_secrets.insert(digest, (id, secret));
        }
        Ok(actor)
    }

    /// The actor of a secret that someone has shown, by themselves or for an access token.
    pub(in crate::access) async fn actor_of_secret(&self, id: PrincipalId, secret: ApiKeySecretId) -> Result<Actor> {
        let principal = self.principal(id).await?.ok_or_else(|| refuse("the API key is revoked"))?;
        let now = self.db.clock().now();
        match principal.tokens.refuses_secret(secret, now) {
            Some(why) => Err(refuse(why)),
            None => Ok(Actor {
                id,
                grants: principal.grants_at(now),
                session: Some(SessionId(secret.0)),
                channel: principal.channel,
            }),
        }
    }

    /// The `client_credentials` grant: an access token of a key, which ends with the secret.
    pub(in crate::access) async fn with_client(&self, client: &str, secret: &str) -> Result<KeyToken, Denied> {
        let actor = match self.actor_of_key(secret).await {
            Err(error) if error.code() == Code::InvalidToken => return Err(Denied::InvalidClient),
            outcome => outcome?,
        };
        let is_own = client.parse().is_ok_and(|id: PrincipalId| id == actor.id);
        let Some(session) = actor.session.filter(|_| is_own) else { return Err(Denied::InvalidClient) };
        let subject = TokenSubject { principal: actor.id, session: Some(session), is_machine: true };
        let now = self.db.clock().now();
        let end = self.principal(actor.id).await?.and_then(|of| of.tokens.end_of(ApiKeySecretId(session.0)));
        let left = end.map_or(i64::MAX, |end| (end - now).num_seconds().max(0));
        let expires_in = self.tokens.seconds.min(left);
        Ok(KeyToken { access_token: self.tokens.issue(subject, now, expires_in)?, expires_in })
    }

    /// Notes a use; whoever acts is not held up by what cannot be noted.
    async fn note_use(&self, id: PrincipalId, secret: ApiKeySecretId) {
        let noted = self.db.write(move |tx| Ok(store::note_use(tx, id, secret)?)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, api_key.id = %id, "the use of an API key was not noted");
        }
    }
}

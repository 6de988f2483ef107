//! Access: users and API keys, their roles and permissions at locations, tokens. Turns a request into an `Actor`, which
//! is all that other modules know of it. Promises: a password is never kept, a refresh token works once, a disabled
//! user, a withdrawn grant or a revoked key stops working within the cache time of the settings.
mod api_keys;
mod attempts;
mod eddsa;
mod giving;
pub mod http;
mod introspection;
mod known;
mod location_groups;
mod model;
mod passwords;
mod roles;
mod rules;
mod schema;
mod secrets;
mod sessions;
mod store;
mod sweep;
mod teller;
mod tokens;
mod users;

use crate::{
    kernel::{Actor, ApiKeySecretId, Code, Error, PrincipalId, Result},
    platform::{config, db::Db, http::Authenticator},
};
use api_keys::client::{KnownSecrets, known_secrets};
use attempts::Attempts;
use futures_util::future::BoxFuture;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use known::KnownPrincipals;
use passwords::Hasher;
use std::{collections::HashMap, num::NonZeroU32, sync::Arc, time::Duration};
pub use sweep::delete_expired_before;
use teller::Teller;
pub use tokens::SigningKey;
use tokens::{TokenSubject, Tokens};
pub use users::{NewGrant, NewUser, create, user_by_email};

/// The access service of one instance; cheap to clone.
#[derive(Clone)]
pub struct Access {
    db: Db,
    tokens: Arc<Tokens>,
    hasher: Arc<Hasher>,
    teller: Arc<Teller>,
    known: Arc<KnownPrincipals>,
    known_secrets: KnownSecrets,
    /// Wrong passwords by account and client.
    attempts: Arc<Attempts>,
    /// All attempts of a client.
    addresses: Arc<DefaultKeyedRateLimiter<String>>,
    refresh_seconds: i64,
    refresh_reuse_seconds: i64,
}

impl Access {
    /// Sets the service up; the key signs every token.
    pub fn new(db: Db, settings: &config::Access, key: &SigningKey) -> Result<Self> {
        let per_minute = NonZeroU32::new(settings.attempts_per_minute).unwrap_or(NonZeroU32::MIN);
        Ok(Self {
            tokens: Arc::new(Tokens::new(settings, key)),
            hasher: Arc::new(Hasher::new(settings.concurrent_hashes)?),
            teller: Arc::new(Teller::new(key)?),
            known_secrets: known_secrets(),
            known: Arc::new(KnownPrincipals::new(Duration::from_millis(settings.grants_cache_ms))),
            attempts: Arc::new(Attempts::new(settings)),
            addresses: Arc::new(RateLimiter::keyed(Quota::per_minute(per_minute))),
            refresh_seconds: settings.refresh_token_seconds,
            refresh_reuse_seconds: settings.refresh_reuse_seconds,
            db,
        })
    }

    /// The actor of an access token or of an API key's secret, or a refusal with 401.
    pub async fn actor_of(&self, token: &str) -> Result<Actor> {
        if secrets::is_of_api_key(token) {
            return self.actor_of_key(token).await;
        }
        let claims = self.tokens.verify(token, self.db.clock().now())?;
        let refuse = || Error::refused(Code::InvalidToken, "the access token is no longer valid");
        if claims.is_of_machine() {
            let secret = claims.sid.ok_or_else(refuse)?;
            return self.actor_of_secret(claims.sub, ApiKeySecretId(secret.0)).await;
        }
        let principal = self.principal(claims.sub).await?.ok_or_else(refuse)?;
        if principal.tokens.refuse_session(claims.sid, |moment| claims.is_before(moment)) {
            return Err(refuse());
        }
        let (grants, channel) = (principal.grants_at(self.db.clock().now()), principal.channel);
        Ok(Actor { id: claims.sub, grants, session: claims.sid, channel })
    }

    /// The permissions that someone has now, for work that goes on after they have left; none if they may not act any
    /// more.
    pub async fn actor(&self, id: PrincipalId) -> Result<Option<Actor>> {
        let now = self.db.clock().now();
        let principal = self.principal(id).await?;
        Ok(principal.map(|of| Actor { channel: of.channel, ..Actor::new(id, of.grants_at(now)) }))
    }

    /// An access token for a user, for as long as asked: for the demo and for tests.
    pub fn token_for(&self, user: PrincipalId, seconds: i64) -> Result<String> {
        let subject = TokenSubject { principal: user, session: None, is_machine: false };
        self.tokens.issue(subject, self.db.clock().now(), seconds)
    }

    /// The outcome of a change of a user's rights: they are read anew, however it went.
    fn forgetting<T>(&self, id: PrincipalId, done: Result<T>) -> Result<T> {
        self.known.forget(id);
        done
    }

    /// The outcome of a change of the rights of many.
    fn forgetting_all<T>(&self, done: Result<T>) -> Result<T> {
        self.known.forget_all();
        done
    }

    async fn principal(&self, id: PrincipalId) -> Result<Option<Arc<model::Principal>>> {
        if let Some(known) = self.known.get(id) {
            return Ok(known);
        }
        let reading = self.known.begin();
        let now = self.db.clock().now();
        let found = self.db.read(move |db| Ok(store::principal(db.conn(), id, now)?)).await?.map(Arc::new);
        self.known.keep(id, found.clone(), reading);
        Ok(found)
    }
}

impl Authenticator for Access {
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Actor>> {
        Box::pin(self.actor_of(token))
    }

    fn names(&self, mut ids: Vec<PrincipalId>) -> BoxFuture<'_, Result<HashMap<PrincipalId, String>>> {
        ids.sort_unstable();
        ids.dedup();
        Box::pin(self.db.read(move |db| Ok(store::names(db.conn(), &ids)?.into_iter().collect())))
    }
}

//! Principals, users and API keys, and what is known of them.
use crate::kernel::{ApiKeySecretId, Channel, PrincipalId, SessionId, actor::Grant};
use chrono::{DateTime, Utc};

/// The means by which someone signs in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Their id, `sub` of their tokens.
    pub id: PrincipalId,
    /// Their password's hash in PHC format; none before they have chosen one.
    pub password_hash: Option<String>,
    /// Since when they may no longer sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A grant with the moments between which it holds.
#[derive(Debug, Clone, Copy)]
pub struct DatedGrant {
    pub grant: Grant,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// A user or an API key, as the database says now.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The grants, each with the moments from which and until which it holds.
    pub grants: Vec<DatedGrant>,
    /// The one channel through which they sell; any, if none.
    pub channel: Option<Channel>,
    /// The tokens that work.
    pub tokens: LiveTokens,
}

/// The tokens of a principal that work.
#[derive(Debug, Clone)]
pub enum LiveTokens {
    /// Of a user.
    OfSessions {
        /// The moment before which no token was issued.
        valid_from: DateTime<Utc>,
        /// Sessions that have ended while a token of theirs may live.
        ended: Vec<SessionId>,
    },
    /// Of an API key: its secrets, and the tokens that it got with them.
    OfSecrets {
        secrets: Vec<LiveSecret>,
        /// The moment at which all of them end.
        expires_at: Option<DateTime<Utc>>,
    },
}

/// A secret of an API key that was not ended by hand.
#[derive(Debug, Clone, Copy)]
pub struct LiveSecret {
    pub id: ApiKeySecretId,
    /// The moment at which it ends.
    pub ends_at: Option<DateTime<Utc>>,
}

impl Principal {
    /// The grants that hold at a moment.
    pub fn grants_at(&self, now: DateTime<Utc>) -> Vec<Grant> {
        let holds =
            |of: &&DatedGrant| of.starts_at.is_none_or(|start| start <= now) && of.ends_at.is_none_or(|end| now < end);
        self.grants.iter().filter(holds).map(|of| of.grant).collect()
    }
}

impl LiveTokens {
    /// The reason why a secret of an API key does not work now, if there is one.
    pub fn refuses_secret(&self, secret: ApiKeySecretId, now: DateTime<Utc>) -> Option<&'static str> {
        let Self::OfSecrets { secrets, expires_at } = self else { return Some("the API key is not known") };
        let is_over = |end: &Option<DateTime<Utc>>| end.is_some_and(|end| end <= now);
        match secrets.iter().find(|one| one.id == secret) {
            _ if is_over(expires_at) => Some("the API key has expired"),
            Some(found) if !is_over(&found.ends_at) => None,
            _ => Some("this secret of the API key has ended"),
        }
    }

    /// The moment at which a secret of an API key ends; none if it does not by itself.
    pub fn end_of(&self, secret: ApiKeySecretId) -> Option<DateTime<Utc>> {
        let Self::OfSecrets { secrets, expires_at } = self else { return None };
        let own = secrets.iter().find(|one| one.id == secret).and_then(|one| one.ends_at);
        own.into_iter().chain(*expires_at).min()
    }

    /// True if an access token of a user, of a session and issued when it says, does not work.
    pub fn refuse_session(&self, session: Option<SessionId>, is_before: impl Fn(DateTime<Utc>) -> bool) -> bool {
        match self {
            Self::OfSessions { valid_from, ended } => {
                is_before(*valid_from) || session.is_some_and(|of| ended.contains(&of))
            }
            Self::OfSecrets { .. } => true,
        }
    }
}

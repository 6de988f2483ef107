//! Users and what is known of them.
use crate::kernel::{PrincipalId, SessionId, actor::Grant};
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

/// The permissions of a token's holder, as the database says now.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The grants, each with the moments from which and until which it holds.
    pub grants: Vec<DatedGrant>,
    pub tokens_valid_from: DateTime<Utc>,
    /// Sessions that have ended while a token of theirs may live.
    pub ended: Vec<SessionId>,
}

impl Principal {
    /// The grants that hold at a moment.
    pub fn grants_at(&self, now: DateTime<Utc>) -> Vec<Grant> {
        let holds =
            |of: &&DatedGrant| of.starts_at.is_none_or(|start| start <= now) && of.ends_at.is_none_or(|end| now < end);
        self.grants.iter().filter(holds).map(|of| of.grant).collect()
    }
}

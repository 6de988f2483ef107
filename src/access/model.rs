//! Users and what is known of them.
use crate::kernel::{
    Email, LocationId, PrincipalId, Text,
    actor::{Grant, Role},
};
use chrono::{DateTime, Utc};

/// Someone who can sign in.
#[derive(Debug, Clone)]
pub struct User {
    /// Their id, `sub` of their tokens.
    pub id: PrincipalId,
    /// Their password's hash in PHC format.
    pub password_hash: String,
    /// Since when they may no longer sign in.
    pub disabled_at: Option<DateTime<Utc>>,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Their address.
    pub email: Email,
    /// Their name.
    pub name: Text<200>,
    /// Their password, 8 to 128 characters.
    pub password: String,
    /// Their role.
    pub role: Role,
    /// The location at which they hold it; everywhere if none.
    pub location: Option<LocationId>,
}

/// The permissions of a token's holder, as the database says now.
#[derive(Debug, Clone)]
pub struct Principal {
    pub grants: Vec<Grant>,
    pub tokens_valid_from: DateTime<Utc>,
}

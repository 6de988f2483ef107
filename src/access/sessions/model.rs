//! Sessions as they are kept and told.
use crate::kernel::SessionId;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// All that came of one sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Session {
    /// Identifies the session; `sid` of its access tokens.
    pub id: SessionId,
    /// When the user signed in.
    pub started_at: DateTime<Utc>,
    /// When the last access token was given.
    pub last_used_at: DateTime<Utc>,
    /// The moment at which it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// The address from which the user signed in; null if it is not known.
    pub address: Option<String>,
    /// The program with which they signed in, as it calls itself; null if it does not.
    pub user_agent: Option<String>,
    /// True for the session of the token that asks.
    pub is_current: bool,
}

/// The one who signs in, as the connection tells it.
#[derive(Debug, Clone)]
pub struct Client {
    /// The address; empty if there is none.
    pub address: String,
    /// The program, as it calls itself.
    pub user_agent: Option<String>,
}

//! API keys, as they are answered and as they are to be made.
use crate::{
    access::teller::ToldOnce,
    kernel::{ApiKeySecretId, Channel, LocationGroupId, LocationId, PrincipalId, Text, actor::Permission},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

crate::text_enum! {
    /// The state of an API key.
    ApiKeyStatus {
        /// It works.
        Active = "active",
        /// It has expired.
        Expired = "expired",
        /// It was revoked.
        Revoked = "revoked",
    }
}

/// An API key: a program that acts, such as a till or an integration.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Identifies the key; `client_id` of OAuth.
    pub id: PrincipalId,
    /// The name that people read.
    pub name: String,
    /// The state that it is in now.
    #[schema(inline)]
    pub status: ApiKeyStatus,
    /// The permissions, in order.
    #[schema(inline)]
    pub permissions: Vec<Permission>,
    /// True if it has them at all locations, also those to come.
    pub is_everywhere: bool,
    /// The locations at which it has them; null for a group of locations or everywhere.
    pub location_ids: Option<Vec<LocationId>>,
    /// The group of locations at which it has them; null for locations by name or everywhere.
    pub location_group_id: Option<LocationGroupId>,
    /// The one channel through which it sells; null for any.
    #[schema(inline)]
    pub channel: Option<Channel>,
    /// The moment from which it does not work any more; null for none.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to a minute; null if it never was. Use is not a change: the version stays.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The secrets that work: one, and two while it is rotated; none of a key that has ended.
    pub secrets: Vec<ApiKeySecret>,
    /// When it was revoked; null if it was not.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The one who revoked it.
    pub revoked_by: Option<PrincipalId>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// The one who made it.
    pub created_by: PrincipalId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for ApiKey {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A secret of an API key that works, without what is secret of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKeySecret {
    /// Identifies the secret.
    pub id: ApiKeySecretId,
    /// Its first characters, by which it is told from others.
    #[schema(example = "cfk_1f0c9a2e")]
    pub prefix: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The moment at which it ends by itself; null for none of its own.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was last used, to a minute; null if it never was.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// An API key with a secret that was just made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKeyWithSecret {
    #[serde(flatten)]
    pub key: ApiKey,
    /// The secret, to be sent as `Authorization: Bearer`. It is told by this answer, and by a retry under the same
    /// key, and kept nowhere.
    pub secret: ToldOnce,
}

/// The locations at which a key has its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlaces {
    Everywhere,
    Locations(Vec<LocationId>),
    Group(LocationGroupId),
}

/// An API key to be made.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub name: Text<100>,
    pub permissions: Vec<Permission>,
    pub places: KeyPlaces,
    pub channel: Option<Channel>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A change of an API key; its places and channel stay.
#[derive(Debug, Clone)]
pub struct ApiKeyChange {
    pub name: Option<Text<100>>,
    pub permissions: Option<Vec<Permission>>,
    /// A moment, or none for ever.
    pub expires_at: Option<Option<DateTime<Utc>>>,
}

/// The keys that are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiKeyFilter {
    /// A part of the name, or the beginning of a secret.
    pub text: Option<String>,
    pub status: Option<ApiKeyStatus>,
    /// With permissions at this location, by itself, in a group or everywhere.
    pub location: Option<LocationId>,
    pub channel: Option<Channel>,
}

//! Users and their grants, as they are to be made.
use crate::kernel::{Email, LocationId, Text, actor::Role};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// A role that a user is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The role.
    #[schema(inline)]
    pub role: Role,
    /// The location at which they hold it; everywhere, if absent.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// The moment from which they hold it; now, if absent.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which they hold it no more; none, if absent.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: Email,
    pub name: Text<200>,
    pub grants: Vec<NewGrant>,
}

//! Users and their grants, as they are kept and as they are to be made.
use crate::{
    access::teller::ToldOnce,
    kernel::{CodeName, Email, GrantId, LocationGroupId, LocationId, PrincipalId, Text, actor::Permission, to_micros},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use validator::Validate;

crate::text_enum! {
    /// The state of a user.
    UserStatus {
        /// May sign in.
        Active = "active",
        /// Has not chosen a password yet.
        Invited = "invited",
        /// May not sign in any more.
        Disabled = "disabled",
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// Identifies the user.
    pub id: PrincipalId,
    /// The address with which they sign in.
    pub email: String,
    /// The name that people read.
    pub name: String,
    /// The state of the user.
    pub status: UserStatus,
    /// The roles that they hold, with those that do not hold yet or any more.
    pub grants: Vec<UserGrant>,
    /// The moment from which they may not sign in; null if they may.
    pub disabled_at: Option<DateTime<Utc>>,
    /// The number of their changes; send it back in `If-Match`.
    pub version: i64,
    /// When they were made.
    pub created_at: DateTime<Utc>,
    /// When they were last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for User {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A role that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserGrant {
    /// Identifies the grant.
    pub id: GrantId,
    /// The code of the role.
    pub role: CodeName,
    /// The location at which they hold it; null for a group of locations or everywhere.
    pub location_id: Option<LocationId>,
    /// The group of locations at which they hold it; null for one location or everywhere.
    #[serde(default)]
    pub location_group_id: Option<LocationGroupId>,
    /// The moment from which they hold it; null for that at which it was given.
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which they hold it no more; null for none.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
}

impl From<&UserGrant> for NewGrant {
    fn from(held: &UserGrant) -> Self {
        let UserGrant { role, location_id, location_group_id, starts_at, ends_at, created_at, .. } = held.clone();
        Self { role, location_id, location_group_id, starts_at: starts_at.or(Some(created_at)), ends_at }
    }
}

/// A role that a user is to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// The code of the role, built-in or of the brand (`GET /v1/roles`).
    #[schema(example = "cashier")]
    pub role: CodeName,
    /// The location at which they hold it; everywhere, if no group is named either.
    #[serde(default)]
    pub location_id: Option<LocationId>,
    /// The group of locations at which they hold it; instead of a location.
    #[serde(default)]
    pub location_group_id: Option<LocationGroupId>,
    /// The moment from which they hold it; now, if absent.
    #[serde(default, deserialize_with = "moment")]
    pub starts_at: Option<DateTime<Utc>>,
    /// The moment from which they hold it no more; none, if absent.
    #[serde(default, deserialize_with = "moment")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// A moment as it is kept: to the microsecond.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(Option::<DateTime<Utc>>::deserialize(from)?.map(to_micros))
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub email: Email,
    pub name: Text<200>,
    pub grants: Vec<NewGrant>,
}

/// A user that was made, or whose password is to be chosen anew, with the link by which they do so.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InvitedUser {
    #[serde(flatten)]
    pub user: User,
    /// The link.
    pub invitation: Invitation,
}

/// The means by which a user chooses a password, once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    /// The token to send to `POST /v1/invitations/accept`; told by this answer, and by a retry under the same key.
    pub token: ToldOnce,
    /// The moment until which it works.
    pub expires_at: DateTime<Utc>,
}

/// The users that are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// A part of the name or address.
    pub text: Option<String>,
    pub status: Option<UserStatus>,
    /// With a grant of this role that is not over.
    pub role: Option<CodeName>,
    /// With a grant for this location that is not over, by itself or in a group; of the role, if one is named.
    pub location: Option<LocationId>,
    /// With a grant for this group that is not over; of the role, if one is named.
    pub location_group: Option<LocationGroupId>,
}

/// A user's place in the list: by address, then id.
pub type UserKey = (String, PrincipalId);

/// The one who asks, with all that they may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    pub user: User,
    /// All that they may do now, in order.
    pub permissions: Vec<HeldPermission>,
}

/// A permission, and where it is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldPermission {
    /// The permission, as operations name it in `x-permission`.
    #[schema(inline)]
    pub permission: Permission,
    /// The locations at which it is held; null for everywhere.
    pub location_ids: Option<Vec<LocationId>>,
}

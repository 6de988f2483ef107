//! Roles, as they are answered and as they are to be made.
use crate::{
    kernel::{
        CodeName, Text,
        actor::{Permission, Role},
    },
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A role: a named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleDefinition {
    /// Names the role in grants.
    pub code: CodeName,
    /// The name that people read.
    pub name: String,
    /// True for those that come with the service and never change but with it.
    pub is_built_in: bool,
    /// The permissions, in order.
    #[schema(inline)]
    pub permissions: Vec<Permission>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was made; null for a built-in one.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed; null for a built-in one.
    pub updated_at: Option<DateTime<Utc>>,
}

impl RoleDefinition {
    /// A built-in role.
    pub fn built_in(role: Role) -> Self {
        let words = role.as_str().replace('_', " ");
        let (first, rest) = words.split_at(1);
        Self {
            code: role.into(),
            name: first.to_uppercase() + rest,
            is_built_in: true,
            permissions: role.permissions().iter().collect(),
            version: 1,
            created_at: None,
            updated_at: None,
        }
    }
}

impl Versioned for RoleDefinition {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A role to be made.
#[derive(Debug, Clone)]
pub struct NewRole {
    pub code: CodeName,
    pub name: Text<100>,
    pub permissions: Vec<Permission>,
}

/// A change of a role.
#[derive(Debug, Clone)]
pub struct RoleChange {
    pub name: Option<Text<100>>,
    pub permissions: Option<Vec<Permission>>,
}

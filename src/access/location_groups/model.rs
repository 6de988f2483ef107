//! Groups of locations, as they are answered and as they are to be made.
use crate::{
    kernel::{CodeName, LocationGroupId, LocationId, Text},
    platform::group_commit::Versioned,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A group of locations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LocationGroup {
    /// Identifies the group.
    pub id: LocationGroupId,
    /// A unique name for programs; it stays.
    pub code: CodeName,
    /// The name that people read.
    pub name: String,
    /// The locations, in order.
    pub location_ids: Vec<LocationId>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Versioned for LocationGroup {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A group to be made.
#[derive(Debug, Clone)]
pub struct NewLocationGroup {
    pub code: CodeName,
    pub name: Text<100>,
    pub location_ids: Vec<LocationId>,
}

/// A change of a group.
#[derive(Debug, Clone)]
pub struct LocationGroupChange {
    pub name: Option<Text<100>>,
    pub location_ids: Option<Vec<LocationId>>,
}

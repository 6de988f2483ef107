//! Reasons for adjustments.
use crate::{
    inventory::model::{Direction, Node},
    kernel::Text,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A reason on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// The code that clients send.
    pub code: String,
    /// The label that people read.
    pub name: String,
    /// The direction in which on-hand may change by it.
    pub direction: Direction,
    /// The endpoint from which units come or to which they go when they enter or leave the books: `scrap` or `adjust`.
    pub node: Node,
    /// True if it may still be given.
    pub is_active: bool,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A reason to be put on the list.
#[derive(Debug, Clone)]
pub struct NewReason {
    pub code: String,
    pub name: Text<100>,
    pub direction: Direction,
    pub node: Node,
}

//! The ledger: rows are added, never changed.
use crate::kernel::{LocationId, PrincipalId, VariantId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Units on their way from one node and condition to another.
#[derive(Debug, Clone)]
pub struct Move {
    pub variant: VariantId,
    pub quantity: i32,
    pub from: (&'static str, Option<LocationId>, &'static str),
    pub to: (&'static str, Option<LocationId>, &'static str),
    pub reason: &'static str,
    pub cause: (&'static str, Uuid),
    pub actor: PrincipalId,
    pub occurred_at: DateTime<Utc>,
}

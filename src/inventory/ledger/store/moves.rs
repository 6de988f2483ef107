//! The ledger: rows are added, never changed.
use crate::{inventory::movement::Movement, kernel::PrincipalId};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Units on their way from one node and condition to another.
#[derive(Debug, Clone)]
pub struct LedgerMove {
    /// Its cost is the one at which the units came or left.
    pub carry: Movement,
    pub cause: (&'static str, Uuid),
    pub actor: PrincipalId,
    pub occurred_at: DateTime<Utc>,
    /// In someone's own words.
    pub note: Option<String>,
}

//! Words and records of returns.
use crate::kernel::{CaseId, LocationId, LotId, OrderId, PrincipalId, ReturnId, VariantId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

crate::words! {
    /// How a return stands.
    ReturnStatus {
        /// The customer asks.
        Requested = "requested",
        /// The goods may come.
        Approved = "approved",
        /// They are here and wait for inspection.
        Received = "received",
        /// They were inspected, or need not come; the price was given back.
        Closed = "closed",
        /// It was refused.
        Rejected = "rejected",
    }
}

crate::words! {
    /// Why something comes back.
    ReturnReason {
        /// It is not wanted any more.
        Unwanted = "unwanted",
        /// It is not what was ordered.
        WrongItem = "wrong_item",
        /// It arrived damaged.
        Damaged = "damaged",
        /// It does not work.
        Defective = "defective",
        /// The customer's skin has reacted.
        Reaction = "reaction",
        /// Something else.
        Other = "other",
    }
}

crate::words! {
    /// What an inspection finds.
    Condition {
        /// The seal is whole.
        Sealed = "sealed",
        /// It was opened.
        Opened = "opened",
        /// It is damaged.
        Damaged = "damaged",
        /// It has caused a reaction.
        Reaction = "reaction",
    }
}

crate::words! {
    /// What becomes of what came back.
    Disposition {
        /// It is sold again, as the lot that it was.
        Restock = "restock",
        /// It is kept apart as damaged.
        Damaged = "damaged",
        /// It is destroyed.
        Destroy = "destroy",
        /// It becomes a tester.
        Tester = "tester",
        /// It goes back to its vendor.
        Vendor = "vendor",
        /// It is held for quality control.
        Quarantine = "quarantine",
    }
}

/// Units of a line that come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReturnLine {
    /// The line of the order.
    pub line_no: i32,
    pub quantity: i32,
    pub reason: ReturnReason,
    /// What one cost, in minor units.
    #[serde(skip)]
    pub unit_minor: i64,
    /// Units that arrived; null until some have.
    pub received: Option<i32>,
}

impl ReturnLine {
    /// Units that came back, or are to.
    pub fn units(&self) -> i32 {
        self.received.unwrap_or(self.quantity)
    }
}

/// Units that came back, of one lot or of none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Goods {
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub quantity: i32,
}

/// What was found of some units, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub quantity: i32,
    #[schema(inline)]
    pub condition: Condition,
    #[schema(inline)]
    pub disposition: Disposition,
}

/// A return, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Return {
    pub id: ReturnId,
    /// The number that people use: the order's, with a count.
    pub number: String,
    pub order_id: OrderId,
    pub status: ReturnStatus,
    /// Where the goods came in.
    pub location_id: Option<LocationId>,
    pub is_returnless: bool,
    pub note: Option<String>,
    pub refund_minor: i64,
    pub withheld_minor: i64,
    pub goods: Vec<Goods>,
    pub inspection: Vec<Found>,
    pub requested_by: PrincipalId,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// The return of which these units did not arrive.
    pub rest_of: Option<ReturnId>,
    pub lines: Vec<ReturnLine>,
}

impl Return {
    /// What its units cost, in minor units.
    pub fn worth(&self) -> i64 {
        self.lines.iter().map(|line| line.unit_minor.saturating_mul(i64::from(line.units()))).sum()
    }
}

/// A customer's skin has reacted to a product.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: CaseId,
    pub return_id: ReturnId,
    pub order_id: OrderId,
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub note: Option<String>,
    pub opened_by: PrincipalId,
}

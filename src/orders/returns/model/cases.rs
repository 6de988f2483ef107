//! Cases of undesirable effects, as they are stored.
use crate::kernel::{CaseId, LotId, OrderId, PrincipalId, ReturnId, VariantId};
use chrono::{DateTime, Utc};

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

/// Which cases.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseFilter {
    pub id: Option<CaseId>,
    pub lot: Option<LotId>,
    pub variant: Option<VariantId>,
}

/// A case's place in the list: by time, then id.
pub type CaseKey = (DateTime<Utc>, CaseId);

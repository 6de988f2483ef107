//! What others may learn of buying.
use super::{Purchase, PurchaseStatus, Receipt};
use crate::{
    kernel::{LotId, PurchaseOrderId, Result, SupplierId, VariantId},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

/// A purchase order was written or took a step.
#[derive(Debug, Serialize)]
pub struct PurchaseChanged {
    /// How it stands now.
    pub status: PurchaseStatus,
    pub supplier_id: SupplierId,
    pub expected_on: Option<NaiveDate>,
    /// Units of each variant: ordered, received, rejected.
    pub lines: Vec<(VariantId, [i32; 3])>,
}
impl Event for PurchaseChanged {
    const TYPE: &'static str = "inventory.purchase_order_changed.v1";
}

/// Goods arrived.
#[derive(Debug, Serialize)]
pub struct GoodsReceived {
    pub purchase_order_id: Option<PurchaseOrderId>,
    pub supplier_id: Option<SupplierId>,
    /// Variant, lot, units taken in, units refused at the door.
    pub lines: Vec<(VariantId, Option<LotId>, i32, i32)>,
}
impl Event for GoodsReceived {
    const TYPE: &'static str = "inventory.goods_received.v1";
}

pub(super) fn changed(outbox: &mut Outbox, purchase: &Purchase, now: DateTime<Utc>) -> Result<()> {
    let head = &purchase.head;
    let subject =
        Subject { aggregate: "purchase_order", id: head.id.0, version: head.version, location: Some(head.location_id) };
    let event = PurchaseChanged {
        status: head.status,
        supplier_id: head.supplier_id,
        expected_on: head.expected_on,
        lines: purchase.lines.iter().map(|l| (l.variant_id, [l.ordered, l.received, l.rejected])).collect(),
    };
    outbox.tell(subject, &event, now)
}

pub(super) fn received(outbox: &mut Outbox, receipt: &Receipt, now: DateTime<Utc>) -> Result<()> {
    let head = &receipt.head;
    let subject = Subject { aggregate: "receipt", id: head.id.0, version: 1, location: Some(head.location_id) };
    let event = GoodsReceived {
        purchase_order_id: head.purchase_order_id,
        supplier_id: head.supplier_id,
        lines: receipt.lines.iter().map(|l| (l.variant_id, l.lot_id, l.accepted, l.rejected)).collect(),
    };
    outbox.tell(subject, &event, now)
}

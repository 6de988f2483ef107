//! The events of purchasing.
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
    /// The status as it is now.
    pub status: PurchaseStatus,
    pub supplier_id: SupplierId,
    pub expected_on: Option<NaiveDate>,
    pub lines: Vec<PurchaseLineTold>,
}

/// Units of a variant that were bought, all whole.
#[derive(Debug, Serialize)]
pub struct PurchaseLineTold {
    pub variant_id: VariantId,
    pub ordered: i32,
    pub received: i32,
    /// Refused at the door.
    pub rejected: i32,
}
impl Event for PurchaseChanged {
    const TYPE: &'static str = "inventory.purchase_order_changed.v1";
}

/// Goods arrived.
#[derive(Debug, Serialize)]
pub struct GoodsReceived {
    pub purchase_order_id: Option<PurchaseOrderId>,
    pub supplier_id: Option<SupplierId>,
    pub lines: Vec<ReceiptLineTold>,
}

/// Units of a variant that arrived, all whole.
#[derive(Debug, Serialize)]
pub struct ReceiptLineTold {
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub accepted: i32,
    /// Refused at the door.
    pub rejected: i32,
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
        lines: purchase
            .lines
            .iter()
            .map(|l| PurchaseLineTold {
                variant_id: l.variant_id,
                ordered: l.ordered,
                received: l.received,
                rejected: l.rejected,
            })
            .collect(),
    };
    outbox.publish(subject, &event, now)
}

pub(super) fn received(outbox: &mut Outbox, receipt: &Receipt, now: DateTime<Utc>) -> Result<()> {
    let head = &receipt.head;
    let subject = Subject { aggregate: "receipt", id: head.id.0, version: 1, location: Some(head.location_id) };
    let event = GoodsReceived {
        purchase_order_id: head.purchase_order_id,
        supplier_id: head.supplier_id,
        lines: receipt
            .lines
            .iter()
            .map(|l| ReceiptLineTold {
                variant_id: l.variant_id,
                lot_id: l.lot_id,
                accepted: l.accepted,
                rejected: l.rejected,
            })
            .collect(),
    };
    outbox.publish(subject, &event, now)
}

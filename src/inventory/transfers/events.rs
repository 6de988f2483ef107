//! The events of transfers. Each end is told: once for the location it leaves, once for the location it goes to.
use super::{Transfer, TransferStatus};
use crate::{
    kernel::{LocationId, Result, VariantId},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A transfer was written or took a step.
#[derive(Debug, Serialize)]
pub struct TransferChanged {
    /// The status as it is now.
    pub status: TransferStatus,
    pub from_location_id: LocationId,
    pub to_location_id: LocationId,
    /// Units still on their way.
    pub in_transit: i64,
    pub lines: Vec<LineTold>,
}

/// Units of a variant that move, all whole.
#[derive(Debug, Serialize)]
pub struct LineTold {
    pub variant_id: VariantId,
    pub requested: i32,
    pub shipped: i32,
    pub received: i32,
    pub damaged: i32,
    pub lost: i32,
}
impl Event for TransferChanged {
    const TYPE: &'static str = "inventory.transfer_changed.v1";
}

pub(super) fn changed(outbox: &mut Outbox, transfer: &Transfer, now: DateTime<Utc>) -> Result<()> {
    let head = &transfer.head;
    let event = TransferChanged {
        status: head.status,
        from_location_id: head.from_location_id,
        to_location_id: head.to_location_id,
        in_transit: transfer.lines.iter().map(|line| i64::from(line.on_its_way())).sum(),
        lines: transfer
            .lines
            .iter()
            .map(|l| LineTold {
                variant_id: l.variant_id,
                requested: l.requested,
                shipped: l.shipped,
                received: l.received,
                damaged: l.damaged,
                lost: l.lost,
            })
            .collect(),
    };
    for location in [head.from_location_id, head.to_location_id] {
        let subject = Subject { aggregate: "transfer", id: head.id.0, version: head.version, location: Some(location) };
        outbox.publish(subject, &event, now)?;
    }
    Ok(())
}

//! The events of counts.
use super::{CountStatus, store::CountHead};
use crate::{
    kernel::{PrincipalId, Result},
    platform::events::{Event, Outbox, Subject},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// A count was started or took a step; what it changed is told by `inventory.stock_adjusted.v1`.
#[derive(Debug, Serialize)]
pub struct CountChanged<'a> {
    /// The status as it is now.
    pub status: CountStatus,
    /// The scope of the count, in words.
    pub scope: &'a str,
    pub submitted_by: Option<PrincipalId>,
    pub approved_by: Option<PrincipalId>,
}
impl Event for CountChanged<'_> {
    const TYPE: &'static str = "inventory.count_changed.v1";
}

pub(super) fn changed(outbox: &mut Outbox, head: &CountHead, now: DateTime<Utc>) -> Result<()> {
    let subject =
        Subject { aggregate: "stock_count", id: head.id.0, version: head.version, location: Some(head.location_id) };
    let event = CountChanged {
        status: head.status,
        scope: &head.scope,
        submitted_by: head.submitted_by,
        approved_by: head.approved_by,
    };
    outbox.publish(subject, &event, now)
}

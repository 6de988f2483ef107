//! The outbox and the feed. An event is written in the transaction of the change it tells of, or not at all; after
//! the commit a sequencer gives it its place in the feed. Nothing reads the outbox by its own numbers, which become
//! visible out of order; every consumer reads the feed by position.
mod audit;
mod delete;
mod feed;
mod follow;
mod outbox;
mod sequencer;

use super::db::Write;
use crate::kernel::{LocationId, Result};
pub use audit::{audit, differences, invariants};
pub use delete::delete_before;
pub use feed::{FeedEvent, Span, after, epoch, span};
pub use follow::{Changes, Follower, OfType, ReadTo, of_type};
pub use outbox::Outbox;
pub use sequencer::{Sequencer, place};
use uuid::Uuid;

/// A fact in the past tense, with the values that were true then.
pub trait Event: serde::Serialize {
    /// `<thing>.<happened>.v<version>`, never reused.
    const TYPE: &'static str;
}

/// The subject of the fact.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The kind of record.
    pub aggregate: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its version after the change.
    pub version: i64,
    /// The location at which it happened; none for what belongs to no location.
    pub location: Option<LocationId>,
}

/// Records the fact together with the change.
pub fn publish<E: Event>(tx: &mut Write, subject: Subject, event: &E) -> Result<()> {
    let now = tx.now();
    tx.outbox().publish(subject, event, now)
}

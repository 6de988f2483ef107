//! The outbox: an event is a row written in the transaction of the change it tells of, or not at all.
//! Its place in the feed is given later, after commit; nothing reads the outbox by its own number.
use super::db::Write;
use super::schema::outbox_events;
use crate::kernel::{LocationId, Result};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

/// A fact in the past tense, with the values that were true then.
pub trait Event: serde::Serialize {
    /// `<thing>.<happened>.v<version>`, never reused.
    const TYPE: &'static str;
}

/// What the fact is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The kind of record.
    pub aggregate: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its version after the change.
    pub version: i64,
    /// Where it happened; none for what belongs to no location.
    pub location: Option<LocationId>,
}

#[derive(Insertable)]
#[diesel(table_name = outbox_events)]
struct Row {
    event_id: Uuid,
    event_type: &'static str,
    aggregate_type: &'static str,
    aggregate_id: Uuid,
    aggregate_version: i64,
    location_id: Option<LocationId>,
    payload: serde_json::Value,
    created_at: DateTime<Utc>,
}

/// Records the fact together with the change.
pub fn publish<E: Event>(tx: &mut Write, subject: Subject, event: &E) -> Result<()> {
    let row = Row {
        event_id: Uuid::now_v7(),
        event_type: E::TYPE,
        aggregate_type: subject.aggregate,
        aggregate_id: subject.id,
        aggregate_version: subject.version,
        location_id: subject.location,
        payload: serde_json::to_value(event).map_err(anyhow::Error::from)?,
        created_at: tx.now(),
    };
    diesel::insert_into(outbox_events::table).values(row).execute(tx.conn())?;
    Ok(())
}

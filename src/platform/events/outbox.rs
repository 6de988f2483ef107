//! Events of one transaction, on their way into the outbox.
use super::{Event, Subject};
use crate::kernel::{LocationId, Result};
use crate::platform::{
    db::{Bulk, Statement},
    packed::pack,
};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

/// Events to be written, in the order in which they happened.
#[derive(Debug, Default)]
pub struct Outbox {
    ids: Vec<Uuid>,
    types: Vec<&'static str>,
    aggregates: Vec<&'static str>,
    subjects: Vec<Uuid>,
    versions: Vec<i64>,
    locations: Vec<Option<LocationId>>,
    /// Packed.
    payloads: Vec<Vec<u8>>,
    times: Vec<DateTime<Utc>>,
    /// Further locations, as PostgreSQL writes arrays.
    also_at: Vec<Option<String>>,
}

impl Outbox {
    /// Notes that something happened.
    pub fn publish<E: Event>(&mut self, subject: Subject, event: &E, now: DateTime<Utc>) -> Result<()> {
        self.publish_all(E::TYPE, subject, &[], event, now)
    }

    /// Notes that something of a type happened that concerns further locations.
    pub fn publish_all(
        &mut self,
        kind: &'static str,
        subject: Subject,
        also: &[LocationId],
        event: &impl serde::Serialize,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.payloads.push(pack(&serde_json::to_string(event).map_err(anyhow::Error::from)?));
        self.ids.push(Uuid::now_v7());
        self.types.push(kind);
        self.aggregates.push(subject.aggregate);
        self.subjects.push(subject.id);
        self.versions.push(subject.version);
        self.locations.push(subject.location);
        self.times.push(now);
        let named: Vec<_> = also.iter().map(ToString::to_string).collect();
        self.also_at.push((!named.is_empty()).then(|| format!("{{{}}}", named.join(","))));
        Ok(())
    }

    /// Forgets what was noted after the first so many.
    pub fn forget_after(&mut self, count: usize) {
        self.ids.truncate(count);
        self.types.truncate(count);
        self.aggregates.truncate(count);
        self.subjects.truncate(count);
        self.versions.truncate(count);
        self.locations.truncate(count);
        self.payloads.truncate(count);
        self.times.truncate(count);
        self.also_at.truncate(count);
    }

    /// The number of events.
    pub fn count(&self) -> usize {
        self.ids.len()
    }

    /// Adds them to what is written, with one note for the sequencer, which is taken after every lock.
    pub fn save(self, bulk: &mut Bulk) {
        let count = self.ids.len();
        bulk.add("told_events", count, || {
            Statement::new(include_str!("sql/tell.sql"))
                .bind::<Array<SqlUuid>, _>(self.ids)
                .bind::<Array<Text>, _>(self.types)
                .bind::<Array<Text>, _>(self.aggregates)
                .bind::<Array<SqlUuid>, _>(self.subjects)
                .bind::<Array<BigInt>, _>(self.versions)
                .bind::<Array<Nullable<SqlUuid>>, _>(self.locations)
                .bind::<Array<Binary>, _>(self.payloads)
                .bind::<Array<Timestamptz>, _>(self.times)
                .bind::<Array<Nullable<Text>>, _>(self.also_at)
        });
        bulk.add("pending_events", usize::from(count > 0), || {
            Statement::new(
                "insert into event_pending (event_ids) select array_agg(id order by id) from told_events returning 1",
            )
        });
    }
}

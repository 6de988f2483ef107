//! The oldest events are deleted for their age, and how far is noted beside the head of the feed.
use crate::kernel::Result;
use crate::platform::db::{Statement, Write};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Timestamptz},
};
use std::collections::HashSet;

/// Events that follow each other.
#[derive(QueryableByName)]
struct Range {
    #[diesel(sql_type = BigInt)]
    last: i64,
    #[diesel(sql_type = Array<BigInt>)]
    event_ids: Vec<i64>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Deletes the oldest ranges of the feed whose events were all told before a time, with some `most` events together,
/// and returns how many events. Each statement names its rows, so that none reads a table whole.
pub fn delete_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    let oldest = Statement::new(include_str!("sql/oldest.sql")).bind::<BigInt, _>(most).bind::<BigInt, _>(most);
    let oldest: Vec<Range> = oldest.load(tx.conn())?;
    // Nearly always the very first event is young.
    let first = oldest.first().map(|range| range.event_ids.clone()).unwrap_or_default();
    if first.is_empty() || !young(tx, first, before)?.is_empty() {
        return Ok(0);
    }
    let young = young(tx, oldest.iter().flat_map(|range| range.event_ids.clone()).collect(), before)?;
    let is_old = |range: &Range| !range.event_ids.iter().any(|id| young.contains(id));
    let old: Vec<_> = oldest.into_iter().take_while(is_old).collect();
    let Some(last) = old.last().map(|range| range.last) else { return Ok(0) };
    let ids: Vec<_> = old.into_iter().flat_map(|range| range.event_ids).collect();
    let count = ids.len();
    Statement::new("delete from event_ranges where last <= $1").bind::<BigInt, _>(last).execute(tx.conn())?;
    let told = Statement::new("delete from outbox_events where id = any ($1)");
    told.bind::<Array<BigInt>, _>(ids).execute(tx.conn())?;
    // Last: the sequencer waits for this row.
    Statement::new(
        "update event_head set deleted_to = greatest(deleted_to, $1), deleted_before = greatest(deleted_before, $2)",
    )
    .bind::<BigInt, _>(last)
    .bind::<Timestamptz, _>(before)
    .execute(tx.conn())?;
    Ok(count)
}

/// Those of some events that were told at a time or later.
fn young(tx: &mut Write, ids: Vec<i64>, since: DateTime<Utc>) -> Result<HashSet<i64>> {
    let found: Vec<Id> = Statement::new("select id from outbox_events where id = any ($1) and created_at >= $2")
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Timestamptz, _>(since)
        .load(tx.conn())?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

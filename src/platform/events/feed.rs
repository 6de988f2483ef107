//! The feed as consumers read it: by position, each seeing what happened at its locations.
use crate::kernel::{LocationId, Locations, Result};
use crate::platform::{
    db::{Read, Statement},
    packed::Packed,
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::{Serialize, Serializer, ser};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

/// Positions looked through in one read at most, for a caller who sees a part of the feed.
const WINDOW: i64 = 2_000;

/// An event in the feed, as a CloudEvent (CloudEvents 1.0, JSON format).
#[derive(Debug, Clone, Serialize, QueryableByName, ToSchema)]
pub struct FeedEvent {
    /// The version of CloudEvents.
    #[schema(example = "1.0")]
    #[diesel(sql_type = Text)]
    pub specversion: String,
    /// The feed that tells of it, relative to this server.
    #[schema(example = "/v1/events")]
    #[diesel(sql_type = Text)]
    pub source: String,
    /// The media type of `data`.
    #[schema(example = "application/json")]
    #[diesel(sql_type = Text)]
    pub datacontenttype: String,
    /// Its place in the feed: without gaps, and never changed.
    #[diesel(sql_type = BigInt)]
    pub position: i64,
    /// The event's own id.
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    /// The type of the event, such as `orders.order_placed.v1`.
    #[serde(rename = "type")]
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The kind of record it is about.
    #[diesel(sql_type = Text)]
    pub aggregate: String,
    /// The record's id.
    #[diesel(sql_type = SqlUuid)]
    pub subject: Uuid,
    /// The record's version after the change.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
    /// The location at which it happened; absent for what belongs to no location.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub location: Option<LocationId>,
    /// When it happened.
    #[diesel(sql_type = Timestamptz)]
    pub time: DateTime<Utc>,
    /// The values that were true then.
    #[schema(value_type = Object)]
    #[serde(serialize_with = "as_json")]
    #[diesel(sql_type = Binary)]
    pub data: Packed,
}

/// The JSON that was packed, as it is.
fn as_json<S: Serializer>(data: &Packed, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(&data.0).map_err(ser::Error::custom)?;
    raw.serialize(serializer)
}

/// At most so many events after a position that happened at these locations or belong to none, and the position up to
/// which all of them are told.
pub fn after(db: &mut Read, position: i64, locations: &Locations, most: i64) -> Result<(Vec<FeedEvent>, i64)> {
    let window = if matches!(locations, Locations::Everywhere) { most } else { WINDOW };
    let end = span(db)?.last.min(position.saturating_add(window)).max(position);
    let told: Vec<FeedEvent> = Statement::new(include_str!("sql/after.sql"))
        .bind::<BigInt, _>(position)
        .bind::<BigInt, _>(end)
        .bind::<BigInt, _>(position)
        .bind::<BigInt, _>(end)
        .bind::<Nullable<Array<SqlUuid>>, _>(locations.ids())
        .bind::<BigInt, _>(most)
        .load(db.conn())?;
    let is_cut = i64::try_from(told.len()).is_ok_and(|count| count >= most);
    let reached = told.last().filter(|_| is_cut).map_or(end, |last| last.position);
    Ok((told, reached))
}

/// The positions of the events that are there.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Span {
    /// The last position whose event was deleted for its age; 0 if none was.
    #[diesel(sql_type = BigInt)]
    pub deleted_to: i64,
    /// The last position given so far.
    #[diesel(sql_type = BigInt)]
    pub last: i64,
}

impl Span {
    /// True if all events after a position can be read.
    pub fn goes_on_from(self, position: i64) -> bool {
        (self.deleted_to..=self.last).contains(&position)
    }
}

#[derive(QueryableByName)]
struct Epoch {
    #[diesel(sql_type = Text)]
    epoch: String,
}

/// The name of this history of the database. Restoring a backup or promoting a copy begins another one: positions that
/// were read in the old one may name other events in the new one, or none.
pub fn epoch(db: &mut Read) -> Result<String> {
    Ok(Statement::new(include_str!("sql/epoch.sql")).get_result::<Epoch>(db.conn())?.epoch)
}

/// The positions that can be read now.
pub fn span(db: &mut Read) -> Result<Span> {
    Ok(Statement::new("select deleted_to, position as last from event_head").get_result(db.conn())?)
}

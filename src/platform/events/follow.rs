//! Following the feed inside the service: what an instance remembers is dropped when any instance has changed it.
use super::{
    Event,
    feed::{epoch, span},
};
use crate::kernel::{LocationId, Result};
use crate::platform::{
    db::{Db, Read, Statement},
    packed::Packed,
};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary, Nullable, Text, Uuid as SqlUuid},
};
use std::sync::{Arc, Mutex, PoisonError};

/// A position that was read, in the history of the database that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTo {
    /// The history; see [`epoch`].
    pub epoch: String,
    /// The position.
    pub position: i64,
}

/// Changes since the last look.
#[derive(Debug, PartialEq, Eq)]
pub enum Changes {
    /// Records of these kinds.
    Of(Vec<String>),
    /// Anything may have: the events in between are not there, or the database has been restored.
    Any,
}

impl Changes {
    /// True if records of one of these kinds may have changed.
    pub fn concern(&self, kinds: &[&str]) -> bool {
        match self {
            Self::Of(changed) => changed.iter().any(|kind| kinds.contains(&kind.as_str())),
            Self::Any => true,
        }
    }
}

/// Follows the feed from where it was when the instance began.
#[derive(Debug, Clone)]
pub struct Follower(Arc<Mutex<ReadTo>>);

impl Follower {
    /// Begins to follow where the feed stands now: before the instance reads anything that it remembers.
    pub fn start(db: &Db) -> Result<Self> {
        let now = db.read_now(|db| Ok(ReadTo { epoch: epoch(db)?, position: span(db)?.last }))?;
        Ok(Self(Arc::new(Mutex::new(now))))
    }

    /// The kinds of records that have changed since the last look.
    pub async fn changed(&self, db: &Db) -> Result<Changes> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (changes, now) = db.read(move |db| since(db, &last)).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(changes)
    }
}

#[derive(QueryableByName)]
struct Kind {
    #[diesel(sql_type = Text)]
    kind: String,
}

fn since(db: &mut Read, last: &ReadTo) -> Result<(Changes, ReadTo)> {
    let (span, epoch) = (span(db)?, epoch(db)?);
    let from = last.position;
    let is_same = last.epoch == epoch && span.goes_on_from(from);
    let changes = match is_same && from < span.last {
        true => kinds(db, from, span.last)?.map_or(Changes::Any, Changes::Of),
        false if is_same => Changes::Of(vec![]),
        false => Changes::Any,
    };
    Ok((changes, ReadTo { epoch, position: span.last }))
}

/// The kinds of records that events between two positions tell of; none if some of them have been deleted.
fn kinds(db: &mut Read, from: i64, to: i64) -> Result<Option<Vec<String>>> {
    let changed = Statement::new(include_str!("sql/changed.sql")).bind::<BigInt, _>(from).bind::<BigInt, _>(to);
    let kinds = changed.load::<Kind>(db.conn())?.into_iter().map(|row| row.kind).collect();
    Ok(span(db)?.goes_on_from(from).then_some(kinds))
}

/// An event of a type that is asked for.
#[derive(Debug, Clone, QueryableByName)]
pub struct OfType {
    /// The location at which it happened.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub location: Option<LocationId>,
    /// The event's data.
    #[diesel(sql_type = Binary)]
    pub data: Packed,
}

/// The events of a type after a position, up to another, in their order; none if some of them have been deleted.
pub fn of_type<E: Event>(db: &mut Read, from: i64, to: i64) -> Result<Option<Vec<OfType>>> {
    let found = Statement::new(include_str!("sql/of_type.sql"))
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .bind::<Text, _>(E::TYPE)
        .load(db.conn())?;
    // Asked afterwards: what is deleted from now on has been read.
    Ok(span(db)?.goes_on_from(from).then_some(found))
}

//! Following the feed inside the service: what an instance remembers is dropped when any instance has changed it.
use super::feed::head;
use crate::kernel::{LocationId, Result};
use crate::platform::db::{Db, Read, Statement};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid},
};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Follows the feed from where it was when the instance began.
#[derive(Debug, Clone, Default)]
pub struct Follower(Arc<Mutex<Option<i64>>>);

impl Follower {
    /// Begins to follow where the feed stands now: before the instance reads anything that it remembers.
    pub fn start(db: &Db) -> Result<Self> {
        let now = db.read_now(head)?;
        Ok(Self(Arc::new(Mutex::new(Some(now)))))
    }

    /// The kinds of records that have changed since the last look; none at the first.
    pub async fn changed(&self, db: &Db) -> Result<Vec<String>> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (kinds, now) = db.read(move |db| since(db, last)).await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(kinds)
    }
}

#[derive(QueryableByName)]
struct Kind {
    #[diesel(sql_type = Text)]
    kind: String,
}

fn since(db: &mut Read, last: Option<i64>) -> Result<(Vec<String>, i64)> {
    let now = head(db)?;
    let Some(last) = last.filter(|last| *last < now) else { return Ok((vec![], now)) };
    let kinds: Vec<Kind> =
        Statement::new(include_str!("changed.sql")).bind::<BigInt, _>(last).bind::<BigInt, _>(now).load(db.conn())?;
    Ok((kinds.into_iter().map(|row| row.kind).collect(), now))
}

/// The latest version of a record that events tell of.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Latest {
    /// The record's id.
    #[diesel(sql_type = SqlUuid)]
    pub subject: Uuid,
    /// Where it is.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub location: Option<LocationId>,
    /// Its version.
    #[diesel(sql_type = BigInt)]
    pub version: i64,
}

/// Records of a kind that events after a position, up to another, tell of.
pub fn latest(db: &mut Read, kind: &str, (from, to): (i64, i64)) -> Result<Vec<Latest>> {
    let found = Statement::new(include_str!("latest.sql"))
        .bind::<Text, _>(kind.to_owned())
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .load(db.conn())?;
    Ok(found)
}

//! Following the feed inside the service: what an instance remembers is dropped when any instance has changed it.
use super::{Event, feed::head};
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

/// An event of a type that is asked for.
#[derive(Debug, Clone, QueryableByName)]
pub struct OfType {
    /// Where it happened.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub location: Option<LocationId>,
    /// The event's data.
    #[diesel(sql_type = Binary)]
    pub data: Packed,
}

/// The events of a type after a position, up to another, in their order.
pub fn of_type<E: Event>(db: &mut Read, (from, to): (i64, i64)) -> Result<Vec<OfType>> {
    let found = Statement::new(include_str!("of_type.sql"))
        .bind::<Text, _>(E::TYPE)
        .bind::<BigInt, _>(from)
        .bind::<BigInt, _>(to)
        .load(db.conn())?;
    Ok(found)
}

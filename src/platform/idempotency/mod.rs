//! Retrying is safe: the outcome of a write is kept under the caller's key, in the transaction of the write.
//! Only committed effects are kept; a refusal leaves no row and is decided anew on the next try.
mod batch;
mod caller;
mod outcome;

use super::db::{BARRIER, Db, Read, Statement, Write};
use super::packed::{Packed, pack};
use super::schema::idempotency_keys as k;
use crate::kernel::{Actor, Code, Error, LocationId, PrincipalId, Refusal, Result, actor::Permission};
pub use batch::{Known, NewKeys, known};
pub use caller::Caller;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Binary, Text, Timestamptz, Uuid as SqlUuid},
};
pub use outcome::{Outcome, OutcomeKind, Recorded, Unknown};
use serde::Serialize;

/// Deletes at most `most` answers that were kept before a time, and returns how many.
pub fn delete_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    let some = Statement::new(include_str!("sql/delete.sql")).bind::<Timestamptz, _>(before).bind::<BigInt, _>(most);
    Ok(some.execute(tx.conn())?)
}

crate::text_enum_in_sql!(Permission);

/// The caller's key for one write, with a fingerprint of what is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The caller; keys of different principals never meet.
    pub principal: PrincipalId,
    /// The key.
    pub key: String,
    /// SHA-256 over method, path and canonical body.
    pub fingerprint: Vec<u8>,
    /// The time for which the caller waits, if less than usual: afterwards the write is not begun any more.
    pub wait: Option<std::time::Duration>,
}

/// A key and the answer that was given under it.
#[derive(Debug, Clone, Queryable)]
pub struct KeptKey {
    principal_id: PrincipalId,
    key: String,
    fingerprint: Vec<u8>,
    permission: Permission,
    location_id: Option<LocationId>,
    status: i16,
    body: String,
    location_header: Option<String>,
    version: Option<i64>,
    created_at: DateTime<Utc>,
    packed: Option<Packed>,
    created_id: Option<String>,
}

/// A write of one transaction, done once under the caller's key: what every write of the interface is.
pub async fn write_once<T: Serialize + Send + 'static>(
    db: &Db,
    actor: Actor,
    permission: Permission,
    key: impl Into<Option<Once>>,
    work: impl Fn(&mut Write, &Actor) -> Result<Outcome<T>> + Send + 'static,
) -> Result<Recorded<T>> {
    let key = key.into();
    db.write(move |tx| once(tx, &actor, permission, key.as_ref(), |tx| work(tx, &actor))).await?.accepted()
}

/// Does the work once: a retry under the same key gets the first answer, if the caller may still see it.
fn once<T: Serialize + Send + 'static>(
    tx: &mut Write,
    actor: &Actor,
    permission: Permission,
    once: Option<&Once>,
    work: impl FnOnce(&mut Write) -> Result<Outcome<T>>,
) -> Result<Recorded<T>> {
    let Some(once) = once else { return work(tx)?.record() };
    if !claim(tx, once, permission)? {
        // Gone since: it was forgotten in between, and the whole transaction is tried again.
        let forgotten = || Error::refused(Code::Conflict, "the Idempotency-Key was just forgotten; try again");
        let answer = answered(tx, actor, once)?.ok_or_else(forgotten)?;
        // It may stand on this server alone: its telling waits for a commit of its own.
        Statement::new(BARRIER).execute(tx.conn())?;
        return Ok(answer.typed());
    }
    let answer = work(tx)?.record()?;
    diesel::update(k::table.find((once.principal, &once.key)))
        .set((
            k::location_id.eq(answer.at),
            k::status.eq(answer.kind.number()),
            k::packed.eq(pack(&answer.body)),
            k::created_id.eq(&answer.id),
            k::version.eq(answer.version),
        ))
        .execute(tx.conn())?;
    Ok(answer)
}

/// Takes the key, waiting for a call that holds it now; false if an earlier call has used it.
fn claim(tx: &mut Write, once: &Once, permission: Permission) -> Result<bool> {
    let ahead = tx.ahead().num_seconds();
    let claiming = Statement::new(include_str!("sql/claim.sql"))
        .bind::<SqlUuid, _>(once.principal)
        .bind::<Text, _>(once.key.clone())
        .bind::<Binary, _>(once.fingerprint.clone())
        .bind::<Text, _>(permission.as_str())
        .bind::<BigInt, _>(ahead);
    let inserted = claiming.execute(tx.conn());
    match inserted.map_err(Error::from) {
        Ok(rows) => Ok(rows == 1),
        Err(error) if error.code() == Code::Busy => {
            let detail = "a call with this Idempotency-Key is still being worked on";
            Err(Refusal::new(Code::IdempotencyInFlight, detail).retry_after(1).into())
        }
        Err(error) => Err(error),
    }
}

/// The answer that an earlier call under the key was given, if there was one and the caller may still see it.
fn answered(db: &mut Read, actor: &Actor, once: &Once) -> Result<Option<Recorded<Unknown>>> {
    let row: Option<KeptKey> = k::table.find((once.principal, &once.key)).first(db.conn()).optional()?;
    row.filter(|row| row.status != 0).map(|row| row.replay(actor, once)).transpose()
}

impl KeptKey {
    /// The kept outcome, if the call is the same and the caller may still see it.
    pub fn replay(&self, actor: &Actor, once: &Once) -> Result<Recorded<Unknown>> {
        require_same(&self.fingerprint, once)?;
        require_right(self.permission, self.location_id, actor)?;
        let body = self.packed.as_ref().map_or(&self.body, |packed| &packed.0).clone();
        // Keys that were used before identifiers were kept have the whole address.
        let id = self.created_id.clone().or_else(|| self.location_header.clone());
        Ok(Recorded::stored(OutcomeKind::of(self.status), id, self.version, self.location_id, body))
    }
}

fn require_same(fingerprint: &[u8], once: &Once) -> Result<()> {
    if fingerprint == once.fingerprint {
        return Ok(());
    }
    let detail = format!("the Idempotency-Key {:?} was used for another request", once.key);
    Err(Error::refused(Code::IdempotencyKeyReused, detail))
}

/// A retry may come after a right was withdrawn: then it tells nothing.
fn require_right(permission: Permission, at: Option<LocationId>, actor: &Actor) -> Result<()> {
    match at {
        Some(location) => actor.require_at(permission, location, "record"),
        None => actor.require_anywhere(permission),
    }
}

//! Keys of a whole batch: read in one statement after its rows are locked, written in one with its effects.
use super::{
    KeptKey, Once,
    outcome::{Recorded, Unknown},
    require_right, require_same,
};
use crate::kernel::{Actor, LocationId, PrincipalId, Result, actor::Permission};
use crate::platform::{
    db::{Bulk, Read, Statement},
    group_commit::Patience,
    packed::{Packed, pack},
};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use std::collections::HashMap;

/// The answers that are kept under the keys of a batch, and the database's time.
#[derive(Debug, Default)]
pub struct Known {
    /// The database's clock.
    pub now: DateTime<Utc>,
    /// The number of changes of what servers remember, if it was asked for.
    pub changes: Option<i64>,
    rows: HashMap<(PrincipalId, String), KeptKey>,
}

impl Known {
    /// The answer that is kept under a key.
    pub fn get(&self, key: &Once) -> Option<&KeptKey> {
        if self.rows.is_empty() { None } else { self.rows.get(&(key.principal, key.key.clone())) }
    }

    /// True if an answer is so young that it may stand on this server alone. It must not be told before it is sure to
    /// survive a failover, so its telling waits for a commit of its own.
    pub fn needs_barrier(&self, now: DateTime<Utc>) -> bool {
        self.rows.values().any(|row| now - row.created_at < YOUNG)
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
    #[diesel(sql_type = Nullable<BigInt>)]
    changes: Option<i64>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    principal_id: Option<uuid::Uuid>,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = Nullable<Binary>)]
    fingerprint: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Text>)]
    permission: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    location_id: Option<uuid::Uuid>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    status: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    body: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    location_header: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    created_id: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    version: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    created_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Binary>)]
    packed: Option<Packed>,
}

impl Found {
    fn row(self) -> Option<KeptKey> {
        Some(KeptKey {
            principal_id: PrincipalId(self.principal_id?),
            key: self.key?,
            fingerprint: self.fingerprint?,
            permission: self.permission?.parse().ok()?,
            location_id: self.location_id.map(LocationId),
            status: self.status?,
            body: self.body?,
            location_header: self.location_header,
            version: self.version,
            created_at: self.created_at?,
            packed: self.packed,
            created_id: self.created_id,
        })
    }
}

/// The answers kept under these keys. The catalog that servers remember does not change until the transaction ends, if
/// it is held.
pub fn known(db: &mut Read, keys: &[&Once], memory: Option<Patience>) -> Result<Known> {
    let hold = match memory {
        None => 0,
        Some(Patience::Wait) => 1,
        Some(Patience::SkipLocked) => 2,
    };
    let (principals, texts): (Vec<_>, Vec<_>) = keys.iter().map(|key| (key.principal, key.key.clone())).unzip();
    let found: Vec<Found> = Statement::new(include_str!("sql/known.sql"))
        .bind::<Array<SqlUuid>, _>(principals)
        .bind::<Array<Text>, _>(texts)
        .bind::<Integer, _>(hold)
        .load(db.conn())?;
    let (now, changes) = found.first().map(|first| (first.now, first.changes)).unwrap_or_default();
    let rows = found.into_iter().filter_map(Found::row).map(|row| ((row.principal_id, row.key.clone()), row));
    Ok(Known { now, changes, rows: rows.collect() })
}

/// Outcomes of a batch, to be kept under their keys.
#[derive(Debug, Default)]
pub struct NewKeys(Vec<NewKey>);

#[derive(Debug)]
struct NewKey {
    once: Once,
    permission: Permission,
    outcome: Recorded<Unknown>,
}

impl NewKeys {
    /// Keeps an outcome.
    pub fn add(&mut self, once: &Once, permission: Permission, outcome: &Recorded<Unknown>) {
        self.0.push(NewKey { once: once.clone(), permission, outcome: outcome.kept() });
    }

    /// The outcome decided earlier in this batch, for the same key sent again.
    pub fn replay(&self, first: &Recorded<Unknown>, actor: &Actor, once: &Once) -> Result<Recorded<Unknown>> {
        let is_same = |kept: &&NewKey| (kept.once.principal, &kept.once.key) == (once.principal, &once.key);
        if let Some(kept) = self.0.iter().find(is_same) {
            require_same(&kept.once.fingerprint, once)?;
            require_right(kept.permission, first.at, actor)?;
        }
        Ok(first.replayed())
    }

    /// Adds the keys to what is written.
    pub fn save(&mut self, bulk: &mut Bulk, now: DateTime<Utc>) {
        let mut rows = std::mem::take(&mut self.0);
        rows.sort_by(|a, b| (a.once.principal, &a.once.key).cmp(&(b.once.principal, &b.once.key)));
        bulk.add("kept_keys", rows.len(), move || {
            Statement::new(include_str!("sql/keep.sql"))
                .bind::<Timestamptz, _>(now)
                .bind::<Array<SqlUuid>, _>(column(&rows, |row| row.once.principal))
                .bind::<Array<Text>, _>(column(&rows, |row| row.once.key.clone()))
                .bind::<Array<Binary>, _>(column(&rows, |row| row.once.fingerprint.clone()))
                .bind::<Array<Text>, _>(column(&rows, |row| row.permission.as_str().to_owned()))
                .bind::<Array<Nullable<SqlUuid>>, _>(column(&rows, |row| row.outcome.at))
                .bind::<Array<SmallInt>, _>(column(&rows, |row| row.outcome.kind.number()))
                .bind::<Array<Binary>, _>(column(&rows, |row| pack(&row.outcome.body)))
                .bind::<Array<Nullable<Text>>, _>(column(&rows, |row| row.outcome.id.clone()))
                .bind::<Array<Nullable<BigInt>>, _>(column(&rows, |row| row.outcome.version))
        });
    }
}

fn column<T>(rows: &[NewKey], part: impl Fn(&NewKey) -> T) -> Vec<T> {
    rows.iter().map(part).collect()
}

/// Keys whose answers are younger than this may not have reached a standby yet.
pub const YOUNG: Duration = Duration::seconds(30);

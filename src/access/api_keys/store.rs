//! API keys and their secrets in PostgreSQL.
use super::model::{ApiKey, ApiKeyFilter, ApiKeySecret, ApiKeyStatus, KeyPlaces, NewApiKey};
use crate::{
    access::{
        model::{DatedGrant, LiveSecret, LiveTokens, Principal},
        roles::store::{known, words},
        schema::{api_key_secrets as s, api_keys as k, location_group_members as m},
    },
    kernel::{
        ApiKeySecretId, Channel, Error, LocationGroupId, LocationId, PageRequest, PrincipalId, Result,
        actor::{Grant, Permissions},
    },
    platform::db::Write,
};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::{Bool, Uuid as SqlUuid},
};
use std::collections::HashMap;

type Moment = DateTime<Utc>;

#[derive(Queryable)]
struct KeyRow {
    id: PrincipalId,
    name: String,
    permissions: Vec<String>,
    location_ids: Option<Vec<LocationId>>,
    location_group_id: Option<LocationGroupId>,
    channel: Option<Channel>,
    expires_at: Option<Moment>,
    last_used_at: Option<Moment>,
    revoked_at: Option<Moment>,
    revoked_by: Option<PrincipalId>,
    version: i64,
    created_by: PrincipalId,
    created_at: Moment,
    updated_at: Moment,
}

impl KeyRow {
    fn status(&self, now: Moment) -> ApiKeyStatus {
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => ApiKeyStatus::Revoked,
            (None, Some(end)) if end <= now => ApiKeyStatus::Expired,
            _ => ApiKeyStatus::Active,
        }
    }
}

#[derive(Queryable)]
struct SecretRow {
    id: ApiKeySecretId,
    key: PrincipalId,
    prefix: String,
    created_at: Moment,
    ends_at: Option<Moment>,
    last_used_at: Option<Moment>,
}

/// Secrets that were not ended before a moment.
#[diesel::dsl::auto_type(no_type_alias)]
fn lasts(now: Moment) -> _ {
    s::ends_at.is_null().or(s::ends_at.gt(now))
}

fn whole(conn: &mut PgConnection, rows: Vec<KeyRow>, now: Moment) -> QueryResult<Vec<ApiKey>> {
    let open = rows.iter().filter(|row| row.status(now) == ApiKeyStatus::Active);
    let ids: Vec<_> = open.map(|row| row.id).collect();
    let found = s::table
        .filter(s::api_key_id.eq_any(ids))
        .filter(lasts(now))
        .order(s::id)
        .select((s::id, s::api_key_id, s::prefix, s::created_at, s::ends_at, s::last_used_at))
        .load::<SecretRow>(conn)?;
    let mut secrets = HashMap::<PrincipalId, Vec<ApiKeySecret>>::new();
    for SecretRow { id, key, prefix, created_at, ends_at, last_used_at } in found {
        secrets.entry(key).or_default().push(ApiKeySecret { id, prefix, created_at, ends_at, last_used_at });
    }
    let key = |row: KeyRow| ApiKey {
        id: row.id,
        status: row.status(now),
        name: row.name,
        permissions: known(&row.permissions).iter().collect(),
        is_everywhere: row.location_ids.is_none() && row.location_group_id.is_none(),
        location_ids: row.location_ids,
        location_group_id: row.location_group_id,
        channel: row.channel,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        secrets: secrets.remove(&row.id).unwrap_or_default(),
        revoked_at: row.revoked_at,
        revoked_by: row.revoked_by,
        version: row.version,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    };
    Ok(rows.into_iter().map(key).collect())
}

/// A key as it is at a moment.
pub fn by_id(conn: &mut PgConnection, id: PrincipalId, now: Moment) -> Result<ApiKey> {
    let rows = k::table.find(id).load(conn)?;
    whole(conn, rows, now)?.pop().ok_or_else(|| Error::not_found("API key"))
}

/// A key, locked until the transaction ends; the moment is one after all that it waited for.
pub fn lock(tx: &mut Write, id: PrincipalId) -> Result<ApiKey> {
    let rows = k::table.find(id).for_no_key_update().load(tx.conn())?;
    tx.renew_now();
    let now = tx.now();
    whole(tx.conn(), rows, now)?.pop().ok_or_else(|| Error::not_found("API key"))
}

/// A page of keys, the newest first, as they are at a moment.
pub fn page(
    conn: &mut PgConnection,
    filter: &ApiKeyFilter,
    now: Moment,
    page: &PageRequest<PrincipalId>,
) -> QueryResult<Vec<ApiKey>> {
    let mut query = k::table.order(k::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(text) = &filter.text {
        let literal = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let of_secret = s::table.filter(s::prefix.like(format!("{literal}%"))).select(s::api_key_id);
        query = query.filter(k::name.ilike(format!("%{literal}%")).or(k::id.eq_any(of_secret)));
    }
    query = match filter.status {
        Some(ApiKeyStatus::Revoked) => query.filter(k::revoked_at.is_not_null()),
        Some(ApiKeyStatus::Expired) => query.filter(k::revoked_at.is_null().and(k::expires_at.le(now))),
        Some(ApiKeyStatus::Active) => {
            query.filter(k::revoked_at.is_null().and(k::expires_at.is_null().or(k::expires_at.gt(now))))
        }
        None => query,
    };
    if let Some(location) = filter.location {
        let groups = m::table.filter(m::location_id.eq(location)).select(m::group_id.nullable());
        let is_named = sql::<Bool>("").bind::<SqlUuid, _>(location).sql(" = any (location_ids)");
        let is_everywhere = k::location_ids.is_null().and(k::location_group_id.is_null());
        query = query.filter(is_named.or(k::location_group_id.eq_any(groups)).or(is_everywhere));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(k::channel.eq(Some(channel)));
    }
    if let Some(after) = page.after {
        query = query.filter(k::id.lt(after));
    }
    let rows = query.load(conn)?;
    whole(conn, rows, now)
}

/// Adds a key, made by someone.
pub fn insert(tx: &mut Write, new: &NewApiKey, by: PrincipalId) -> QueryResult<PrincipalId> {
    let (id, now) = (PrincipalId::new(), tx.now());
    let (locations, group) = match &new.places {
        KeyPlaces::Everywhere => (None, None),
        KeyPlaces::Locations(ids) => (Some(ids.clone()), None),
        KeyPlaces::Group(group) => (None, Some(*group)),
    };
    let row = (
        k::id.eq(id),
        k::name.eq(&*new.name),
        k::permissions.eq(words(&new.permissions)),
        k::location_ids.eq(locations),
        k::location_group_id.eq(group),
        k::channel.eq(new.channel),
        k::expires_at.eq(new.expires_at),
        k::version.eq(1),
        k::created_by.eq(by),
        k::created_at.eq(now),
        k::updated_at.eq(now),
    );
    diesel::insert_into(k::table).values(row).execute(tx.conn())?;
    Ok(id)
}

/// Writes what may change of a key, as the next version.
pub fn save(tx: &mut Write, after: &ApiKey) -> QueryResult<()> {
    let changed = (
        k::name.eq(&after.name),
        k::permissions.eq(words(&after.permissions)),
        k::expires_at.eq(after.expires_at),
        k::revoked_at.eq(after.revoked_at),
        k::revoked_by.eq(after.revoked_by),
        k::version.eq(after.version),
        k::updated_at.eq(tx.now()),
    );
    diesel::update(k::table.find(after.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// Adds a secret, of which the digest and the first characters are kept.
pub fn add_secret(tx: &mut Write, key: PrincipalId, digest: &[u8], prefix: &str) -> QueryResult<()> {
    let row = (
        s::id.eq(ApiKeySecretId::new()),
        s::api_key_id.eq(key),
        s::digest.eq(digest),
        s::prefix.eq(prefix),
        s::created_at.eq(tx.now()),
    );
    diesel::insert_into(s::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Lets those secrets of a key that would last longer end at a moment.
pub fn end_secrets(tx: &mut Write, key: PrincipalId, one: Option<ApiKeySecretId>, at: Moment) -> QueryResult<()> {
    let mut open = diesel::update(s::table.filter(s::api_key_id.eq(key)).filter(lasts(at))).into_boxed();
    if let Some(one) = one {
        open = open.filter(s::id.eq(one));
    }
    open.set(s::ends_at.eq(at)).execute(tx.conn())?;
    Ok(())
}

/// The key of a secret, be it one that works or not.
pub fn of_digest(conn: &mut PgConnection, digest: &[u8]) -> QueryResult<Option<(PrincipalId, ApiKeySecretId)>> {
    s::table.filter(s::digest.eq(digest)).select((s::api_key_id, s::id)).first(conn).optional()
}

/// Notes that a secret was used, unless that was noted within a minute or someone changes the key.
pub fn note_use(tx: &mut Write, key: PrincipalId, secret: ApiKeySecretId) -> QueryResult<()> {
    let (now, lately) = (tx.now(), tx.now() - Duration::minutes(1));
    let is_free = k::table.find(key).select(k::id).for_no_key_update().skip_locked();
    if is_free.first::<PrincipalId>(tx.conn()).optional()?.is_none() {
        return Ok(());
    }
    let own = s::table.find(secret).filter(s::last_used_at.is_null().or(s::last_used_at.le(lately)));
    diesel::update(own).set(s::last_used_at.eq(now)).execute(tx.conn())?;
    let own = k::table.find(key).filter(k::last_used_at.is_null().or(k::last_used_at.le(lately)));
    diesel::update(own).set(k::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// The key as one who acts; none if it was revoked.
pub fn principal(conn: &mut PgConnection, id: PrincipalId, now: Moment) -> QueryResult<Option<Principal>> {
    let found: Option<KeyRow> = k::table.find(id).filter(k::revoked_at.is_null()).first(conn).optional()?;
    let Some(row) = found else { return Ok(None) };
    let secrets = s::table.filter(s::api_key_id.eq(id)).filter(lasts(now)).select((s::id, s::ends_at));
    let secrets = secrets.load::<(ApiKeySecretId, Option<Moment>)>(conn)?;
    let places = match (row.location_ids, row.location_group_id) {
        (None, None) => vec![None],
        (Some(ids), _) => ids.into_iter().map(Some).collect(),
        (None, Some(group)) => {
            m::table.filter(m::group_id.eq(group)).select(m::location_id.nullable()).load::<Option<LocationId>>(conn)?
        }
    };
    let permissions = known(&row.permissions);
    let grant =
        |location| DatedGrant { grant: Grant { permissions, location }, starts_at: None, ends_at: row.expires_at };
    Ok(Some(Principal {
        grants: places.into_iter().map(grant).collect(),
        channel: row.channel,
        tokens: LiveTokens::OfSecrets {
            secrets: secrets.into_iter().map(|(id, ends_at)| LiveSecret { id, ends_at }).collect(),
            expires_at: row.expires_at,
        },
    }))
}

/// The names of keys.
pub fn names(conn: &mut PgConnection, ids: &[PrincipalId]) -> QueryResult<Vec<(PrincipalId, String)>> {
    k::table.filter(k::id.eq_any(ids)).select((k::id, k::name)).load(conn)
}

/// The permissions that keys which were not revoked have at a group of locations.
pub fn permissions_at(tx: &mut Write, group: LocationGroupId) -> QueryResult<Permissions> {
    let keys = k::table.filter(k::location_group_id.eq(group)).filter(k::revoked_at.is_null());
    let found: Vec<Vec<String>> = keys.select(k::permissions).load(tx.conn())?;
    Ok(found.iter().flat_map(|names| known(names).iter().collect::<Vec<_>>()).collect())
}

/// True if a key is of a group of locations, be it revoked or not.
pub fn is_any_at(tx: &mut Write, group: LocationGroupId) -> QueryResult<bool> {
    diesel::select(exists(k::table.filter(k::location_group_id.eq(group)))).get_result(tx.conn())
}

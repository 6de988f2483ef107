//! Sessions and their refresh tokens in PostgreSQL. Whoever changes several of a user holds the row of the user first,
//! so that nobody waits in a circle.
use super::model::{Client, Session};
use crate::{
    access::schema::{refresh_tokens as t, sessions as s, users as u},
    kernel::{Error, PageRequest, PrincipalId, Result, SessionId},
    platform::db::{Statement, Write},
};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    dsl::exists,
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};

type Moment = DateTime<Utc>;

/// A session that begins, with its first refresh token.
pub struct NewSession<'a> {
    pub user: PrincipalId,
    pub id: SessionId,
    /// The digest of the token.
    pub hash: &'a [u8],
    pub expires: Moment,
    /// When its access token expires.
    pub token_expires: Moment,
    pub client: &'a Client,
}

/// Begins a session.
pub fn begin(tx: &mut Write, new: &NewSession<'_>) -> QueryResult<()> {
    let now = tx.now();
    let row = (
        s::id.eq(new.id),
        s::user_id.eq(new.user),
        s::started_at.eq(now),
        s::last_used_at.eq(now),
        s::expires_at.eq(new.expires),
        s::token_expires_at.eq(new.token_expires),
        s::address.eq(Some(&new.client.address).filter(|address| !address.is_empty())),
        s::user_agent.eq(&new.client.user_agent),
    );
    diesel::insert_into(s::table).values(row).execute(tx.conn())?;
    keep(tx, (new.user, new.id), new.hash, new.expires)
}

fn keep(tx: &mut Write, of: (PrincipalId, SessionId), hash: &[u8], expires: Moment) -> QueryResult<()> {
    let (user, session) = of;
    let row = (
        t::token_hash.eq(hash),
        t::user_id.eq(user),
        t::family_id.eq(session),
        t::created_at.eq(tx.now()),
        t::expires_at.eq(expires),
    );
    diesel::insert_into(t::table).values(row).execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable)]
pub struct RefreshRow {
    pub token_hash: Vec<u8>,
    pub user_id: PrincipalId,
    pub session: SessionId,
    pub created_at: Moment,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    /// The number from which the successor is derived; none if it was not used, or by a server that did not know it.
    pub successor_nonce: Option<Vec<u8>>,
}

/// The token with a digest.
#[diesel::dsl::auto_type(no_type_alias)]
fn refresh<'a>(hash: &'a [u8]) -> _ {
    t::table.find(hash).select((
        t::token_hash,
        t::user_id,
        t::family_id,
        t::created_at,
        t::expires_at,
        t::used_at,
        t::revoked_at,
        t::successor_nonce,
    ))
}

/// Locks the token, so that of two refreshes at once one sees the other's use.
pub fn lock_refresh(conn: &mut PgConnection, hash: &[u8]) -> QueryResult<Option<RefreshRow>> {
    refresh(hash).for_update().first(conn).optional()
}

/// The token with this digest that works now, of a user who may sign in.
pub fn live_refresh(conn: &mut PgConnection, hash: &[u8], now: Moment) -> QueryResult<Option<RefreshRow>> {
    let found: Option<RefreshRow> = refresh(hash)
        .filter(t::used_at.is_null().and(t::revoked_at.is_null()).and(t::expires_at.gt(now)))
        .first(conn)
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    let may_sign_in = exists(u::table.find(row.user_id).filter(u::disabled_at.is_null()));
    Ok(diesel::select(may_sign_in).get_result::<bool>(conn)?.then_some(row))
}

/// True if the token with this digest was used or revoked, or does not exist.
pub fn is_spent(conn: &mut PgConnection, hash: &[u8]) -> QueryResult<bool> {
    let fresh = t::table.find(hash).filter(t::used_at.is_null().and(t::revoked_at.is_null()));
    Ok(!diesel::select(exists(fresh)).get_result::<bool>(conn)?)
}

/// Uses a token for the first time, and keeps its successor.
pub fn use_refresh(tx: &mut Write, row: &RefreshRow, nonce: Option<&[u8]>, successor: &[u8]) -> QueryResult<()> {
    let used = (t::used_at.eq(tx.now()), t::successor_nonce.eq(nonce));
    diesel::update(t::table.find(&row.token_hash)).set(used).execute(tx.conn())?;
    keep(tx, (row.user_id, row.session), successor, row.expires_at)
}

/// Notes that a session gives another access token, of so many seconds, and returns false if it has ended. One that
/// began on a server that did not know sessions is kept from now on.
pub fn go_on(tx: &mut Write, row: &RefreshRow, seconds: i64) -> QueryResult<bool> {
    let now = tx.now();
    let token_expires = row.expires_at.min(now + Duration::seconds(seconds));
    let unknown = (
        s::id.eq(row.session),
        s::user_id.eq(row.user_id),
        s::started_at.eq(row.created_at),
        s::last_used_at.eq(now),
        s::expires_at.eq(row.expires_at),
        s::token_expires_at.eq(token_expires),
    );
    let kept = diesel::insert_into(s::table).values(unknown).on_conflict(s::id).do_nothing().execute(tx.conn())?;
    if kept == 1 {
        return Ok(true);
    }
    let open = s::table.find(row.session).filter(s::ended_at.is_null());
    let used = (s::last_used_at.eq(now), s::token_expires_at.eq(token_expires));
    Ok(diesel::update(open).set(used).execute(tx.conn())? == 1)
}

/// The session of a refresh token, and its user.
pub fn session_of(conn: &mut PgConnection, hash: &[u8]) -> QueryResult<Option<(PrincipalId, SessionId)>> {
    t::table.find(hash).select((t::user_id, t::family_id)).first(conn).optional()
}

/// True if there is such a session of the user, ended or not.
pub fn is_of(conn: &mut PgConnection, session: SessionId, user: PrincipalId) -> QueryResult<bool> {
    diesel::select(exists(s::table.find(session).filter(s::user_id.eq(user)))).get_result(conn)
}

/// Refuses where there is no such user.
pub fn require_user(conn: &mut PgConnection, user: PrincipalId) -> Result<()> {
    match diesel::select(exists(u::table.find(user))).get_result(conn)? {
        true => Ok(()),
        false => Err(Error::not_found("user")),
    }
}

/// Locks the row of a user, whose sessions change after it; the moment is one after all that it waited for.
fn lock_user(tx: &mut Write, user: PrincipalId) -> QueryResult<()> {
    let row = u::table.find(user).select(u::id).for_no_key_update();
    row.first::<PrincipalId>(tx.conn()).optional()?;
    tx.renew_now();
    Ok(())
}

/// Ends a session of a user.
pub fn end(tx: &mut Write, user: PrincipalId, session: SessionId) -> QueryResult<()> {
    lock_user(tx, user)?;
    let now = tx.now();
    let open = t::table.filter(t::family_id.eq(session)).filter(t::revoked_at.is_null());
    diesel::update(open).set(t::revoked_at.eq(now)).execute(tx.conn())?;
    let open = s::table.find(session).filter(s::user_id.eq(user)).filter(s::ended_at.is_null());
    diesel::update(open).set(ended(now)).execute(tx.conn())?;
    Ok(())
}

/// The columns of a session that has ended: nobody needs to know any more from where it was.
#[diesel::dsl::auto_type(no_type_alias)]
fn ended(now: Moment) -> _ {
    let (nowhere, nobody): (Option<String>, Option<String>) = (None, None);
    (s::ended_at.eq(now), s::address.eq(nowhere), s::user_agent.eq(nobody))
}

/// Ends all sessions of a user, and tokens that belong to none.
pub fn end_all(tx: &mut Write, user: PrincipalId) -> QueryResult<()> {
    lock_user(tx, user)?;
    let now = tx.now();
    let later = u::table.find(user).filter(u::tokens_valid_from.lt(now));
    diesel::update(later).set(u::tokens_valid_from.eq(now)).execute(tx.conn())?;
    let open = t::table.filter(t::user_id.eq(user)).filter(t::revoked_at.is_null());
    diesel::update(open).set(t::revoked_at.eq(now)).execute(tx.conn())?;
    let open = s::table.filter(s::user_id.eq(user)).filter(s::ended_at.is_null());
    diesel::update(open).set(ended(now)).execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable)]
struct SessionRow {
    id: SessionId,
    started_at: Moment,
    last_used_at: Moment,
    expires_at: Moment,
    address: Option<String>,
    user_agent: Option<String>,
}

/// A page of the open sessions of a user, the newest first; one of them may be the one that asks.
pub fn page(
    conn: &mut PgConnection,
    user: PrincipalId,
    page: &PageRequest<SessionId>,
    at: (Moment, Option<SessionId>),
) -> QueryResult<Vec<Session>> {
    let (now, current) = at;
    let mut query = s::table
        .filter(s::user_id.eq(user).and(s::ended_at.is_null()).and(s::expires_at.gt(now)))
        .order(s::id.desc())
        .limit(page.limit + 1)
        .select((s::id, s::started_at, s::last_used_at, s::expires_at, s::address, s::user_agent))
        .into_boxed();
    if let Some(after) = page.after {
        query = query.filter(s::id.lt(after));
    }
    let session = |row: SessionRow| {
        let SessionRow { id, started_at, last_used_at, expires_at, address, user_agent } = row;
        let is_current = current == Some(id);
        Session { id, started_at, last_used_at, expires_at, address, user_agent, is_current }
    };
    Ok(query.load(conn)?.into_iter().map(session).collect())
}

/// Deletes at most `most` tokens that expired before a time.
pub fn delete_tokens(conn: &mut PgConnection, before: Moment, most: i64) -> QueryResult<usize> {
    let some = Statement::new(include_str!("../sql/delete_tokens.sql"));
    some.bind::<Timestamptz, _>(before).bind::<BigInt, _>(most).execute(conn)
}

/// Deletes at most `most` sessions that expired before a time.
pub fn delete_sessions(conn: &mut PgConnection, before: Moment, most: i64) -> QueryResult<usize> {
    let some = Statement::new(include_str!("../sql/delete_sessions.sql"));
    some.bind::<Timestamptz, _>(before).bind::<BigInt, _>(most).execute(conn)
}

//! Users, grants and refresh tokens in PostgreSQL.
use super::{
    model::{Credentials, DatedGrant, Principal},
    schema::{grants, refresh_tokens, users},
};
use crate::kernel::{
    LocationId, PrincipalId,
    actor::{Grant, Role},
};
use crate::platform::db::Statement;
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Text, Timestamptz},
};
use uuid::Uuid;

type Moment = DateTime<Utc>;

pub fn credentials(conn: &mut PgConnection, email: &str) -> QueryResult<Option<Credentials>> {
    let row = users::table
        .filter(sql::<Text>("lower(email)").eq(email.to_lowercase()))
        .select((users::id, users::password_hash, users::disabled_at))
        .first::<(PrincipalId, Option<String>, Option<Moment>)>(conn)
        .optional()?;
    Ok(row.map(|(id, password_hash, disabled_at)| Credentials { id, password_hash, disabled_at }))
}

pub fn names(conn: &mut PgConnection, ids: &[PrincipalId]) -> QueryResult<Vec<(PrincipalId, String)>> {
    users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)
}

pub fn principal(conn: &mut PgConnection, id: PrincipalId) -> QueryResult<Option<Principal>> {
    let rows = users::table
        .left_join(grants::table.on(grants::user_id.eq(users::id)))
        .filter(users::id.eq(id))
        .filter(users::disabled_at.is_null())
        .select((
            users::tokens_valid_from,
            grants::role.nullable(),
            grants::location_id.nullable(),
            grants::starts_at.nullable(),
            grants::ends_at.nullable(),
        ))
        .load::<(Moment, Option<Role>, Option<LocationId>, Option<Moment>, Option<Moment>)>(conn)?;
    let dated = |(_, role, location, starts_at, ends_at): &(_, Option<Role>, _, _, _)| {
        Some(DatedGrant {
            grant: Grant { role: (*role)?, location: *location },
            starts_at: *starts_at,
            ends_at: *ends_at,
        })
    };
    Ok(rows
        .first()
        .map(|first| Principal { tokens_valid_from: first.0, grants: rows.iter().filter_map(dated).collect() }))
}

/// The means by which someone signs in, and from when their tokens are valid; held as they are until the transaction
/// ends, so that nobody goes on with what a change of the password or a disabling is about to end.
pub fn share_user(conn: &mut PgConnection, id: PrincipalId) -> QueryResult<Option<(Credentials, Moment)>> {
    let row = users::table
        .find(id)
        .select((users::id, users::password_hash, users::disabled_at, users::tokens_valid_from))
        .for_share()
        .first::<(PrincipalId, Option<String>, Option<Moment>, Moment)>(conn)
        .optional()?;
    Ok(row.map(|(id, password_hash, disabled_at, valid_from)| {
        (Credentials { id, password_hash, disabled_at }, valid_from)
    }))
}

/// The user of a refresh token.
pub fn user_of_refresh(conn: &mut PgConnection, hash: &[u8]) -> QueryResult<Option<PrincipalId>> {
    refresh_tokens::table.find(hash).select(refresh_tokens::user_id).first(conn).optional()
}

#[derive(Queryable)]
pub struct RefreshRow {
    pub token_hash: Vec<u8>,
    pub user_id: PrincipalId,
    pub family_id: Uuid,
    pub expires_at: Moment,
    pub used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
}

/// Locks the token, so that of two refreshes at once one sees the other's use.
pub fn lock_refresh(conn: &mut PgConnection, hash: &[u8]) -> QueryResult<Option<RefreshRow>> {
    use refresh_tokens as t;
    t::table
        .find(hash)
        .select((t::token_hash, t::user_id, t::family_id, t::expires_at, t::used_at, t::revoked_at))
        .for_update()
        .first(conn)
        .optional()
}

/// A refresh token to be kept.
pub struct NewRefreshToken<'a> {
    pub user: PrincipalId,
    /// Tokens that follow each other belong to one family.
    pub family: Uuid,
    pub hash: &'a [u8],
    pub expires: Moment,
}

pub fn keep_refresh(conn: &mut PgConnection, token: &NewRefreshToken<'_>, now: Moment) -> QueryResult<()> {
    use refresh_tokens as t;
    let NewRefreshToken { user, family, hash, expires } = *token;
    diesel::insert_into(t::table)
        .values((
            t::token_hash.eq(hash),
            t::user_id.eq(user),
            t::family_id.eq(family),
            t::created_at.eq(now),
            t::expires_at.eq(expires),
        ))
        .execute(conn)?;
    Ok(())
}

pub fn use_refresh(conn: &mut PgConnection, hash: &[u8], now: Moment) -> QueryResult<usize> {
    use refresh_tokens as t;
    diesel::update(t::table.find(hash).filter(t::used_at.is_null())).set(t::used_at.eq(now)).execute(conn)
}

/// Revokes the tokens of a family that were given and not yet used.
pub fn revoke_successors(conn: &mut PgConnection, family: Uuid, now: Moment) -> QueryResult<usize> {
    use refresh_tokens as t;
    let unused = t::table.filter(t::family_id.eq(family)).filter(t::used_at.is_null()).filter(t::revoked_at.is_null());
    diesel::update(unused).set(t::revoked_at.eq(now)).execute(conn)
}

pub fn revoke_family(conn: &mut PgConnection, family: Uuid, now: Moment) -> QueryResult<usize> {
    use refresh_tokens as t;
    diesel::update(t::table.filter(t::family_id.eq(family)).filter(t::revoked_at.is_null()))
        .set(t::revoked_at.eq(now))
        .execute(conn)
}

/// Deletes at most `most` tokens that expired before a time.
pub fn delete_tokens(conn: &mut PgConnection, before: Moment, most: i64) -> QueryResult<usize> {
    let some = Statement::new(include_str!("sql/delete_tokens.sql"));
    some.bind::<Timestamptz, _>(before).bind::<BigInt, _>(most).execute(conn)
}

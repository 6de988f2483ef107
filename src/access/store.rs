//! Users and their grants in PostgreSQL, as they sign in and act.
use super::{
    model::{Credentials, DatedGrant, Principal},
    schema::{grants, sessions, users},
};
use crate::kernel::{
    LocationId, PrincipalId,
    actor::{Grant, Role},
};
use chrono::{DateTime, Utc};
use diesel::{dsl::sql, prelude::*, sql_types::Text};

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

/// A user who may sign in, with their sessions that have ended and gave a token after a moment: tokens of before have
/// expired.
pub fn principal(conn: &mut PgConnection, id: PrincipalId, since: Moment) -> QueryResult<Option<Principal>> {
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
    let Some((tokens_valid_from, ..)) = rows.first() else { return Ok(None) };
    let of_user = sessions::table.filter(sessions::user_id.eq(id).and(sessions::last_used_at.gt(since)));
    let ended = of_user.filter(sessions::ended_at.is_not_null()).select(sessions::id).load(conn)?;
    let grants = rows.iter().filter_map(dated).collect();
    Ok(Some(Principal { tokens_valid_from: *tokens_valid_from, grants, ended }))
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

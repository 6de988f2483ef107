//! Principals and their grants in PostgreSQL, as they sign in and act.
use super::{
    api_keys::store::{names as names_of_keys, principal as machine},
    model::{Credentials, DatedGrant, LiveTokens, Principal},
    roles::store::permissions_of,
    schema::{grants, location_group_members as members, roles, sessions, users},
    tokens::LEEWAY,
};
use crate::kernel::{CodeName, LocationId, PrincipalId, actor::Grant};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};

type Moment = DateTime<Utc>;

pub fn credentials(conn: &mut PgConnection, email: &str) -> QueryResult<Option<Credentials>> {
    let row = users::table
        // The database folds both, as its index does: letters outside ASCII as its locale says.
        .filter(sql::<Bool>("lower(email) = lower(").bind::<Text, _>(email).sql(")"))
        .select((users::id, users::password_hash, users::disabled_at))
        .first::<(PrincipalId, Option<String>, Option<Moment>)>(conn)
        .optional()?;
    Ok(row.map(|(id, password_hash, disabled_at)| Credentials { id, password_hash, disabled_at }))
}

/// The names of users and API keys.
pub fn names(conn: &mut PgConnection, ids: &[PrincipalId]) -> QueryResult<Vec<(PrincipalId, String)>> {
    let mut found = users::table.filter(users::id.eq_any(ids)).select((users::id, users::name)).load(conn)?;
    if found.len() < ids.len() {
        found.extend(names_of_keys(conn, ids)?);
    }
    Ok(found)
}

/// A grant as it is kept: its place is a location or, if it says so, a group of them.
#[derive(Queryable)]
struct HeldRow {
    tokens_valid_from: Moment,
    role: Option<CodeName>,
    written: Option<Vec<String>>,
    location: Option<LocationId>,
    is_group: Option<bool>,
    member: Option<LocationId>,
    starts_at: Option<Moment>,
    ends_at: Option<Moment>,
}

impl HeldRow {
    /// The grant; none for someone without one, and for a group that no location is in.
    fn dated(&self) -> Option<DatedGrant> {
        let permissions = permissions_of(self.role.as_ref()?, self.written.as_deref());
        let location = match self.is_group {
            Some(true) => Some(self.member?),
            _ => self.location,
        };
        Some(DatedGrant { grant: Grant { permissions, location }, starts_at: self.starts_at, ends_at: self.ends_at })
    }
}

/// The grants of a user who may sign in, a row for each location of a group; a row without one if there is none.
fn held(conn: &mut PgConnection, id: PrincipalId) -> QueryResult<Vec<HeldRow>> {
    users::table
        .left_join(grants::table.on(grants::user_id.eq(users::id)))
        .left_join(roles::table.on(roles::code.eq(grants::role)))
        .left_join(members::table.on(grants::is_group.and(grants::location_id.eq(members::group_id.nullable()))))
        .filter(users::id.eq(id))
        .filter(users::disabled_at.is_null())
        .select((
            users::tokens_valid_from,
            grants::role.nullable(),
            roles::permissions.nullable(),
            grants::location_id.nullable(),
            grants::is_group.nullable(),
            members::location_id.nullable(),
            grants::starts_at.nullable(),
            grants::ends_at.nullable(),
        ))
        .load(conn)
}

/// The grants of a user, with those that do not hold yet or any more; none if they may not sign in.
pub fn grants_of(conn: &mut PgConnection, id: PrincipalId) -> QueryResult<Option<Vec<DatedGrant>>> {
    let rows = held(conn, id)?;
    Ok((!rows.is_empty()).then(|| rows.iter().filter_map(HeldRow::dated).collect()))
}

/// A user who may sign in or an API key that was not revoked, as they are at a moment. Of a user's sessions those are
/// told that have ended and of which a token may live: of those that a server of before began, as long as they would
/// have lasted.
pub fn principal(conn: &mut PgConnection, id: PrincipalId, now: Moment) -> QueryResult<Option<Principal>> {
    let rows = held(conn, id)?;
    let Some(HeldRow { tokens_valid_from, .. }) = rows.first() else { return machine(conn, id, now) };
    let since = now - chrono::Duration::seconds(2 * LEEWAY);
    let ended = sessions::table
        .filter(sessions::user_id.eq(id).and(sessions::ended_at.is_not_null()))
        .filter(sessions::expires_at.gt(since))
        .filter(sessions::token_expires_at.is_null().or(sessions::token_expires_at.gt(since)))
        .select(sessions::id)
        .load(conn)?;
    let grants = rows.iter().filter_map(HeldRow::dated).collect();
    let tokens = LiveTokens::OfSessions { valid_from: *tokens_valid_from, ended };
    Ok(Some(Principal { grants, channel: None, tokens }))
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

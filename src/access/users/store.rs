//! Users, their grants and links in PostgreSQL.
use super::model::{NewGrant, User, UserFilter, UserGrant, UserKey, UserStatus};
use crate::{
    access::{
        schema::{grants as g, location_group_members as m, user_links as k, users as u},
        sessions::store::end_all,
    },
    kernel::{
        Code, CodeName, Error, GrantId, LocationGroupId, LocationId, PageRequest, PrincipalId, Result, actor::Role,
    },
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_query,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use std::collections::HashMap;
use uuid::Uuid;

type Moment = DateTime<Utc>;

#[derive(Queryable)]
struct UserRow {
    id: PrincipalId,
    email: String,
    name: String,
    password_hash: Option<String>,
    disabled_at: Option<Moment>,
    created_at: Moment,
    version: i64,
    updated_at: Option<Moment>,
}

const COLUMNS: (u::id, u::email, u::name, u::password_hash, u::disabled_at, u::created_at, u::version, u::updated_at) =
    (u::id, u::email, u::name, u::password_hash, u::disabled_at, u::created_at, u::version, u::updated_at);

#[derive(Queryable)]
struct GrantRow {
    id: GrantId,
    user_id: PrincipalId,
    role: CodeName,
    /// The location or, if the grant says so, the group.
    place: Option<Uuid>,
    is_group: bool,
    created_at: Moment,
    starts_at: Option<Moment>,
    ends_at: Option<Moment>,
}

fn whole(conn: &mut PgConnection, rows: Vec<UserRow>) -> QueryResult<Vec<User>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let found: Vec<GrantRow> = g::table
        .filter(g::user_id.eq_any(ids))
        .order(g::id)
        .select((g::id, g::user_id, g::role, g::location_id, g::is_group, g::created_at, g::starts_at, g::ends_at))
        .load(conn)?;
    let mut grants = HashMap::<PrincipalId, Vec<UserGrant>>::new();
    for GrantRow { id, user_id, role, place, is_group, created_at, starts_at, ends_at } in found {
        let location_id = place.filter(|_| !is_group).map(LocationId);
        let location_group_id = place.filter(|_| is_group).map(LocationGroupId);
        let grant = UserGrant { id, role, location_id, location_group_id, starts_at, ends_at, created_at };
        grants.entry(user_id).or_default().push(grant);
    }
    let user = |row: UserRow| User {
        status: match (row.disabled_at, row.password_hash) {
            (Some(_), _) => UserStatus::Disabled,
            (None, None) => UserStatus::Invited,
            (None, Some(_)) => UserStatus::Active,
        },
        id: row.id,
        email: row.email,
        name: row.name,
        grants: grants.remove(&row.id).unwrap_or_default(),
        disabled_at: row.disabled_at,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at.unwrap_or(row.created_at),
    };
    Ok(rows.into_iter().map(user).collect())
}

/// A user.
pub fn by_id(conn: &mut PgConnection, id: PrincipalId) -> Result<User> {
    let rows = u::table.find(id).select(COLUMNS).load(conn)?;
    whole(conn, rows)?.pop().ok_or_else(|| Error::not_found("user"))
}

/// A user, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: PrincipalId) -> Result<User> {
    let rows = u::table.find(id).select(COLUMNS).for_no_key_update().load(tx.conn())?;
    whole(tx.conn(), rows)?.pop().ok_or_else(|| Error::not_found("user"))
}

/// A page of users, by address, as their grants are at a moment.
pub fn page(
    conn: &mut PgConnection,
    filter: &UserFilter,
    now: Moment,
    page: &PageRequest<UserKey>,
) -> QueryResult<Vec<User>> {
    let mut query =
        u::table.order((sql::<Text>("lower(email)"), u::id)).limit(page.limit + 1).select(COLUMNS).into_boxed();
    if let Some(text) = &filter.text {
        let like = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        query = query.filter(u::email.ilike(like.clone()).or(u::name.ilike(like)));
    }
    query = match filter.status {
        Some(UserStatus::Disabled) => query.filter(u::disabled_at.is_not_null()),
        Some(UserStatus::Invited) => query.filter(u::disabled_at.is_null().and(u::password_hash.is_null())),
        Some(UserStatus::Active) => query.filter(u::disabled_at.is_null().and(u::password_hash.is_not_null())),
        None => query,
    };
    if filter.role.is_some() || filter.location.is_some() || filter.location_group.is_some() {
        let mut held = g::table.filter(g::ends_at.is_null().or(g::ends_at.gt(now))).select(g::user_id).into_boxed();
        if let Some(role) = &filter.role {
            held = held.filter(g::role.eq(role));
        }
        if let Some(location) = filter.location {
            let groups = m::table.filter(m::location_id.eq(location)).select(m::group_id.nullable());
            held = held.filter(g::location_id.eq(location).or(g::is_group.and(g::location_id.eq_any(groups))));
        }
        if let Some(group) = filter.location_group {
            held = held.filter(g::is_group.and(g::location_id.eq(group)));
        }
        query = query.filter(u::id.eq_any(held));
    }
    if let Some((email, id)) = &page.after {
        let after = sql::<Bool>("(lower(email), users.id) > (lower(").bind::<Text, _>(email.clone()).sql("), ");
        query = query.filter(after.bind::<SqlUuid, _>(*id).sql(")"));
    }
    let rows = query.load(conn)?;
    whole(conn, rows)
}

/// Adds a user, with the hash of a password if one is known already; the address is unique.
pub fn insert(tx: &mut Write, id: PrincipalId, said: (&str, &str), password_hash: Option<&str>) -> Result<()> {
    let ((email, name), now) = (said, tx.now());
    let row = (
        u::id.eq(id),
        u::email.eq(email),
        u::name.eq(name),
        u::password_hash.eq(password_hash),
        u::tokens_valid_from.eq(now),
        u::created_at.eq(now),
        u::updated_at.eq(now),
    );
    let done = diesel::insert_into(u::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "users_email_key") {
        true => Error::at(Code::EmailTaken, "/email", format!("there is a user {email} already")),
        false => error.into(),
    })?;
    Ok(())
}

/// Adds a grant; it overlaps none of the same role and place, which the caller has looked at.
pub fn add_grant(tx: &mut Write, user: PrincipalId, grant: &NewGrant) -> QueryResult<()> {
    let row = (
        g::id.eq(GrantId::new()),
        g::user_id.eq(user),
        g::role.eq(&grant.role),
        g::location_id.eq(grant.location_id.map(|of| of.0).or(grant.location_group_id.map(|of| of.0))),
        g::is_group.eq(grant.location_group_id.is_some()),
        g::created_at.eq(tx.now()),
        g::starts_at.eq(grant.starts_at.unwrap_or(tx.now())),
        g::ends_at.eq(grant.ends_at),
    );
    diesel::insert_into(g::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Takes a grant away.
pub fn remove_grant(tx: &mut Write, user: PrincipalId, grant: GrantId) -> Result<()> {
    match diesel::delete(g::table.find(grant).filter(g::user_id.eq(user))).execute(tx.conn())? {
        0 => Err(Error::not_found("grant")),
        _ => Ok(()),
    }
}

/// Writes the name of a user, and from when they may not sign in.
pub fn save(tx: &mut Write, user: &User) -> QueryResult<()> {
    let changed = (
        u::name.eq(&user.name),
        u::disabled_at.eq(user.disabled_at),
        u::version.eq(user.version),
        u::updated_at.eq(user.updated_at),
    );
    diesel::update(u::table.find(user.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// Sets a password, and ends all that the user is signed in with and all links by which another could be chosen.
pub fn set_password(tx: &mut Write, id: PrincipalId, hash: &str) -> QueryResult<()> {
    diesel::update(u::table.find(id)).set(u::password_hash.eq(hash)).execute(tx.conn())?;
    diesel::delete(k::table.filter(k::user_id.eq(id))).execute(tx.conn())?;
    end_all(tx, id)
}

/// The hash of a user's password.
pub fn password_hash(conn: &mut PgConnection, id: PrincipalId) -> QueryResult<Option<String>> {
    let found = u::table.find(id).select(u::password_hash).first::<Option<String>>(conn).optional()?;
    Ok(found.flatten())
}

/// Locks the admins everywhere whose grant has no end and who can sign in, and returns them: of two who take the last
/// ones away at once, one waits and sees what the other left.
pub fn lock_admins(tx: &mut Write) -> QueryResult<Vec<PrincipalId>> {
    let locking = u::table.filter(is_lasting_admin(tx.now())).order(u::id).select(u::id).for_no_key_update();
    locking.load::<PrincipalId>(tx.conn())
}

/// True if there is such an admin.
pub fn is_an_admin_left(tx: &mut Write) -> QueryResult<bool> {
    diesel::select(exists(u::table.filter(is_lasting_admin(tx.now())))).get_result(tx.conn())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn is_lasting_admin(now: Moment) -> _ {
    let code: CodeName = CodeName::from(Role::Admin);
    let of_admin = g::user_id.eq(u::id).and(g::role.eq(code)).and(g::location_id.is_null());
    let is_lasting = g::ends_at.is_null().and(g::starts_at.is_null().or(g::starts_at.le(now)));
    let can_sign_in = u::disabled_at.is_null().and(u::password_hash.is_not_null());
    can_sign_in.and(exists(g::table.filter(of_admin).filter(is_lasting)))
}

/// The locations among these that do not exist.
pub fn unknown_locations(tx: &mut Write, ids: &[LocationId]) -> Result<Vec<LocationId>> {
    #[derive(QueryableByName)]
    struct Unknown {
        #[diesel(sql_type = SqlUuid)]
        id: LocationId,
    }
    let query = sql_query("select id from unknown_locations($1) as u (id)").bind::<Array<SqlUuid>, _>(ids);
    Ok(query.load::<Unknown>(tx.conn())?.into_iter().map(|row| row.id).collect())
}

/// A link to be kept.
pub struct NewLink {
    pub token_hash: Vec<u8>,
    pub user: PrincipalId,
    pub expires_at: Moment,
    pub by: PrincipalId,
}

/// Keeps a link in place of those that the user had.
pub fn put_link(tx: &mut Write, link: &NewLink) -> QueryResult<()> {
    diesel::delete(k::table.filter(k::user_id.eq(link.user))).execute(tx.conn())?;
    let row = (
        k::token_hash.eq(&link.token_hash),
        k::user_id.eq(link.user),
        k::expires_at.eq(link.expires_at),
        k::created_by.eq(link.by),
        k::created_at.eq(tx.now()),
    );
    diesel::insert_into(k::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The user of a link that works at a moment.
pub fn user_of_link(conn: &mut PgConnection, token_hash: &[u8], now: Moment) -> QueryResult<Option<PrincipalId>> {
    k::table.find(token_hash).filter(k::expires_at.gt(now)).select(k::user_id).first(conn).optional()
}

/// Takes a link of a user away, and returns who gave it if it worked; of two who use it at once one has it.
pub fn take_link(tx: &mut Write, token_hash: &[u8], user: PrincipalId) -> QueryResult<Option<PrincipalId>> {
    let link = k::table.find(token_hash).filter(k::user_id.eq(user).and(k::expires_at.gt(tx.now())));
    diesel::delete(link).returning(k::created_by).get_result(tx.conn()).optional()
}

/// Takes the links of a user away, and those that they gave to others and may have kept.
pub fn drop_links(tx: &mut Write, user: PrincipalId) -> QueryResult<()> {
    diesel::delete(k::table.filter(k::user_id.eq(user).or(k::created_by.eq(user)))).execute(tx.conn())?;
    Ok(())
}

/// Deletes at most `most` links that expired before a time, and returns how many.
pub fn delete_links(conn: &mut PgConnection, before: Moment, most: i64) -> QueryResult<usize> {
    let some = k::table.filter(k::expires_at.lt(before)).order(k::expires_at).limit(most);
    let some: Vec<Vec<u8>> = some.select(k::token_hash).load(conn)?;
    diesel::delete(k::table.filter(k::token_hash.eq_any(some))).execute(conn)
}

//! The roles of the brand in PostgreSQL.
use super::model::{NewRole, RoleDefinition};
use crate::{
    access::schema::{grants as g, roles as r},
    kernel::{
        Code, CodeName, Error, Result,
        actor::{Permission, Permissions, Role},
    },
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*, select};
use std::collections::BTreeMap;

type Moment = DateTime<Utc>;

#[derive(Queryable)]
struct RoleRow {
    code: CodeName,
    name: String,
    permissions: Vec<String>,
    version: i64,
    created_at: Moment,
    updated_at: Moment,
}

/// The permissions of these names; a server of before does not know all that a later one has written.
pub fn known(names: &[String]) -> Permissions {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// The permissions of a role, with those that are written for it if it is one of the brand.
pub fn permissions_of(role: &CodeName, written: Option<&[String]>) -> Permissions {
    match role.as_str().parse::<Role>() {
        Ok(role) => role.permissions(),
        Err(_) => written.map(known).unwrap_or_default(),
    }
}

fn role(row: RoleRow) -> RoleDefinition {
    let RoleRow { code, name, permissions, version, created_at, updated_at } = row;
    RoleDefinition {
        code,
        name,
        is_built_in: false,
        permissions: known(&permissions).iter().collect(),
        version,
        created_at: Some(created_at),
        updated_at: Some(updated_at),
    }
}

fn found(row: Option<RoleRow>) -> Result<RoleDefinition> {
    row.map(role).ok_or_else(|| Error::not_found("role"))
}

/// All roles of the brand.
pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<RoleDefinition>> {
    Ok(r::table.load(conn)?.into_iter().map(role).collect())
}

/// A role of the brand.
pub fn by_code(conn: &mut PgConnection, code: &CodeName) -> Result<RoleDefinition> {
    found(r::table.find(code).first(conn).optional()?)
}

/// A role of the brand, locked until the transaction ends.
pub fn lock(tx: &mut Write, code: &CodeName) -> Result<RoleDefinition> {
    found(r::table.find(code).for_update().first(tx.conn()).optional()?)
}

/// The permissions of those of these roles that exist; those of the brand stay until the transaction ends.
pub fn share(tx: &mut Write, codes: &[CodeName]) -> QueryResult<BTreeMap<CodeName, Permissions>> {
    let wanted = r::table.filter(r::code.eq_any(codes)).order(r::code).select((r::code, r::permissions));
    let rows: Vec<(CodeName, Vec<String>)> = wanted.for_key_share().load(tx.conn())?;
    let own = rows.into_iter().map(|(code, permissions)| (code, known(&permissions)));
    let built_in = codes.iter().filter_map(|code| Some((code.clone(), code.as_str().parse::<Role>().ok()?)));
    Ok(own.chain(built_in.map(|(code, role)| (code, role.permissions()))).collect())
}

/// The words under which permissions are written, each once.
pub fn words(permissions: &[Permission]) -> Vec<&'static str> {
    permissions.iter().copied().collect::<Permissions>().iter().map(Permission::as_str).collect()
}

/// Adds a role; its code is unique.
pub fn insert(tx: &mut Write, new: &NewRole) -> Result<RoleDefinition> {
    let now = tx.now();
    let row = (
        r::code.eq(&new.code),
        r::name.eq(&*new.name),
        r::permissions.eq(words(&new.permissions)),
        r::version.eq(1),
        r::created_at.eq(now),
        r::updated_at.eq(now),
    );
    let done = diesel::insert_into(r::table).values(row).get_result(tx.conn());
    done.map(role).map_err(|error| match violated(&error).is_some_and(|it| it.0 == "roles_pkey") {
        true => taken(&new.code),
        false => error.into(),
    })
}

/// The refusal of a code that a role has.
pub fn taken(code: &CodeName) -> Error {
    Error::at(Code::RoleExists, "/code", format!("there is a role {code} already"))
}

/// Writes the name and the permissions of a role.
pub fn save(tx: &mut Write, after: &RoleDefinition) -> QueryResult<()> {
    let changed = (
        r::name.eq(&after.name),
        r::permissions.eq(words(&after.permissions)),
        r::version.eq(after.version),
        r::updated_at.eq(tx.now()),
    );
    diesel::update(r::table.find(&after.code)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// True if someone has a grant of a role, be it over or yet to come.
pub fn is_granted(tx: &mut Write, code: &CodeName) -> QueryResult<bool> {
    select(exists(g::table.filter(g::role.eq(code)))).get_result(tx.conn())
}

/// Deletes a role.
pub fn delete(tx: &mut Write, code: &CodeName) -> QueryResult<()> {
    diesel::delete(r::table.find(code)).execute(tx.conn())?;
    Ok(())
}

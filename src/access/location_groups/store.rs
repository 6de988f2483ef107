//! Groups of locations in PostgreSQL.
use super::model::{LocationGroup, NewLocationGroup};
use crate::{
    access::schema::{grants as g, location_group_members as m, location_groups as l},
    kernel::{Code, CodeName, Error, LocationGroupId, LocationId, PageRequest, Result},
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::{BTreeSet, HashMap};

type Moment = DateTime<Utc>;

#[derive(Queryable)]
struct GroupRow {
    id: LocationGroupId,
    code: CodeName,
    name: String,
    version: i64,
    created_at: Moment,
    updated_at: Moment,
}

fn whole(conn: &mut PgConnection, rows: Vec<GroupRow>) -> QueryResult<Vec<LocationGroup>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let wanted = m::table.filter(m::group_id.eq_any(ids)).order((m::group_id, m::location_id));
    let mut members = HashMap::<LocationGroupId, Vec<LocationId>>::new();
    for (group, location) in wanted.load::<(LocationGroupId, LocationId)>(conn)? {
        members.entry(group).or_default().push(location);
    }
    let group = |GroupRow { id, code, name, version, created_at, updated_at }| LocationGroup {
        id,
        code,
        name,
        location_ids: members.remove(&id).unwrap_or_default(),
        version,
        created_at,
        updated_at,
    };
    Ok(rows.into_iter().map(group).collect())
}

/// A group.
pub fn by_id(conn: &mut PgConnection, id: LocationGroupId) -> Result<LocationGroup> {
    let rows = l::table.find(id).load(conn)?;
    whole(conn, rows)?.pop().ok_or_else(|| Error::not_found("location group"))
}

/// A group, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: LocationGroupId) -> Result<LocationGroup> {
    let rows = l::table.find(id).for_update().load(tx.conn())?;
    whole(tx.conn(), rows)?.pop().ok_or_else(|| Error::not_found("location group"))
}

/// Those of these groups that exist; they stay until the transaction ends.
pub fn share(tx: &mut Write, ids: &[LocationGroupId]) -> QueryResult<Vec<LocationGroupId>> {
    l::table.filter(l::id.eq_any(ids)).order(l::id).select(l::id).for_key_share().load(tx.conn())
}

/// A page of groups, by code.
pub fn page(conn: &mut PgConnection, page: &PageRequest<String>) -> QueryResult<Vec<LocationGroup>> {
    let mut query = l::table.order(l::code).limit(page.limit + 1).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(l::code.gt(after));
    }
    let rows = query.load(conn)?;
    whole(conn, rows)
}

fn add_members(tx: &mut Write, id: LocationGroupId, locations: &[LocationId]) -> QueryResult<()> {
    let each: BTreeSet<_> = locations.iter().copied().collect();
    let rows: Vec<_> = each.into_iter().map(|location| (m::group_id.eq(id), m::location_id.eq(location))).collect();
    diesel::insert_into(m::table).values(rows).execute(tx.conn())?;
    Ok(())
}

/// Adds a group; its code is unique.
pub fn insert(tx: &mut Write, new: &NewLocationGroup) -> Result<LocationGroup> {
    let (id, now) = (LocationGroupId::new(), tx.now());
    let row = (
        l::id.eq(id),
        l::code.eq(&new.code),
        l::name.eq(&*new.name),
        l::version.eq(1),
        l::created_at.eq(now),
        l::updated_at.eq(now),
    );
    let done = diesel::insert_into(l::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "location_groups_code_key") {
        true => {
            let said = format!("there is a location group {} already", new.code);
            Error::at(Code::LocationGroupExists, "/code", said)
        }
        false => error.into(),
    })?;
    add_members(tx, id, &new.location_ids)?;
    by_id(tx.conn(), id)
}

/// Writes the name and the locations of a group.
pub fn save(tx: &mut Write, after: &LocationGroup) -> QueryResult<()> {
    let changed = (l::name.eq(&after.name), l::version.eq(after.version), l::updated_at.eq(tx.now()));
    diesel::update(l::table.find(after.id)).set(changed).execute(tx.conn())?;
    diesel::delete(m::table.filter(m::group_id.eq(after.id))).execute(tx.conn())?;
    add_members(tx, after.id, &after.location_ids)
}

/// The roles that users have grants of for a group, with those that are over or yet to come.
pub fn roles_of(tx: &mut Write, id: LocationGroupId) -> QueryResult<Vec<CodeName>> {
    let grants = g::table.filter(g::is_group.and(g::location_id.eq(id.0)));
    grants.select(g::role).distinct().order(g::role).load(tx.conn())
}

/// Deletes a group.
pub fn delete(tx: &mut Write, id: LocationGroupId) -> QueryResult<()> {
    diesel::delete(l::table.find(id)).execute(tx.conn())?;
    Ok(())
}

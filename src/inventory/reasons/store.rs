//! Reasons in PostgreSQL.
use crate::{
    inventory::{
        model::{Direction, Node},
        reasons::model::{NewReason, Reason},
        schema::reasons as r,
    },
    kernel::{Code, Error, PageRequest, Result},
    platform::db::{Write, violated},
};
use diesel::prelude::*;

type Row = (String, String, Direction, Node, bool, i64, chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>);

fn of(row: Row) -> Reason {
    let (code, name, direction, node, is_active, version, created_at, updated_at) = row;
    Reason { code, name, direction, node, is_active, version, created_at, updated_at }
}

/// A page of the list, in order of code.
pub fn reasons(conn: &mut PgConnection, page: &PageRequest<String>) -> QueryResult<Vec<Reason>> {
    let mut query = r::table.order(r::code).limit(page.limit + 1).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(r::code.gt(after));
    }
    Ok(query.load::<Row>(conn)?.into_iter().map(of).collect())
}

pub fn reason(conn: &mut PgConnection, code: &str) -> QueryResult<Option<Reason>> {
    Ok(r::table.find(code).first::<Row>(conn).optional()?.map(of))
}

pub fn lock(conn: &mut PgConnection, code: &str) -> QueryResult<Option<Reason>> {
    Ok(r::table.find(code).for_no_key_update().first::<Row>(conn).optional()?.map(of))
}

/// Adds a reason; its code is unique.
pub fn insert(tx: &mut Write, new: &NewReason) -> Result<Reason> {
    let now = tx.now();
    let inserted = diesel::insert_into(r::table)
        .values((
            (r::code.eq(&new.code), r::name.eq(&*new.name), r::direction.eq(new.direction), r::node.eq(new.node)),
            (r::created_at.eq(now), r::updated_at.eq(now)),
        ))
        .get_result::<Row>(tx.conn());
    inserted.map(of).map_err(|error| match violated(&error) {
        Some(constraint) if constraint.0 == "reasons_pkey" => {
            Error::refused(Code::ReasonCodeTaken, format!("the reason {} is on the list already", new.code))
        }
        _ => error.into(),
    })
}

pub fn save(conn: &mut PgConnection, reason: &Reason) -> QueryResult<usize> {
    diesel::update(r::table.find(&reason.code))
        .set((
            r::name.eq(&reason.name),
            r::is_active.eq(reason.is_active),
            r::version.eq(reason.version),
            r::updated_at.eq(reason.updated_at),
        ))
        .execute(conn)
}

crate::text_enum_in_sql!(Direction, Node);

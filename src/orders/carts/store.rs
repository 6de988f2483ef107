//! Quotes in PostgreSQL.
use super::rules::Quoted;
use crate::{
    kernel::{PrincipalId, QuoteId},
    orders::schema::quotes as q,
    platform::db::{Json, Write},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Adds a quote of someone with the moment at which it expires.
pub fn insert(tx: &mut Write, id: QuoteId, quoted: &Quoted, of: (PrincipalId, DateTime<Utc>)) -> QueryResult<()> {
    let (by, expires_at) = of;
    let now = tx.now();
    let row = (
        q::id.eq(id),
        q::principal_id.eq(by),
        q::quoted.eq(Json(quoted)),
        q::created_at.eq(now),
        q::expires_at.eq(expires_at),
    );
    diesel::insert_into(q::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// A quote with the moment at which it expires.
pub fn by_id(conn: &mut PgConnection, id: QuoteId) -> QueryResult<Option<(Quoted, DateTime<Utc>)>> {
    let row: Option<(Json<Quoted>, DateTime<Utc>)> =
        q::table.find(id).select((q::quoted, q::expires_at)).first(conn).optional()?;
    Ok(row.map(|(Json(quoted), expires_at)| (quoted, expires_at)))
}

/// Deletes some of the quotes that expired before a moment.
pub fn delete_before(conn: &mut PgConnection, before: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let old = q::table.filter(q::expires_at.lt(before)).order(q::expires_at).limit(most).select(q::id);
    let ids: Vec<QuoteId> = old.load(conn)?;
    diesel::delete(q::table.filter(q::id.eq_any(ids))).execute(conn)
}

//! Imports in PostgreSQL.
use super::{
    model::{ImportKind, ImportStatus, RowStatus},
    outcomes::Noted,
};
use crate::{
    bulk::schema::{import_rows as ir, imports as i},
    kernel::{ImportId, PageRequest, PrincipalId, Result},
    platform::{
        db::{Statement, Write},
        files::TableRow,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A file that is worked through.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = i)]
pub struct Import {
    /// Identifies the import.
    pub id: ImportId,
    /// The kind of its rows.
    pub kind: ImportKind,
    /// The state that it is in.
    pub status: ImportStatus,
    /// Rows of the file.
    pub rows: i32,
    /// Rows that are done.
    pub done: i32,
    /// Rows that were refused.
    pub failed: i32,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When the last row was done.
    pub finished_at: Option<DateTime<Utc>>,
    /// Nothing is changed. Rows of stock are judged by themselves, as if each were the only one; rows of a product that
    /// stand together are judged together.
    pub dry_run: bool,
    /// Columns of an export that were not read: changing them changes nothing.
    pub ignored_columns: Vec<String>,
    /// Rows of an export that are in the books already.
    pub skipped: i32,
    /// Every row up to this one has its outcome.
    #[serde(skip)]
    pub through: i32,
}

/// A row of a file, and what became of it.
#[derive(Debug, Clone, Queryable, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its line in the file, from 1; a heading is line 1.
    pub row_no: i32,
    /// The row as it was understood.
    pub line: String,
    /// The state that it is in.
    pub status: RowStatus,
    /// The lasting code of the refusal.
    pub code: Option<String>,
    /// Why it was refused.
    pub detail: Option<String>,
}

/// Rows written in one statement at most.
const AT_ONCE: usize = 10_000;

/// Writes an import with its rows.
pub fn insert(conn: &mut PgConnection, import: &Import, rows: &[TableRow]) -> QueryResult<()> {
    diesel::insert_into(i::table).values(import.clone()).execute(conn)?;
    for some in rows.chunks(AT_ONCE) {
        let sql = "insert into import_rows (import_id, row_no, line, status) \
                   select $1::uuid, r.*, 'waiting' from unnest($2::integer[], $3::text[]) as r";
        Statement::new(sql)
            .bind::<SqlUuid, _>(import.id)
            .bind::<Array<Integer>, _>(some.iter().map(|row| row.no).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(some.iter().map(|row| row.line.clone()).collect::<Vec<_>>())
            .execute(conn)?;
    }
    Ok(())
}

pub fn import(conn: &mut PgConnection, id: ImportId) -> QueryResult<Option<Import>> {
    i::table.find(id).first(conn).optional()
}

/// Imports of someone, and those of some kinds by whomever, newest first, at most one more than the page.
pub fn imports(
    conn: &mut PgConnection,
    by: PrincipalId,
    kinds: &[ImportKind],
    page: &PageRequest<ImportId>,
) -> QueryResult<Vec<Import>> {
    let is_seen = i::created_by.eq(by).or(i::kind.eq_any(kinds));
    let mut query = i::table.filter(is_seen).order(i::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(i::id.lt(after));
    }
    query.load(conn)
}

/// Rows of an import in their order, at most one more than the page.
pub fn rows(
    conn: &mut PgConnection,
    id: ImportId,
    status: Option<RowStatus>,
    page: &PageRequest<i32>,
) -> QueryResult<Vec<ImportRow>> {
    let mut query = ir::table.filter(ir::import_id.eq(id)).order(ir::row_no).limit(page.limit + 1).into_boxed();
    if let Some(status) = status {
        query = query.filter(ir::status.eq(status));
    }
    if let Some(after) = page.after {
        query = query.filter(ir::row_no.gt(after));
    }
    query.select((ir::row_no, ir::line, ir::status, ir::code, ir::detail)).load(conn)
}

#[derive(QueryableByName)]
struct NextRow {
    #[diesel(sql_type = SqlUuid)]
    id: ImportId,
}

/// The import to go on with: files of one user in their order, those of several users by turns.
pub fn next(conn: &mut PgConnection) -> QueryResult<Option<Import>> {
    let next: Option<NextRow> = Statement::new(include_str!("sql/next.sql")).get_result(conn).optional()?;
    next.map_or(Ok(None), |next| import(conn, next.id))
}

/// Rows of an import that wait, in their order, at most so many.
pub fn waiting(conn: &mut PgConnection, import: &Import, most: i64) -> QueryResult<Vec<ImportRow>> {
    let page = PageRequest { limit: most - 1, after: Some(import.through) };
    rows(conn, import.id, Some(RowStatus::Waiting), &page)
}

/// Notes what became of rows, and how far the import is; one that was ended stays so. Every row up to `through` has its
/// outcome then.
pub fn note(conn: &mut PgConnection, id: ImportId, noted: &Noted<'_>, now: DateTime<Utc>) -> QueryResult<()> {
    let (rows, numbers) = (noted.rows, || noted.rows.iter().map(|row| row.row_no));
    let (Some(least), Some(most)) = (numbers().min(), numbers().max()) else { return Ok(()) };
    Statement::new(include_str!("sql/note_rows.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<Array<Integer>, _>(numbers().collect::<Vec<_>>())
        .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.detail.clone()).collect::<Vec<_>>())
        .bind::<Integer, _>(least)
        .bind::<Integer, _>(most)
        .bind::<Integer, _>(noted.through)
        .bind::<Timestamptz, _>(now)
        .execute(conn)?;
    Ok(())
}

/// Ends an import of which no row waits.
pub fn finish(conn: &mut PgConnection, id: ImportId, now: DateTime<Utc>) -> QueryResult<()> {
    let ending = Statement::new(include_str!("sql/finish.sql"));
    ending.bind::<SqlUuid, _>(id).bind::<Timestamptz, _>(now).execute(conn)?;
    Ok(())
}

/// Ends an import that has not ended; none if it has.
pub fn cancel(conn: &mut PgConnection, id: ImportId, now: DateTime<Utc>) -> QueryResult<Option<Import>> {
    let open = i::table.find(id).filter(i::status.eq_any([ImportStatus::Queued, ImportStatus::Running]));
    diesel::update(open)
        .set((
            i::status.eq(ImportStatus::Canceled),
            i::version.eq(i::version + 1),
            i::updated_at.eq(now),
            i::finished_at.eq(now),
        ))
        .get_result(conn)
        .optional()
}

/// An import that has not ended, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: ImportId) -> QueryResult<Option<Import>> {
    let open = i::table.find(id).filter(i::status.eq_any([ImportStatus::Queued, ImportStatus::Running]));
    open.for_no_key_update().first(conn).optional()
}

/// Deletes rows of imports that ended before a moment, and then the imports, some at once; returns how many.
pub fn delete_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    for statement in [include_str!("sql/delete_rows.sql"), include_str!("sql/delete_imports.sql")] {
        let deleting = Statement::new(statement).bind::<Timestamptz, _>(before).bind::<BigInt, _>(most);
        let count = deleting.execute(tx.conn())?;
        if count > 0 {
            return Ok(count);
        }
    }
    Ok(0)
}

crate::text_enum_in_sql!(ImportKind, ImportStatus, RowStatus);

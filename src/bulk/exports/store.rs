//! Exports in PostgreSQL.
use super::model::{Export, ExportFilter, ExportKind, ExportStatus};
use crate::{
    bulk::schema::{export_parts as p, exports as e},
    kernel::{Error, ExportId, LocationId, Locations, PageRequest, PrincipalId, Result},
    platform::{
        db::{Json, Statement, Write},
        files::Format,
    },
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Timestamptz},
};

crate::text_enum_in_sql!(ExportKind, ExportStatus, Format);

/// A row as it stands in the table.
#[derive(Queryable)]
struct ExportRow {
    id: ExportId,
    kind: ExportKind,
    format: Format,
    filter: Json<ExportFilter>,
    status: ExportStatus,
    rows: i64,
    bytes: i64,
    parts: i32,
    cursor: Option<String>,
    detail: Option<String>,
    places: Option<Vec<LocationId>>,
    costs: Option<Vec<LocationId>>,
    tries: i32,
    created_by: PrincipalId,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
}

impl From<ExportRow> for Export {
    fn from(row: ExportRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            format: row.format,
            filter: row.filter.0,
            status: row.status,
            rows: row.rows,
            bytes: row.bytes,
            parts: row.parts,
            cursor: row.cursor,
            detail: row.detail,
            places: Locations::of_ids(row.places),
            costs: Locations::of_ids(row.costs),
            tries: row.tries,
            created_by: row.created_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            finished_at: row.finished_at,
        }
    }
}

const OPEN: [ExportStatus; 2] = [ExportStatus::Queued, ExportStatus::Running];

/// Adds an export.
pub fn insert(conn: &mut PgConnection, export: &Export) -> QueryResult<()> {
    let row = (
        e::id.eq(export.id),
        e::kind.eq(export.kind),
        e::format.eq(export.format),
        e::filter.eq(Json(&export.filter)),
        e::status.eq(export.status),
        e::places.eq(export.places.ids()),
        e::costs.eq(export.costs.ids()),
        e::created_by.eq(export.created_by),
        e::created_at.eq(export.created_at),
        e::updated_at.eq(export.updated_at),
    );
    diesel::insert_into(e::table).values(row).execute(conn)?;
    Ok(())
}

/// An export by its id.
pub fn export(conn: &mut PgConnection, id: ExportId) -> QueryResult<Option<Export>> {
    Ok(e::table.find(id).first::<ExportRow>(conn).optional()?.map(Export::from))
}

/// Exports of someone, newest first, at most one more than the page.
pub fn exports(conn: &mut PgConnection, by: PrincipalId, page: &PageRequest<ExportId>) -> QueryResult<Vec<Export>> {
    let mut query = e::table.filter(e::created_by.eq(by)).order(e::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(e::id.lt(after));
    }
    Ok(query.load::<ExportRow>(conn)?.into_iter().map(Export::from).collect())
}

/// The export to go on with: of those that have not ended the one that was least often tried in vain, the oldest first.
pub fn next(conn: &mut PgConnection) -> QueryResult<Option<Export>> {
    let open = e::table.filter(e::status.eq_any(OPEN)).order((e::tries, e::created_at, e::id));
    Ok(open.first::<ExportRow>(conn).optional()?.map(Export::from))
}

/// An export that has not ended, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: ExportId) -> QueryResult<Option<Export>> {
    let open = e::table.find(id).filter(e::status.eq_any(OPEN)).for_no_key_update();
    Ok(open.first::<ExportRow>(conn).optional()?.map(Export::from))
}

/// A part of the file, and the place up to which it goes.
#[derive(Debug, Clone)]
pub struct Part {
    pub content: String,
    pub rows: usize,
    /// None if it is the last.
    pub cursor: Option<String>,
}

/// Adds a part to an export that is locked; the last one ends it.
pub fn add(tx: &mut Write, export: Export, part: Part) -> Result<Export> {
    let count = |units: usize| i64::try_from(units).unwrap_or(i64::MAX);
    let is_last = part.cursor.is_none();
    let after = Export {
        rows: export.rows + count(part.rows),
        bytes: export.bytes + count(part.content.len()),
        parts: export.parts + i32::from(!part.content.is_empty()),
        cursor: part.cursor,
        tries: 0,
        status: if is_last { ExportStatus::Finished } else { ExportStatus::Running },
        finished_at: is_last.then(|| tx.now()),
        ..export
    };
    if !part.content.is_empty() {
        let row = (p::export_id.eq(after.id), p::part_no.eq(after.parts), p::content.eq(part.content));
        diesel::insert_into(p::table).values(row).execute(tx.conn())?;
    }
    save(tx, after)
}

/// Notes that a part of an export that is locked could not be read, and lets others go first.
pub fn put_off(tx: &mut Write, export: Export) -> Result<Export> {
    let after = Export { tries: export.tries + 1, ..export };
    save(tx, after)
}

/// Ends an export that is locked without its file. Its parts are deleted in small pieces.
pub fn end(tx: &mut Write, export: Export, status: ExportStatus, detail: Option<String>) -> Result<Export> {
    let after = Export { status, detail, finished_at: Some(tx.now()), cursor: None, ..export };
    save(tx, after)
}

fn save(tx: &mut Write, export: Export) -> Result<Export> {
    let after = Export { version: export.version + 1, updated_at: tx.now(), ..export };
    let set = (
        e::status.eq(after.status),
        e::rows.eq(after.rows),
        e::bytes.eq(after.bytes),
        e::parts.eq(after.parts),
        e::cursor.eq(&after.cursor),
        e::detail.eq(&after.detail),
        e::tries.eq(after.tries),
        e::version.eq(after.version),
        e::updated_at.eq(after.updated_at),
        e::finished_at.eq(after.finished_at),
    );
    diesel::update(e::table.find(after.id)).set(set).execute(tx.conn())?;
    Ok(after)
}

/// A part of a file, from 1.
pub fn part(conn: &mut PgConnection, id: ExportId, no: i32) -> Result<String> {
    let found: Option<String> = p::table.find((id, no)).select(p::content).first(conn).optional()?;
    found.ok_or_else(|| Error::not_found("part of the export"))
}

/// Parts deleted in a transaction at most: each has some hundred rows.
const PARTS_AT_ONCE: i64 = 50;

/// Deletes parts of exports that ended before a moment or without their file, and then the exports that ended before,
/// some at once; returns how many.
pub fn delete_before(tx: &mut Write, before: DateTime<Utc>, most: i64) -> Result<usize> {
    let statements = [
        (include_str!("sql/delete_parts.sql"), most.min(PARTS_AT_ONCE)),
        (include_str!("sql/delete_exports.sql"), most),
    ];
    for (statement, most) in statements {
        let deleting = Statement::new(statement).bind::<Timestamptz, _>(before).bind::<BigInt, _>(most);
        let count = deleting.execute(tx.conn())?;
        if count > 0 {
            return Ok(count);
        }
    }
    Ok(0)
}

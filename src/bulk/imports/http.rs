//! Imports: send a file, look how far it is, read the report, give it up.
use super::{
    model::{EmptyCells, ImportKind, RowStatus},
    start::{self as starting, Upload},
    store::{self, Import, ImportRow},
};
use crate::{
    kernel::{Actor, ImportId, Page, Result, actor::Permission},
    platform::{
        db::Db,
        files::Reading,
        http::{
            Change, File, Gate, Listed, Located, Nothing, OptionalKey, PageQuery, Params, PathOf, RequiredKey, listed,
            page_of, versioned,
        },
        idempotency::{Caller, Recorded},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of imports and exports.
pub fn routes(config: &mut ServiceConfig) {
    config.service(start).service(list).service(show).service(rows).service(cancel);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct StartQuery {
    /// The kind of rows.
    #[param(inline)]
    kind: ImportKind,
    /// Judges every row and changes nothing. Rows of stock are judged by themselves, those of a product that stand
    /// together as they follow each other.
    dry_run: Option<bool>,
    /// The meaning of empty cells of CSV in files of the catalog; `keep`, if absent.
    #[param(inline)]
    empty_cells: Option<EmptyCells>,
}

/// Import a file
///
/// CSV with a heading, or JSON lines, of up to 100,000 rows. Encoding (UTF-8, UTF-16, Windows-1252), delimiter (comma,
/// semicolon, tab, bar) and decimal comma are found out, headings may be written in any case. Rows are worked through
/// in the background while sales go on, each as a request of yours; follow the address in `Location`. An export can be
/// sent again as it is: what is so already is skipped, and a receipt or a line of a count that the books do not hold as
/// the file tells it is refused. Good rows are done although others fail. With `dry_run` nothing is changed, and `done`
/// counts the rows that would be; send the real run under a key of its own. A file has up to 16 MiB. Files of the
/// catalog need the permission to write it beside `imports:write`. `products` have a row for each variant, with the
/// columns product (its slug), name, brand, category, category_slug, description, inci, pao_months, tax_class,
/// product_status, publications, attributes, sku, gtin, shade, shade_code, shade_family, undertone, swatch, size,
/// lot_control, weight_grams, shelf_life_days, dangerous_goods, hs_code, purpose, status: a known SKU or slug is
/// changed, another one is made, what a row does not say stays, and null of JSON takes a value away, as an empty cell
/// does with `empty_cells=clear`;
/// `prices` sku, channel or price_list, currency, amount_minor, compare_at_minor, min_quantity, starts_at, ends_at,
/// tax_included;
/// `translations` product, language, name, description; `media` product, position (from 0), url, kind, alt, sku.
/// `levels` have the columns location, sku, delta or set with reason, state, lot and note, or safety_stock,
/// reorder_threshold, reorder_quantity and backorder_limit; `counts` count_id, sku, lot, quantity, counted_at (and, in
/// exports, status); `receipts` location, purchase_order_id, supplier_id, reference, sku or scan, lot, made_on,
/// expires_on, pao_months, accepted, rejected, condition, unit_cost_minor, currency, exchange_rate (and, in exports,
/// receipt_id).
#[utoipa::path(
    tag = "imports", operation_id = "startImport",
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"))), params(StartQuery, RequiredKey),
    responses(
        (status = 202, body = Import, description = "The import"),
        (status = 415, description = "Neither CSV nor JSON lines"),
        (status = 422, description = "The file cannot be split into rows"),
    ),
    extensions(("x-permission" = json!("imports:write"))),
)]
#[post("/v1/imports", wrap = "Gate")]
pub async fn start(
    actor: Actor,
    db: web::Data<Db>,
    query: Params<StartQuery>,
    key: RequiredKey,
    file: File,
) -> Result<Located<Import>> {
    let key = key.for_body(&actor, &file.fingerprint);
    let StartQuery { kind, dry_run, empty_cells } = query.0;
    let reading = Reading { is_csv: file.is_csv, clears: empty_cells == Some(EmptyCells::Clear) };
    let upload = Upload { kind, is_dry_run: dry_run.unwrap_or(false), bytes: &file.bytes, reading };
    Ok(starting::start(&db, Caller::new(actor, Some(key)), upload).await?.under("/v1/imports"))
}

/// List imports
///
/// Your own, newest first, and those of others whose rows you may read everywhere.
#[utoipa::path(
    tag = "imports", operation_id = "listImports", params(PageQuery),
    responses((status = 200, body = Listed<Import>, description = "A page of imports")),
    extensions(("x-permission" = json!("imports:write"))),
)]
#[get("/v1/imports", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ImportsWrite)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<ImportId>(limit, cursor.as_deref(), "imports")?;
    let kinds = starting::kinds_seen(&actor);
    let page = db.read(move |db| Ok(Page::of(store::imports(db.conn(), actor.id, &kinds, &page)?, page.limit)));
    listed(page.await?, "imports", |import| import.id)
}

/// Get an import
///
/// The progress of an import. Come back after the seconds in `Retry-After` while it is not finished.
#[utoipa::path(
    tag = "imports", operation_id = "getImport",
    responses((status = 200, body = Import, description = "The import"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("imports:write"))),
)]
#[get("/v1/imports/{import_id}", wrap = "Gate")]
pub async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<ImportId>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ImportsWrite)?;
    let import = db.read(move |db| starting::demand(db, &actor, id.0)).await?;
    let mut answer = versioned(&req, import.version, &import)?;
    if import.finished_at.is_none() {
        answer
            .headers_mut()
            .insert(actix_web::http::header::RETRY_AFTER, actix_web::http::header::HeaderValue::from_static("1"));
    }
    Ok(answer)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RowsQuery {
    /// Only rows that stand so.
    #[param(inline)]
    status: Option<RowStatus>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List the rows of an import
///
/// In the order of the file, with the reason where a row was refused.
#[utoipa::path(
    tag = "imports", operation_id = "listImportRows", params(RowsQuery),
    responses((status = 200, body = Listed<ImportRow>, description = "A page of rows")),
    extensions(("x-permission" = json!("imports:write"))),
)]
#[get("/v1/imports/{import_id}/rows", wrap = "Gate")]
pub async fn rows(
    actor: Actor,
    db: web::Data<Db>,
    id: PathOf<ImportId>,
    query: Params<RowsQuery>,
) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ImportsWrite)?;
    let (RowsQuery { status, limit, cursor }, id) = (query.0, id.0);
    let name = format!("import rows {id} {status:?}");
    let page = page_of::<i32>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        starting::demand(db, &actor, id)?;
        Ok(Page::of(store::rows(db.conn(), id, status, &page)?, page.limit))
    });
    listed(page.await?, &name, |row| row.row_no)
}

/// Cancel an import
///
/// Rows that were done stay done.
#[utoipa::path(
    tag = "imports", operation_id = "cancelImport", request_body = Option<Nothing>, params(OptionalKey),
    responses((status = 200, body = Import, description = "The import"), (status = 409, description = "Ended already")),
    extensions(("x-permission" = json!("imports:write"))),
)]
#[post("/v1/imports/{import_id}/cancel", wrap = "Gate")]
pub async fn cancel(db: web::Data<Db>, id: PathOf<ImportId>, request: Change<Nothing>) -> Result<Recorded<Import>> {
    starting::cancel(&db, request.caller, id.0).await
}

//! Exports: ask for a file, look how far it is, fetch it, give it up.
use super::{
    model::{Export, ExportFilter, ExportKind},
    start::{self as starting, WantedExport},
    store,
};
use crate::{
    kernel::{Actor, ExportId, Page, Result, actor::Permission},
    platform::{
        db::Db,
        files::Format,
        http::{
            Change, Gate, Listed, Located, Nothing, OptionalKey, PageQuery, Params, PathOf, RequiredKey, listed,
            page_of, versioned,
        },
        idempotency::Recorded,
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ContentDisposition, DispositionParam, DispositionType, HeaderValue, RETRY_AFTER},
    post, web,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// The routes of exports.
pub fn routes(config: &mut ServiceConfig) {
    config.service(start).service(list).service(show).service(file).service(cancel);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartExport {
    /// The kind of rows.
    kind: ExportKind,
    /// The format of the file; `csv`, if absent.
    format: Option<Format>,
    /// The rows that are wanted; all that you may read, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    filter: Option<ExportFilter>,
}

/// Export rows into a file
///
/// Products, prices, translations and media of the whole catalog, in the columns in which `POST /v1/imports` reads
/// them; orders with their lines, and moves of stock, of the locations that you may read. The file is written in the
/// background: follow the address in `Location`, and fetch `/v1/exports/{export_id}/file` when its status is
/// `finished`. Text that a spreadsheet would take for a formula has an apostrophe in front.
#[utoipa::path(
    tag = "exports", operation_id = "startExport", request_body = StartExport, params(RequiredKey),
    responses((status = 202, body = Export, description = "The export")),
    extensions(("x-permission" = json!("exports:write"))),
)]
#[post("/v1/exports", wrap = "Gate")]
async fn start(db: web::Data<Db>, request: Change<StartExport, RequiredKey>) -> Result<Located<Export>> {
    let StartExport { kind, format, filter } = request.value;
    let wanted = WantedExport { kind, format: format.unwrap_or(Format::Csv), filter: filter.unwrap_or_default() };
    Ok(starting::start(&db, request.caller, wanted).await?.under("/v1/exports"))
}

/// List exports
///
/// Your own, newest first.
#[utoipa::path(
    tag = "exports", operation_id = "listExports", params(PageQuery),
    responses((status = 200, body = Listed<Export>, description = "A page of exports")),
    extensions(("x-permission" = json!("exports:write"))),
)]
#[get("/v1/exports", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ExportsWrite)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<ExportId>(limit, cursor.as_deref(), "exports")?;
    let page = db.read(move |db| Ok(Page::of(store::exports(db.conn(), actor.id, &page)?, page.limit)));
    listed(page.await?, "exports", |export| export.id)
}

/// Get an export
///
/// Its progress. Come back after the seconds in `Retry-After` while it is not finished.
#[utoipa::path(
    tag = "exports", operation_id = "getExport",
    responses((status = 200, body = Export, description = "The export"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("exports:write"))),
)]
#[get("/v1/exports/{export_id}", wrap = "Gate")]
async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<ExportId>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ExportsWrite)?;
    let export = db.read(move |db| starting::demand(db, &actor, id.0)).await?;
    let mut answer = versioned(&req, export.version, &export)?;
    if export.finished_at.is_none() {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    Ok(answer)
}

/// Download the file of an export
///
/// Kept for the days of the setting `retention.files_days`.
#[utoipa::path(
    tag = "exports", operation_id = "getExportFile",
    responses(
        (status = 200, description = "The rows", content((String = "text/csv"), (String = "application/x-ndjson"))),
        (status = 409, description = "Not finished"),
    ),
    extensions(("x-permission" = json!("exports:write"))),
)]
#[get("/v1/exports/{export_id}/file", wrap = "Gate")]
async fn file(actor: Actor, db: web::Data<Db>, id: PathOf<ExportId>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::ExportsWrite)?;
    let id = id.0;
    let export = db
        .read(move |db| {
            let export = starting::demand(db, &actor, id)?;
            export.require_file(&actor)?;
            Ok(export)
        })
        .await?;
    let named = DispositionParam::Filename(export.file_name());
    let shown = ContentDisposition { disposition: DispositionType::Attachment, parameters: vec![named] };
    let parts = stream::iter(1..=export.parts).then(move |no| {
        let db = db.clone();
        async move { db.read(move |db| store::part(db.conn(), id, no)).await }
    });
    Ok(HttpResponse::Ok()
        .content_type(export.format.media_type())
        .insert_header(shown)
        .streaming(parts.map_ok(web::Bytes::from)))
}

/// Cancel an export
///
/// Nothing of its file is given any more.
#[utoipa::path(
    tag = "exports", operation_id = "cancelExport", request_body = Option<Nothing>, params(OptionalKey),
    responses((status = 200, body = Export, description = "The export"), (status = 409, description = "Ended already")),
    extensions(("x-permission" = json!("exports:write"))),
)]
#[post("/v1/exports/{export_id}/cancel", wrap = "Gate")]
async fn cancel(db: web::Data<Db>, id: PathOf<ExportId>, request: Change<Nothing>) -> Result<Recorded<Export>> {
    starting::cancel(&db, request.caller, id.0).await
}

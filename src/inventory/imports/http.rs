//! Exports of the stock of a location.
use super::{
    StockRows,
    export::{self, StockFile},
};
use crate::{
    inventory::read::require_location,
    kernel::{Actor, LocationId, Result, actor::Permission},
    platform::{
        db::Db,
        files::Format,
        http::{Gate, Params, PathOf},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of exports of stock.
pub fn routes(config: &mut ServiceConfig) {
    config.service(send);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// `csv`, if absent.
    #[param(inline)]
    format: Option<Format>,
}

/// Export stock, counts or receipts
///
/// All stock levels, lines of counts or lines of arrivals of a location, as CSV or JSON lines.
#[utoipa::path(
    tag = "imports", operation_id = "export",
    params(("kind" = inline(StockRows), Path, description = "The kind of rows"), ExportQuery),
    responses(
        (status = 200, description = "The rows", content((String = "text/csv"), (String = "application/x-ndjson"))),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/exports/{kind}", wrap = "Gate")]
pub async fn send(
    actor: Actor,
    db: web::Data<Db>,
    path: PathOf<(LocationId, StockRows)>,
    query: Params<ExportQuery>,
) -> Result<HttpResponse> {
    let (location, kind) = path.0;
    actor.require_at(Permission::InventoryRead, location, "location")?;
    let costs = actor.places(Permission::CostsRead);
    let (format, now) = (query.0.format.unwrap_or(Format::Csv), db.clock().now());
    let text = db.read(move |db| {
        let place = require_location(db, location)?;
        export::export(db, &place, &costs, StockFile { kind, format, now })
    });
    Ok(HttpResponse::Ok().content_type(format.media_type()).body(text.await?))
}

//! Whom a lot has reached.
use super::trace::{self, Trace};
use crate::{
    kernel::{Actor, LotId, Result, actor::Permission},
    platform::{
        db::Db,
        http::{Gate, Params, PathOf},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

crate::text_enum! {
    /// The format of a report.
    TraceFormat {
        /// JSON.
        Json = "json",
        /// Comma-separated values.
        Csv = "csv",
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// `json`, if absent.
    #[param(inline)]
    format: Option<TraceFormat>,
}

/// Trace a lot to orders and customers
///
/// The locations where its goods are, the transfers that carried them, and the orders they went to, as far as you may
/// see the locations; with the customers, if you hold `customers:read` there.
#[utoipa::path(
    tag = "lots", operation_id = "traceLot", params(Query),
    responses(
        (
            status = 200, description = "Whom the lot has reached",
            content((Trace = "application/json"), (String = "text/csv")),
        ),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/lots/{lot_id}/trace", wrap = "Gate")]
async fn trace_lot(actor: Actor, db: web::Data<Db>, id: PathOf<LotId>, query: Params<Query>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let trace = db.read(move |db| trace::trace(db, &actor, id.0)).await?;
    Ok(match query.0.format.unwrap_or(TraceFormat::Json) {
        TraceFormat::Json => HttpResponse::Ok().json(trace),
        TraceFormat::Csv => HttpResponse::Ok().content_type("text/csv; charset=utf-8").body(trace.csv()?),
    })
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(trace_lot);
}

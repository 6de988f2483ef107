//! REST for reaction cases.
use crate::{
    catalog,
    kernel::{Actor, CaseId, Error, LotId, Result, Sku, actor::Permission},
    orders::returns::{
        model::{CaseFilter, CaseKey},
        read::cases::{self, ReactionCase},
    },
    platform::{
        db::Db,
        http::{Gate, Listed, Params, PathOf, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListCases {
    /// Only of this lot.
    #[param(inline)]
    lot_id: Option<LotId>,
    /// Only of this SKU.
    #[param(inline)]
    sku: Option<Sku>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List reaction cases
///
/// Those whose goods came in where the caller may see cases, the newest first, with the lot that caused them.
#[utoipa::path(
    tag = "returns", operation_id = "listReactionCases", params(ListCases),
    responses((status = 200, body = Listed<ReactionCase>, description = "A page of cases")),
    extensions(("x-permission" = json!("cases:read"))),
)]
#[get("/v1/reaction-cases", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListCases>) -> Result<HttpResponse> {
    let ListCases { lot_id: lot, sku, limit, cursor } = query.0;
    let name = format!("cases {lot:?} {:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<CaseKey>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::CasesRead);
    let found = db.read(move |db| {
        let mut filter = CaseFilter { lot, ..CaseFilter::default() };
        if let Some(sku) = sku {
            let variant = catalog::variant_by_sku(db, sku.as_str())?;
            filter.variant = Some(variant.ok_or_else(|| Error::not_found("variant"))?.id);
        }
        cases::cases(db, &locations, &filter, &page)
    });
    listed(found.await?, &name, |case| (case.opened_at, case.id))
}

/// Get a reaction case
///
/// With the return, the order and the lot.
#[utoipa::path(
    tag = "returns", operation_id = "getReactionCase",
    responses((status = 200, body = ReactionCase, description = "The case")),
    extensions(("x-permission" = json!("cases:read"))),
)]
#[get("/v1/reaction-cases/{case_id}", wrap = "Gate")]
pub async fn show(actor: Actor, db: web::Data<Db>, id: PathOf<CaseId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::CasesRead);
    Ok(HttpResponse::Ok().json(db.read(move |db| cases::case(db, &locations, id.0)).await?))
}

//! Lots: list, show, and hold back everywhere at once.
use super::{
    LotStatus,
    read::{self, LotView},
    recall::{self, Verdict},
};
use crate::{
    catalog,
    inventory::{lots::model::LotFilter, service::Inventory},
    kernel::{Actor, Error, LotId, Note, Result, Sku, Text, Typed, actor::Permission},
    platform::{
        db::Db,
        group_commit::Versioned,
        http::{Change, Gate, IfMatch, Listed, Params, PathOf, RecordRead, RequiredKey, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only of this SKU.
    #[param(inline)]
    sku: Option<Sku>,
    /// Only this lot code.
    #[param(inline)]
    code: Option<Text<20>>,
    /// Only with this status.
    #[param(inline)]
    status: Option<LotStatus>,
    /// Only lots whose last day is before this one.
    expires_before: Option<NaiveDate>,
    /// Lots in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List lots
///
/// Newest first, each with where its goods are, as far as you may see the locations.
#[utoipa::path(
    tag = "lots", operation_id = "listLots", params(ListQuery),
    responses((status = 200, body = Listed<LotView>, description = "A page of lots")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/lots", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let ListQuery { sku, code, status, expires_before, limit, cursor } = query.0;
    let name = format!("lots {sku:?} {code:?} {status:?} {expires_before:?}");
    let page = page_of::<LotId>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::InventoryRead);
    let page = db.read(move |db| {
        let mut filter = LotFilter { status, expires_before, code: code.map(|code| Typed::of(&code)), variant: None };
        if let Some(sku) = sku {
            let variant = catalog::variant_by_sku(db, sku.as_str())?;
            filter.variant = Some(variant.ok_or_else(|| Error::not_found("variant"))?.id);
        }
        read::lots(db, &locations, &filter, &page)
    });
    listed(page.await?, &name, |view| view.lot.id)
}

impl Versioned for LotView {
    fn version(&self) -> i64 {
        self.lot.version
    }
}

/// Get a lot
///
/// With where its goods are, as far as you may see the locations.
#[utoipa::path(
    tag = "lots", operation_id = "getLot",
    responses((status = 200, body = LotView, description = "The lot"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/lots/{lot_id}", wrap = "Gate")]
async fn show(asked: RecordRead<LotId>) -> Result<HttpResponse> {
    asked.answer(Permission::InventoryRead, read::lot_view).await
}

/// Why a lot is held back or released.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Judgment {
    /// In your own words; it is told in the event.
    reason: Option<Note>,
}

/// Quarantine a lot
///
/// At every location at once, what could be sold of it goes to quality hold; goods of it that arrive later do too. What
/// was promised of it stays promised and is counted as `uncovered` where nothing else can fill it.
#[utoipa::path(
    tag = "lots", operation_id = "quarantineLot", request_body = Judgment, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = LotView, description = "The lot"),
        (status = 409, description = "In quarantine already, or recalled"),
    ),
    extensions(("x-permission" = json!("lots:write"))),
)]
#[post("/v1/lots/{lot_id}/quarantine", wrap = "Gate")]
async fn quarantine(
    inventory: web::Data<Inventory>,
    id: PathOf<LotId>,
    request: Change<Judgment, RequiredKey, IfMatch>,
) -> Result<Recorded<LotView>> {
    recall::judge(&inventory, request.caller, id.0, Verdict::Quarantine, request.value.reason).await
}

/// Release a lot from quarantine
///
/// At every location at once, what quality hold has of it can be sold again.
#[utoipa::path(
    tag = "lots", operation_id = "releaseLot", request_body = Judgment, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = LotView, description = "The lot"),
        (status = 409, description = "Not in quarantine, or recalled"),
    ),
    extensions(("x-permission" = json!("lots:write"))),
)]
#[post("/v1/lots/{lot_id}/release", wrap = "Gate")]
async fn release(
    inventory: web::Data<Inventory>,
    id: PathOf<LotId>,
    request: Change<Judgment, RequiredKey, IfMatch>,
) -> Result<Recorded<LotView>> {
    recall::judge(&inventory, request.caller, id.0, Verdict::Release, request.value.reason).await
}

/// Recall a lot
///
/// Freezes it at every location at once, for good: what could be sold of it goes to quality hold, goods of it that are
/// on their way do so on arrival, and nothing of it can be picked. `/v1/lots/{lot_id}/trace` lists whom it has reached.
#[utoipa::path(
    tag = "lots", operation_id = "recallLot", request_body = Judgment, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = LotView, description = "The lot"),
        (status = 409, description = "Recalled already"),
    ),
    extensions(("x-permission" = json!("lots:write"))),
)]
#[post("/v1/lots/{lot_id}/recall", wrap = "Gate")]
async fn recall_lot(
    inventory: web::Data<Inventory>,
    id: PathOf<LotId>,
    request: Change<Judgment, RequiredKey, IfMatch>,
) -> Result<Recorded<LotView>> {
    recall::judge(&inventory, request.caller, id.0, Verdict::Recall, request.value.reason).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(quarantine).service(release).service(recall_lot);
}

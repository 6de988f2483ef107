//! REST for costs of goods.
use super::{
    CostTerms,
    read::{self, CostChangeView, CostView},
    set::{CostsSet, NewCosts, set as set_at},
    store::CostChangeKey,
    unit::ExchangeRate,
};
use crate::{
    inventory::{read::require_location, service::Inventory, skus::variant_of},
    kernel::{Actor, LocationId, Note, Result, Sku, VariantId, actor::Permission, money::Currency},
    platform::{
        http::{Change, Gate, Listed, Params, PathOf, RequiredKey, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only of this SKU.
    sku: Option<Sku>,
    /// Costs in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List average costs
///
/// The average cost of the goods of each variant on hand at a location, and their worth: receipts move the average,
/// goods that leave do not. Goods that were received without a cost are not valued: they do not move the average and
/// leave first. Returns and found goods come in at the average.
#[utoipa::path(
    tag = "inventory", operation_id = "listCosts", params(ListQuery),
    responses(
        (status = 200, body = Listed<CostView>, description = "A page of costs"),
        (status = 422, description = "An unknown SKU"),
    ),
    extensions(("x-permission" = json!("costs:read"))),
)]
#[get("/v1/locations/{location_id}/costs", wrap = "Gate")]
async fn list(
    actor: Actor,
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    query: Params<ListQuery>,
) -> Result<HttpResponse> {
    actor.require_at(Permission::CostsRead, location.0, "location")?;
    let (ListQuery { sku, limit, cursor }, location) = (query.0, location.0);
    let name = format!("costs {location} {:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<VariantId>(limit, cursor.as_deref(), &name)?;
    let currency = inventory.settings.cost_currency;
    let page = inventory.db.read(move |db| {
        require_location(db, location)?;
        let only = sku.map(|sku| variant_of(db, &sku)).transpose()?.map(|variant| vec![variant]);
        read::costs_at(db, location, only, &page, currency)
    });
    listed(page.await?, &name, |view| view.variant_id)
}

/// List changes of average costs
///
/// The average costs that somebody has set at a location, the latest first, each with its author and note. Receipts
/// move the average, too; they are listed as receipts and as moves.
#[utoipa::path(
    tag = "inventory", operation_id = "listCostChanges", params(ListQuery),
    responses(
        (status = 200, body = Listed<CostChangeView>, description = "A page of changes"),
        (status = 422, description = "An unknown SKU"),
    ),
    extensions(("x-permission" = json!("costs:read"))),
)]
#[get("/v1/locations/{location_id}/cost-changes", wrap = "Gate")]
async fn changes(
    actor: Actor,
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    query: Params<ListQuery>,
) -> Result<HttpResponse> {
    actor.require_at(Permission::CostsRead, location.0, "location")?;
    let (ListQuery { sku, limit, cursor }, location) = (query.0, location.0);
    let name = format!("cost changes {location} {:?}", sku.as_ref().map(Sku::key));
    let page = page_of::<CostChangeKey>(limit, cursor.as_deref(), &name)?;
    let currency = inventory.settings.cost_currency;
    let page = inventory.db.read(move |db| {
        require_location(db, location)?;
        let only = sku.map(|sku| variant_of(db, &sku)).transpose()?;
        read::cost_changes(db, location, only, &page, currency)
    });
    listed(page.await?, &name, |view| (view.changed_at, view.id))
}

/// The cost of a SKU.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CostLine {
    /// The SKU of the variant.
    sku: Sku,
    /// The cost of a unit, in minor units of the currency.
    #[serde(deserialize_with = "cost")]
    #[schema(minimum = 0, maximum = 10_000_000_000_i64)]
    unit_cost_minor: i64,
}

fn cost<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<i64, D::Error> {
    super::unit::minor(deserializer).map(Option::unwrap_or_default)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetCosts {
    /// In which currency the costs are.
    currency: Option<Currency>,
    /// Units of the book currency for one unit of that currency; needed where they differ.
    exchange_rate: Option<ExchangeRate>,
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<CostLine>,
    /// Why, in your own words.
    note: Option<Note>,
}

/// Set average costs
///
/// Of everything that is on hand of each SKU at a location: for goods that came before their cost was told, and where
/// the books are wrong. What has left keeps the cost at which it left. The change is kept with its author and note.
#[utoipa::path(
    tag = "inventory", operation_id = "setCosts", request_body = SetCosts, params(RequiredKey),
    responses(
        (status = 200, body = CostsSet, description = "The costs as they are now"),
        (status = 422, description = "A cost without its currency, or a currency without its rate"),
    ),
    extensions(("x-permission" = json!("costs:write"))),
)]
#[post("/v1/locations/{location_id}/costs", wrap = "Gate")]
async fn set(
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    request: Change<SetCosts, RequiredKey>,
) -> Result<Recorded<CostsSet>> {
    let SetCosts { currency, exchange_rate, lines, note } = request.value;
    let terms = CostTerms { currency, rate: exchange_rate };
    let lines = lines.into_iter().map(|line| (line.sku, line.unit_cost_minor)).collect();
    let new = NewCosts { location: location.0, terms, lines, note };
    set_at(&inventory, request.caller, new).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(set).service(changes);
}

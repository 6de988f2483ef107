//! REST for replenishment.
use super::{
    order::{self as replenish_order, Drafts, From, ReplenishmentChoice},
    suggest::{self, Suggestion},
};
use crate::{
    inventory::{
        read,
        replenishment::model::{Horizon, ReplenishmentScope},
        service::Inventory,
    },
    kernel::{Actor, LocationId, Locations, Quantity, Result, Sku, SupplierId, actor::Permission},
    platform::{
        config::Config,
        db::Db,
        http::{Change, Gate, Listed, Params, RequiredKey, entries, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Only this location.
    location_id: Option<LocationId>,
    /// Suggestions in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List replenishment suggestions
///
/// Every level at or below its reorder threshold, with how much to get and from where: another location comes first, if
/// it has more than twice its own threshold beyond the suggested quantity; otherwise it is bought. The supplier to buy
/// from is named in either case, if some assortment has the variant. When a level crosses its threshold, the feed tells
/// it once (`inventory.reorder_due.v1`).
#[utoipa::path(
    tag = "inventory", operation_id = "listReplenishment", params(Query),
    responses((status = 200, body = Listed<Suggestion>, description = "A page of suggestions")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/replenishment", wrap = "Gate")]
async fn list(
    actor: Actor,
    db: web::Data<Db>,
    config: web::Data<Config>,
    query: Params<Query>,
) -> Result<HttpResponse> {
    let Query { location_id, limit, cursor } = query.0;
    let seen = actor.places(Permission::InventoryRead);
    let at = match location_id {
        Some(location) => {
            actor.require_at(Permission::InventoryRead, location, "location")?;
            Locations::Only([location].into())
        }
        None => seen.clone(),
    };
    let name = format!("replenishment {location_id:?}");
    let page = page_of(limit, cursor.as_deref(), &name)?;
    let (horizon, now) = (Horizon::from(&**config), db.clock().now());
    let page = db.read(move |db| {
        if let Some(location) = location_id {
            read::require_location(db, location)?;
        }
        suggest::suggestions(db, ReplenishmentScope { at: &at, sources: &seen }, horizon, &page, now)
    });
    listed(page.await?, &name, |row| (row.location_id, row.variant_id))
}

/// Units to be got for a location, from a supplier or from another location.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChoiceBody {
    /// Identifies the location.
    location_id: LocationId,
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
    /// To buy; or send `from_location_id`.
    supplier_id: Option<SupplierId>,
    /// To transfer from there.
    from_location_id: Option<LocationId>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_source))]
struct Replenish {
    /// The suggestions that are ordered.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 choices"))]
    #[schema(min_items = 1, max_items = 500)]
    choices: Vec<ChoiceBody>,
}

fn one_source(body: &Replenish) -> std::result::Result<(), ValidationError> {
    let is_one = |choice: &ChoiceBody| choice.supplier_id.is_some() != choice.from_location_id.is_some();
    let others = body.choices.iter().enumerate().filter(|(_, choice)| !is_one(choice));
    let said = "a choice needs either supplier_id or from_location_id";
    entries(others.map(|(at, _)| (format!("/choices/{at}"), said.to_owned())))
}

/// Turn replenishment suggestions into documents
///
/// Chosen suggestions, with the quantities you want, become drafts in one call: a purchase order for each supplier and
/// location, a transfer for each pair of locations; all of them or none.
#[utoipa::path(
    tag = "inventory", operation_id = "replenish", request_body = Replenish, params(RequiredKey),
    responses(
        (status = 201, body = Drafts, description = "The drafts"),
        (status = 422, description = "An unknown supplier or SKU, or a location to itself"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[post("/v1/replenishment", wrap = "Gate")]
async fn order(inventory: web::Data<Inventory>, request: Change<Replenish, RequiredKey>) -> Result<Recorded<Drafts>> {
    let choice = |body: ChoiceBody| {
        let ChoiceBody { location_id: location, sku, quantity, supplier_id, from_location_id } = body;
        let from = supplier_id.map(From::Supplier).or(from_location_id.map(From::Place))?;
        Some(ReplenishmentChoice { location, sku, quantity, from })
    };
    let choices = request.value.choices.into_iter().filter_map(choice).collect();
    replenish_order::order(&inventory, request.caller, choices).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(order);
}

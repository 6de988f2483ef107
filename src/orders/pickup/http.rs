//! Orders that customers fetch.
use super::{
    steps::{self as fetching, ReadyView},
    store::PickupStatus,
};
use crate::{
    inventory::Inventory,
    kernel::{Actor, LocationId, OrderId, Page, Result, actor::Permission},
    orders::{
        model::OrderKey,
        read::{OrderView, order_views},
        service::Services,
    },
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Nothing, Params, PathOf, RequiredKey, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Mark a pickup order as ready
///
/// Its goods lie at the counter; the answer has the code for the customer, and is the only one that does. After five
/// wrong codes it may be called again for a new one.
#[utoipa::path(
    tag = "pickups", operation_id = "readyPickup", params(RequiredKey),
    responses(
        (status = 200, body = ReadyView, description = "The order and its code"),
        (status = 409, description = "Not a pickup, not paid, ready already, or its goods are not here"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[post("/v1/orders/{order_id}/pickup/ready", wrap = "Gate")]
async fn ready(
    services: web::Data<Services>,
    id: PathOf<OrderId>,
    request: Change<Nothing, RequiredKey>,
) -> Result<Recorded<ReadyView>> {
    fetching::ready(&services.inventory, request.caller, id.0, Duration::seconds(services.settings.pickup_seconds))
        .await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CollectOrder {
    /// The six digits that the customer shows.
    #[validate(length(equal = 6, message = "must be six digits"))]
    #[schema(pattern = "^[0-9]{6}$")]
    code: String,
}

/// Hand a pickup order over
///
/// To whoever shows its code: its goods leave the store, it is delivered, and its price is taken.
#[utoipa::path(
    tag = "pickups", operation_id = "collectPickup", request_body = CollectOrder, params(RequiredKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Not ready, or not its code"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[post("/v1/orders/{order_id}/pickup/collect", wrap = "Gate")]
async fn collect(
    inventory: web::Data<Inventory>,
    id: PathOf<OrderId>,
    request: Change<CollectOrder, RequiredKey>,
) -> Result<Recorded<OrderView>> {
    fetching::collect(&inventory, request.caller, id.0, request.value.code).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only at this store.
    #[param(inline)]
    location_id: Option<LocationId>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// An order that will be fetched.
#[derive(Serialize, ToSchema)]
struct PickupView {
    /// `ready`; null while it is still to be made so.
    #[schema(inline)]
    status: Option<PickupStatus>,
    /// When it was ready for pickup.
    ready_at: Option<DateTime<Utc>>,
    /// Until when it waits.
    expires_at: Option<DateTime<Utc>>,
    /// The order that waits for its customer.
    order: OrderView,
}

/// List pickup orders
///
/// And those that are still to be made ready, the oldest first.
#[utoipa::path(
    tag = "pickups", operation_id = "listPickups", params(ListQuery),
    responses((status = 200, body = Listed<PickupView>, description = "A page of orders")),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[get("/v1/pickups", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { location_id: location, limit, cursor } = query.0;
    let name = format!("pickups {location:?}");
    let page = page_of::<OrderKey>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::OrdersFulfill);
    let page = db.read(move |db| {
        let found = super::store::waiting(db.conn(), locations.ids(), location, &page)?;
        let Page { rows, has_more } = Page::of(found, page.limit);
        let ids: Vec<_> = rows.iter().map(|order| order.id).collect();
        let pickups = super::store::pickups_of(db.conn(), &ids)?;
        let view = |order: OrderView| {
            let found = pickups.iter().find(|pickup| pickup.order_id == order.id);
            PickupView {
                status: found.map(|pickup| pickup.status),
                ready_at: found.map(|pickup| pickup.ready_at),
                expires_at: found.map(|pickup| pickup.expires_at),
                order,
            }
        };
        Ok(Page { rows: order_views(db, rows)?.into_iter().map(view).collect(), has_more })
    });
    listed(page.await?, &name, |pickup: &PickupView| (pickup.order.created_at, pickup.order.id))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(ready).service(collect).service(list);
}

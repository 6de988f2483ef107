//! Reservations: hold stock, give it back, look.
use super::reserve::{self as reserving, ReservationWish};
use crate::{
    inventory::{
        model::ReservationStatus,
        read::{self, ReservationView, reservations_by_id},
        reservations::model::ReservationFilter,
        service::Inventory,
    },
    kernel::{
        Actor, Channel, Code, Error, Fault, LocationId, Quantity, Refusal, ReservationId, Result, Sku, Text,
        actor::Permission,
    },
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Located, OptionalKey, Params, PathOf, RequiredKey, listed, page_of, versioned},
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reserve {
    /// The lines, in order.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    lines: Vec<ReserveLine>,
    /// Seconds until the hold runs out by itself.
    #[serde(default = "usual_seconds", deserialize_with = "crate::kernel::quantity::whole_number")]
    #[schema(minimum = 1, example = 900)]
    expires_in_seconds: i64,
    /// The caller's own reference, such as a basket's id.
    reference: Option<Text<200>>,
    /// The channel for which it is reserved: goods that expire too soon for it are not taken. If absent, goods are
    /// taken that some channel may be sent.
    #[schema(inline)]
    channel: Option<Channel>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReserveLine {
    /// The SKU of the variant.
    sku: Sku,
    /// Units.
    quantity: Quantity,
}

fn usual_seconds() -> i64 {
    900
}

/// Reserve stock
///
/// All lines or none; two lines of one SKU are one demand, and a bundle takes its parts. Each line's `version`
/// is the stock level's version after this hold.
#[utoipa::path(
    tag = "inventory", operation_id = "reserve", request_body = Reserve, params(RequiredKey),
    responses(
        (status = 201, body = ReservationView, description = "The reservation"),
        (status = 409, description = "Not enough stock, or a retired variant"),
    ),
    extensions(("x-permission" = json!("inventory:reserve"))),
)]
#[post("/v1/locations/{location_id}/inventory/reserve", wrap = "Gate")]
async fn reserve(
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    request: Change<Reserve, RequiredKey>,
) -> Result<Located<ReservationView>> {
    let Reserve { lines, expires_in_seconds: seconds, reference, channel } = request.value;
    require_seconds(seconds, inventory.settings.max_hold_seconds)?;
    let lines = lines.into_iter().map(|line| (line.sku, line.quantity)).collect();
    let wish =
        ReservationWish { location: location.0, lines, reference: reference.map(String::from), seconds, channel };
    Ok(reserving::reserve(&inventory, request.caller, wish).await?.under("/v1/reservations"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Release {
    /// Identifies the reservation.
    reservation_id: ReservationId,
}

/// Release a reservation
///
/// Its units can be sold again. A reservation that belongs to an order ends with the order.
#[utoipa::path(
    tag = "inventory", operation_id = "release", request_body = Release, params(OptionalKey),
    responses(
        (status = 200, body = ReservationView, description = "The reservation"),
        (status = 409, description = "No longer active"),
    ),
    extensions(("x-permission" = json!("inventory:reserve"))),
)]
#[post("/v1/locations/{location_id}/inventory/release", wrap = "Gate")]
async fn release(
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    request: Change<Release>,
) -> Result<Recorded<ReservationView>> {
    reserving::end::release(&inventory, request.caller, location.0, request.value.reservation_id).await
}

/// Get a reservation
///
/// If the caller may see its location.
#[utoipa::path(
    tag = "inventory", operation_id = "getReservation",
    responses(
        (status = 200, body = ReservationView, description = "The reservation"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/reservations/{reservation_id}", wrap = "Gate")]
async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<ReservationId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::InventoryRead);
    let view = db.read(move |db| {
        let found =
            reservations_by_id(db, &locations, &[id.0])?.pop().ok_or_else(|| Error::not_found("reservation"))?;
        read::reservation_view(db, &found)
    });
    let view = view.await?;
    versioned(&req, view.version, &view)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only at this location.
    #[param(inline)]
    location_id: Option<LocationId>,
    /// Only with this status.
    #[param(inline)]
    status: Option<ReservationStatus>,
    /// Only with this reference of the caller's, such as a basket's id.
    reference: Option<String>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List reservations
///
/// Those at locations that the caller may see, the newest first.
#[utoipa::path(
    tag = "inventory", operation_id = "listReservations", params(ListQuery),
    responses((status = 200, body = Listed<ReservationView>, description = "A page of reservations")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/reservations", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { location_id: location, status, reference, limit, cursor } = query.0;
    let filter = ReservationFilter { location, status, reference };
    let name = format!("reservations {filter:?}");
    let page = page_of::<ReservationId>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::InventoryRead);
    let page = db.read(move |db| read::reservation_views(db, &locations, &filter, &page)).await?;
    listed(page, &name, |view| view.id)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Extend {
    /// Seconds from now until the hold runs out by itself.
    #[serde(deserialize_with = "crate::kernel::quantity::whole_number")]
    #[schema(minimum = 1, example = 900)]
    expires_in_seconds: i64,
}

/// Extend a reservation
///
/// It is held for so many seconds from now, up to the limit of the settings for each call.
#[utoipa::path(
    tag = "inventory", operation_id = "extendReservation", request_body = Extend, params(OptionalKey),
    responses(
        (status = 200, body = ReservationView, description = "The reservation"),
        (status = 409, description = "No longer active, or an order's"),
    ),
    extensions(("x-permission" = json!("inventory:reserve"))),
)]
#[post("/v1/reservations/{reservation_id}/extend", wrap = "Gate")]
async fn extend(
    inventory: web::Data<Inventory>,
    id: PathOf<ReservationId>,
    request: Change<Extend>,
) -> Result<Recorded<ReservationView>> {
    let seconds = request.value.expires_in_seconds;
    require_seconds(seconds, inventory.settings.max_hold_seconds)?;
    reserving::end::extend(&inventory, request.caller, id.0, seconds).await
}

fn require_seconds(seconds: i64, longest: i64) -> Result<()> {
    if (1..=longest).contains(&seconds) {
        return Ok(());
    }
    let said = format!("expires_in_seconds must be 1 to {longest}, not {seconds}");
    let fault = Fault::at("/expires_in_seconds", "invalid", said.clone());
    Err(Refusal::new(Code::InvalidBody, said).with_faults(vec![fault]).into())
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(reserve).service(release).service(show).service(list).service(extend);
}

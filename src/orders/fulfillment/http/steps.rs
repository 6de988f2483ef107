//! Picking, shipping and delivering orders.
use crate::{
    inventory::ShelfLife,
    kernel::{Actor, LocationId, Note, OrderId, Result, ShipmentId, Text, actor::Permission},
    orders::{
        fulfillment::{
            deliver as delivering,
            pick_list::{self as picking, PickView},
            ship::{self as fulfilling, Fulfill, FulfillStep, Pick},
        },
        http::lines::{LineUnits, each_line_once, pairs},
        read::OrderView,
        service::Services,
    },
    platform::{
        config::Config,
        db::Db,
        http::{Change, Gate, IfMatch, Listed, OptionalKey, PageInfo, PathOf, RequiredKey, fault},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = explains_picks))]
struct FulfillOrder {
    /// `start` begins picking; `ship`, the default, hands over.
    #[serde(default = "ship")]
    step: FulfillStep,
    /// Ships only what this location has of the order. Whoever may not ship from all of its locations names theirs.
    location_id: Option<LocationId>,
    /// Units that leave in this parcel, of one location; everything that is to leave, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[validate(length(max = 500, message = "at most 500 lines"), custom(function = each_line_once))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<LineUnits>,
    /// The carrier that delivers it.
    carrier: Option<Text<100>>,
    /// The carrier's number of the parcel.
    tracking_number: Option<Text<100>>,
    /// Lots that were taken in place of those that expire first. Of each variant that is named, they make up all units.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 200, message = "at most 200 picks"))]
    #[schema(max_items = 200)]
    picks: Vec<Pick>,
    /// Why other lots were taken; needed with `picks`.
    pick_reason: Option<Note>,
}

fn explains_picks(body: &FulfillOrder) -> std::result::Result<(), ValidationError> {
    let early = "picks and lines are sent when the order is shipped";
    match (body.step, &body.pick_reason) {
        (FulfillStep::Start, _) if !body.picks.is_empty() => fault("/picks", early),
        (FulfillStep::Start, _) if !body.lines.is_empty() => fault("/lines", early),
        (_, None) if !body.picks.is_empty() => fault("/pick_reason", "picks need a pick_reason"),
        _ => Ok(()),
    }
}

fn ship() -> FulfillStep {
    FulfillStep::Ship
}

/// Fulfill an order: pick or ship it
///
/// `start` moves it to processing; `ship` takes its units from stock and moves it to shipped, picking it first
/// if that was not yet said. Of an order that is filled from several locations one part may be shipped, and of a part
/// some units as a parcel; the order is shipped when all of it has left. What is
/// authorized is captured shortly after the answer; `GET /v1/orders/{order_id}/payments` shows it.
#[utoipa::path(
    tag = "orders", operation_id = "fulfillOrder", request_body = FulfillOrder, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Not paid, or shipped already"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[post("/v1/orders/{order_id}/fulfill", wrap = "Gate")]
pub async fn fulfill(
    services: web::Data<Services>,
    id: PathOf<OrderId>,
    request: Change<FulfillOrder, RequiredKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    let FulfillOrder { step, location_id: location, lines, carrier, tracking_number, picks, pick_reason } =
        request.value;
    let fulfill = Fulfill {
        step,
        location,
        lines: pairs(lines),
        carrier: carrier.map(String::from),
        tracking_number: tracking_number.map(String::from),
        picks,
        pick_reason: pick_reason.map(String::from),
    };
    let with = &services.inventory;
    fulfilling::fulfill(with, request.caller, id.0, fulfill).await
}

/// List what to pick
///
/// Of each variant that is promised and not yet shipped, the lots to take: those that expire first, of what is good for
/// as long as the order's channel asks. Units without a lot come last. Shipping takes the same unless it is told of
/// other `picks`.
#[utoipa::path(
    tag = "orders", operation_id = "listPicks",
    responses(
        (status = 200, body = Listed<PickView>, description = "What to pick"),
        (status = 409, description = "Not paid, or shipped already"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[get("/v1/orders/{order_id}/picks", wrap = "Gate")]
pub async fn list_picks(
    actor: Actor,
    db: web::Data<Db>,
    config: web::Data<Config>,
    id: PathOf<OrderId>,
) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::OrdersFulfill)?;
    let (locations, now) = (actor.places(Permission::OrdersFulfill), db.clock().now());
    let life = ShelfLife::from(&config.inventory);
    let data = db.read(move |db| picking::picks(db, &locations, id.0, now, life)).await?;
    let page = PageInfo { next_cursor: None, has_more: false };
    Ok(HttpResponse::Ok().json(Listed { data, page }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeliverOrder {
    /// The parcel that has arrived; all of them, if absent.
    shipment_id: Option<ShipmentId>,
}

/// Mark an order as delivered
///
/// Once it has shipped; a parcel of it as soon as that has.
#[utoipa::path(
    tag = "orders", operation_id = "deliverOrder", request_body = DeliverOrder, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Not shipped, or delivered already"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[post("/v1/orders/{order_id}/deliver", wrap = "Gate")]
pub async fn deliver(
    db: web::Data<Db>,
    id: PathOf<OrderId>,
    request: Change<DeliverOrder, OptionalKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    delivering::deliver(&db, request.caller, id.0, request.value.shipment_id).await
}

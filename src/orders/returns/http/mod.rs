//! REST for returns.
mod cases;
mod lines;
mod parcels;

use super::{
    decide::{self as deciding, ReturnDecision},
    inspect::{self as inspecting, Inspection},
    model::{Condition, Disposition, Found, ReturnStatus},
    read::{self, ReturnView},
    receive::{self as receiving, Arrived},
    request::{self as requesting, ReturnRequest},
};
use crate::{
    inventory::Inventory,
    kernel::{Actor, LocationId, LotId, Note, OrderId, Quantity, Result, ReturnId, VariantId, actor::Permission},
    orders::{
        returns::model::{ReturnFilter, ReturnKey},
        service::Services,
    },
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Located, OptionalKey, Params, PathOf, RequiredKey, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use lines::{LineBack, LineCame};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The routes of returns.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create)
        .service(list)
        .service(show)
        .service(approve)
        .service(reject)
        .service(receive)
        .service(inspect)
        .service(cases::list)
        .service(cases::show)
        .service(parcels::report);
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = names_what_is_here))]
struct RequestReturn {
    /// Identifies the order.
    order_id: OrderId,
    /// The location at which the goods are handed over now, as at a till; they are approved and received at once.
    /// Whoever names it needs no right where the order came from: the customer stands before them with the receipt.
    location_id: Option<LocationId>,
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[validate(custom(function = lines::are_asked_well))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<LineBack>,
    /// In the customer's words.
    note: Option<Note>,
}

fn names_what_is_here(body: &RequestReturn) -> std::result::Result<(), ValidationError> {
    if body.location_id.is_some() { lines::are_here(&body.lines) } else { Ok(()) }
}

/// Request a return (RMA)
///
/// The steps are: ask, `approve`, `receive` where the goods arrive, `inspect`; the price goes back at the inspection.
/// With `location_id`, for goods that are handed over now, the first three are one. Units of lines that have left and
/// do not come back already; of a bundle, also parts of it alone, each for its share of the bundle's price.
#[utoipa::path(
    tag = "returns", operation_id = "requestReturn", request_body = RequestReturn, params(RequiredKey),
    responses(
        (status = 201, body = ReturnView, description = "The return"),
        (status = 409, description = "Not shipped, or more than can come back"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/returns", wrap = "Gate")]
pub async fn create(
    inventory: web::Data<Inventory>,
    request: Change<RequestReturn, RequiredKey>,
) -> Result<Located<ReturnView>> {
    let RequestReturn { order_id: order, location_id: location, lines, note } = request.value;
    let lines = lines.into_iter().map(LineBack::asked).collect();
    Ok(requesting::request(
        &inventory,
        request.caller,
        ReturnRequest { order, location, lines, note: note.map(String::from) },
    )
    .await?
    .under("/v1/returns"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only with this status.
    #[param(inline)]
    status: Option<ReturnStatus>,
    /// Only of this order.
    #[param(inline)]
    order_id: Option<OrderId>,
    /// Only those received here.
    #[param(inline)]
    location_id: Option<LocationId>,
    /// With this number, such as `1001-R1`.
    number: Option<String>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List returns
///
/// Those that were received where the caller may see, or whose orders came from there; the newest first.
#[utoipa::path(
    tag = "returns", operation_id = "listReturns", params(ListQuery),
    responses((status = 200, body = Listed<ReturnView>, description = "A page of returns")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/returns", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { status, order_id: order, location_id: location, number, limit, cursor } = query.0;
    let filter = ReturnFilter { status, order, location, number };
    let name = format!("returns {filter:?}");
    let page = page_of::<ReturnKey>(limit, cursor.as_deref(), &name)?;
    let locations = actor.places(Permission::OrdersRead);
    let page = db.read(move |db| read::returns(db, &locations, &filter, &page)).await?;
    listed(page, &name, |back| (back.created_at, back.id))
}

/// Get a return
///
/// With its lines, goods and inspection.
#[utoipa::path(
    tag = "returns", operation_id = "getReturn",
    responses((status = 200, body = ReturnView, description = "The return")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/returns/{return_id}", wrap = "Gate")]
pub async fn show(actor: Actor, db: web::Data<Db>, id: PathOf<ReturnId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    Ok(HttpResponse::Ok().json(db.read(move |db| read::return_by_id(db, &locations, id.0)).await?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApproveReturn {
    /// Gives the price back without the goods: cheaper than their way back. Only up to a limit of the settings.
    #[serde(default)]
    returnless: bool,
}

/// Approve a return
///
/// The goods may come, or need not.
#[utoipa::path(
    tag = "returns", operation_id = "approveReturn", request_body = ApproveReturn, params(OptionalKey),
    responses(
        (status = 200, body = ReturnView, description = "The return"),
        (status = 409, description = "Approved already, or too dear"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/returns/{return_id}/approve", wrap = "Gate")]
pub async fn approve(
    services: web::Data<Services>,
    id: PathOf<ReturnId>,
    request: Change<ApproveReturn>,
) -> Result<Recorded<ReturnView>> {
    let limit_minor = services.settings.returnless_limit_minor;
    let decision =
        if request.value.returnless { ReturnDecision::Returnless { limit_minor } } else { ReturnDecision::Approve };
    deciding::decide(&services.inventory, request.caller, id.0, decision).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectReturn {
    /// Why.
    note: Option<Note>,
}

/// Reject a return
///
/// Until its goods are here.
#[utoipa::path(
    tag = "returns", operation_id = "rejectReturn", request_body = RejectReturn, params(OptionalKey),
    responses(
        (status = 200, body = ReturnView, description = "The return"),
        (status = 409, description = "Received or decided already"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/returns/{return_id}/reject", wrap = "Gate")]
pub async fn reject(
    inventory: web::Data<Inventory>,
    id: PathOf<ReturnId>,
    request: Change<RejectReturn>,
) -> Result<Recorded<ReturnView>> {
    let decision = ReturnDecision::Reject { note: request.value.note.map(String::from) };
    deciding::decide(&inventory, request.caller, id.0, decision).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReceiveReturn {
    /// The location of the goods.
    location_id: LocationId,
    /// Units that arrived, where fewer did than were to; lines that are not named have not arrived. All of it if
    /// absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional_list")]
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[validate(custom(function = lines::have_arrived_well))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Option<Vec<LineCame>>,
    /// The fate of units that have not arrived: `open`, the default, another return that waits for them, or `closed`,
    /// nothing.
    #[serde(default)]
    #[schema(inline)]
    rest: Rest,
    /// Lots that were read off them; otherwise they are taken for those that were sent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 200, message = "at most 200 lots"))]
    #[schema(max_items = 200)]
    lots: Vec<LotBack>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Rest {
    #[default]
    Open,
    Closed,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LotBack {
    /// Identifies the variant.
    variant_id: VariantId,
    /// Identifies the lot; null for units without one.
    lot_id: LotId,
    /// Units.
    quantity: Quantity,
}

/// Receive a return
///
/// At any location where the caller may, whoever sent it. The units are counted as returned until they are inspected.
/// If fewer arrive than were to, the rest waits in a return of its own, or is not waited for.
#[utoipa::path(
    tag = "returns", operation_id = "receiveReturn", request_body = ReceiveReturn, params(RequiredKey),
    responses(
        (status = 200, body = ReturnView, description = "The return"),
        (status = 409, description = "Not approved, or here already"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/returns/{return_id}/receive", wrap = "Gate")]
pub async fn receive(
    inventory: web::Data<Inventory>,
    id: PathOf<ReturnId>,
    request: Change<ReceiveReturn, RequiredKey>,
) -> Result<Recorded<ReturnView>> {
    let ReceiveReturn { location_id: location, lines, rest, lots } = request.value;
    let arrived = Arrived {
        lines: lines.unwrap_or_default().into_iter().map(LineCame::arrived).collect(),
        lots: lots.iter().map(|lot| (lot.variant_id, Some(lot.lot_id), lot.quantity.get())).collect(),
        is_rest_closed: rest == Rest::Closed,
        is_lost: false,
    };
    receiving::receive(&inventory, request.caller, id.0, location, arrived).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct InspectReturn {
    /// Tells of every unit that came in.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 entries"))]
    #[schema(min_items = 1, max_items = 500)]
    found: Vec<FoundUnits>,
    /// Kept back of the price, in minor units.
    #[serde(default)]
    #[validate(range(min = 0, max = 9_007_199_254_740_991_i64, message = "must be 0 to 2^53 - 1 minor units"))]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    withheld_minor: i64,
    /// In your own words; of a reaction, what is known of it.
    note: Option<Note>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FoundUnits {
    /// Identifies the variant.
    variant_id: VariantId,
    /// Identifies the lot; null for units without one.
    lot_id: Option<LotId>,
    /// Units.
    quantity: Quantity,
    /// The condition of the units.
    #[schema(inline)]
    condition: Condition,
    /// The further use of the units.
    #[schema(inline)]
    disposition: Disposition,
}

/// Inspect a return and refund it
///
/// Each unit goes where it may. Sealed ones: `restock` (as their lot), `damaged`, `destroy`, `tester` or `vendor`.
/// Opened or damaged ones: `damaged`, `destroy` or `vendor`. Those that caused a reaction: `quarantine`, and a
/// case is opened. The price is credited, and the return is closed. What was captured beyond what is still owed is
/// refunded (`refund`, `refund_status`). While a part of the order has not shipped, the credit lowers the next capture
/// instead: `refund` is then 0.
#[utoipa::path(
    tag = "returns", operation_id = "inspectReturn", request_body = InspectReturn, params(RequiredKey),
    responses(
        (status = 200, body = ReturnView, description = "The return"),
        (status = 409, description = "Not here, incomplete, or not allowed"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/returns/{return_id}/inspect", wrap = "Gate")]
pub async fn inspect(
    inventory: web::Data<Inventory>,
    id: PathOf<ReturnId>,
    request: Change<InspectReturn, RequiredKey>,
) -> Result<Recorded<ReturnView>> {
    let InspectReturn { found, withheld_minor, note } = request.value;
    let told = |f: FoundUnits| Found {
        variant_id: f.variant_id,
        lot_id: f.lot_id,
        quantity: f.quantity.get(),
        condition: f.condition,
        disposition: f.disposition,
    };
    let found = found.into_iter().map(told).collect();
    let inspection = Inspection { found, withheld_minor, note: note.map(String::from) };
    inspecting::inspect(&inventory, request.caller, id.0, inspection).await
}

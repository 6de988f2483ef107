//! REST for returns.
mod cases;
mod lines;
mod listing;
mod parcels;
mod steps;

use super::{
    read::ReturnView,
    request::{self as requesting, ReturnRequest},
};
use crate::{
    inventory::Inventory,
    kernel::{LocationId, Note, OrderId, Result},
    platform::http::{Change, Gate, Located, RequiredKey},
};
use actix_web::{post, web};
use lines::LineBack;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The routes of returns.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create)
        .service(listing::list)
        .service(listing::show)
        .service(steps::approve)
        .service(steps::reject)
        .service(steps::receive)
        .service(steps::inspect)
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

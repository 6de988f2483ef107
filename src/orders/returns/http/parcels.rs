//! REST for parcels that do not arrive.
use crate::{
    inventory::Inventory,
    kernel::{Note, OrderId, Result, ShipmentId},
    orders::{
        model::ParcelProblem,
        read::OrderView,
        returns::parcels::{self, Report},
    },
    platform::{
        http::{Change, Gate, IfMatch, PathOf, RequiredKey},
        idempotency::Recorded,
    },
};
use actix_web::{post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportProblem {
    /// The problem of the parcel.
    #[schema(inline)]
    problem: ParcelProblem,
    /// In your own words, such as the carrier's case number.
    note: Option<Note>,
}

/// Report that a parcel was lost or comes back
///
/// A parcel on its way that will not arrive. `lost`: its units are written off as lost in transit and their price is
/// given back, by a return that is closed at once. `returned_to_sender` (refused, not fetched, not deliverable): a
/// return is approved, which is received and inspected when the parcel is here; its price goes back then. The parcel
/// names the return.
#[utoipa::path(
    tag = "orders", operation_id = "reportParcelProblem", request_body = ReportProblem, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Delivered, or reported before"),
    ),
    extensions(("x-permission" = json!("orders:return"))),
)]
#[post("/v1/orders/{order_id}/shipments/{shipment_id}/problem", wrap = "Gate")]
pub async fn report(
    inventory: web::Data<Inventory>,
    ids: PathOf<(OrderId, ShipmentId)>,
    request: Change<ReportProblem, RequiredKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    let ReportProblem { problem, note } = request.value;
    let (order, parcel) = ids.0;
    let report = Report { order, parcel, problem, note: note.map(String::from) };
    parcels::report(&inventory, request.caller, report).await
}

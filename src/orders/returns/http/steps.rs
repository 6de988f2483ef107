//! The steps of a return: approve, reject, receive, inspect.
use super::lines::{self, LineCame};
use crate::orders::returns::{
    decide::{self as deciding, ReturnDecision},
    inspect::{self as inspecting, Inspection},
    model::{Condition, Disposition, Found},
    read::ReturnView,
    receive::{self as receiving, Arrived},
};
use crate::{
    inventory::Inventory,
    kernel::{LocationId, LotId, Note, Quantity, Result, ReturnId, VariantId},
    orders::service::Services,
    platform::{
        http::{Change, Gate, OptionalKey, PathOf, RequiredKey},
        idempotency::Recorded,
    },
};
use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproveReturn {
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
pub(super) struct RejectReturn {
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
pub(super) struct ReceiveReturn {
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
pub(super) enum Rest {
    #[default]
    Open,
    Closed,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LotBack {
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
pub(super) struct InspectReturn {
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
pub(super) struct FoundUnits {
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

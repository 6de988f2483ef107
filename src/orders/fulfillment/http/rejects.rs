//! Locations that cannot fill their part of an order.
use crate::{
    inventory::Inventory,
    kernel::{Code, Error, LocationId, Note, OrderId, Result},
    orders::{
        fulfillment::reject::{self as rejecting, Reject},
        read::OrderView,
        store::RejectReason,
    },
    platform::{
        http::{Change, Gate, PathOf, RequiredKey},
        idempotency::Recorded,
    },
};
use actix_web::{post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

crate::text_enum! {
    /// Why a location does not fill its part.
    GivenReason {
        /// Its units could not be found.
        NotInStock = "not_in_stock",
        /// Its units are there, but damaged.
        Damaged = "damaged",
        /// There is no one to pick it in time.
        NoCapacity = "no_capacity",
        /// Something else: say it in the note.
        Other = "other",
    }
}

impl From<GivenReason> for RejectReason {
    fn from(given: GivenReason) -> Self {
        match given {
            GivenReason::NotInStock => Self::NotInStock,
            GivenReason::Damaged => Self::Damaged,
            GivenReason::NoCapacity => Self::NoCapacity,
            GivenReason::Other => Self::Other,
        }
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RejectFulfillment {
    /// The location that cannot fill its part.
    location_id: LocationId,
    /// `not_in_stock` holds these units back there and asks for a count, whose approval corrects the books; `damaged`
    /// sets the units aside.
    #[schema(inline)]
    reason: GivenReason,
    /// With `not_in_stock`: takes the units off the books at once, without a count. Needs `inventory:adjust` there.
    #[serde(default)]
    write_off: bool,
    /// In your own words.
    note: Option<Note>,
}

/// Reject a location's part of an order
///
/// All that the location was to send and has not sent is sourced again from locations that have not said so, up to five
/// times; where none has it, its units are given up and their price is given back. Where only some units are missing,
/// ship the others first (`fulfill` with `lines`), then reject the rest. Units that are `not_in_stock` are held back,
/// listed at `/v1/locations/{location_id}/missing`, until a count of them is approved by someone else.
#[utoipa::path(
    tag = "orders", operation_id = "rejectFulfillment", request_body = RejectFulfillment, params(RequiredKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Not waiting to be shipped"),
    ),
    extensions(("x-permission" = json!("orders:fulfill"))),
)]
#[post("/v1/orders/{order_id}/reject", wrap = "Gate")]
pub async fn reject(
    inventory: web::Data<Inventory>,
    id: PathOf<OrderId>,
    request: Change<RejectFulfillment, RequiredKey>,
) -> Result<Recorded<Option<OrderView>>> {
    let RejectFulfillment { location_id: location, reason, write_off: is_certain, note } = request.value;
    let reason = RejectReason::from(reason);
    if is_certain && reason != RejectReason::NotInStock {
        return Err(Error::refused(Code::InvalidBody, "write_off goes with not_in_stock alone"));
    }
    let reject = Reject { location, reason, note: note.map(String::from), is_certain };
    rejecting::reject(&inventory, request.caller, id.0, reject).await
}

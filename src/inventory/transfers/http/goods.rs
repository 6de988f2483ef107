//! Transfers as goods: they leave, and they arrive.
use crate::{
    inventory::{
        service::Inventory,
        transfers::{
            read::TransferView,
            receive::{self, ReceivedLine},
            ship::{self, ToShip},
        },
    },
    kernel::{Quantity, Result, Sku, Text, TransferId},
    platform::{
        http::{Change, Gate, IfMatch, PathOf, RequiredKey, entries},
        idempotency::Recorded,
    },
};
use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// Units that leave.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Leaving {
    /// The SKU of the variant.
    sku: Sku,
    /// The lot; what expires first, if absent.
    lot: Option<Text<20>>,
    /// Units.
    quantity: Quantity,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShipTransfer {
    /// The units that leave; all that is left to ship, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[validate(length(max = 500, message = "at most 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Leaving>,
    /// True if more of it will be shipped later; if not, what is missing is not sent any more.
    #[serde(default)]
    more_follows: bool,
}

/// Ship a transfer
///
/// Goods leave the sending location and are in transit to the other. Only what is not promised there may leave; lots
/// that expire first leave first, unless they are named.
#[utoipa::path(
    tag = "transfers", operation_id = "shipTransfer", request_body = ShipTransfer, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        (status = 409, description = "Not ready, more than was asked for, or promised"),
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[post("/v1/transfers/{transfer_id}/ship", wrap = "Gate")]
pub async fn ship_transfer(
    inventory: web::Data<Inventory>,
    id: PathOf<TransferId>,
    request: Change<ShipTransfer, RequiredKey, IfMatch>,
) -> Result<Recorded<TransferView>> {
    let ShipTransfer { lines, more_follows } = request.value;
    let line = |line: Leaving| ToShip { sku: line.sku, lot: line.lot.map(String::from), quantity: line.quantity };
    let lines = lines.into_iter().map(line).collect();
    ship::ship(&inventory, request.caller, id.0, lines, !more_follows).await
}

/// The units that have come of a SKU.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Coming {
    /// The SKU of the variant.
    sku: Sku,
    /// The lot; any, if absent.
    lot: Option<Text<20>>,
    /// Units in good order.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    received: i32,
    /// Units that came damaged.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    damaged: i32,
    /// Units that left and will not come.
    #[serde(default, deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    lost: i32,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = counts_something))]
struct ReceiveTransfer {
    /// The units that have come; all that is on its way and in good order, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[validate(length(max = 500, message = "at most 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<Coming>,
}

fn counts_something(body: &ReceiveTransfer) -> std::result::Result<(), ValidationError> {
    let is_nothing = |line: &Coming| line.received == 0 && line.damaged == 0 && line.lost == 0;
    let empty = body.lines.iter().enumerate().filter(|(_, line)| is_nothing(line));
    entries(empty.map(|(at, _)| (format!("/lines/{at}"), "the line counts nothing".to_owned())))
}

/// Receive a transfer
///
/// Goods come in: in good order, damaged, or lost on the way. What is not named stays in transit. Goods of a lot that
/// was recalled meanwhile go to quality hold, expired ones to expired.
#[utoipa::path(
    tag = "transfers", operation_id = "receiveTransfer", request_body = ReceiveTransfer, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = TransferView, description = "The transfer"),
        (status = 409, description = "Nothing on its way, or less than is said to have come"),
    ),
    extensions(("x-permission" = json!("inventory:transfer"))),
)]
#[post("/v1/transfers/{transfer_id}/receive", wrap = "Gate")]
pub async fn receive_transfer(
    inventory: web::Data<Inventory>,
    id: PathOf<TransferId>,
    request: Change<ReceiveTransfer, RequiredKey, IfMatch>,
) -> Result<Recorded<TransferView>> {
    let came = |line: Coming| {
        let Coming { sku, lot, received, damaged, lost } = line;
        ReceivedLine { sku, lot: lot.map(String::from), received, damaged, lost }
    };
    let lines = request.value.lines.into_iter().map(came).collect();
    receive::receive(&inventory, request.caller, id.0, lines).await
}

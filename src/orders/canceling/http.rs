//! REST for canceling orders.
use super::cancel as canceling;
use crate::{
    inventory::Inventory,
    kernel::{OrderId, Result, Text},
    orders::{
        http::lines::{LineUnits, each_line_once, pairs},
        read::OrderView,
    },
    platform::{
        http::{Change, Gate, IfMatch, OptionalKey, PathOf},
        idempotency::Recorded,
    },
};
use actix_web::{patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelOrder {
    /// In your own words.
    reason: Option<Text<200>>,
    /// Units that are given up; the whole order, if absent. What has left already is not among them.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::filled_list")]
    #[validate(length(max = 500, message = "at most 500 lines"), custom(function = each_line_once))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<LineUnits>,
}

async fn decided(
    inventory: &Inventory,
    id: OrderId,
    request: Change<CancelOrder, OptionalKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    let CancelOrder { reason, lines } = request.value;
    canceling::cancel(inventory, request.caller, id, pairs(lines), reason.map(String::from)).await
}

/// Cancel an order or units of it
///
/// Until it has shipped, or units of some lines that have not. They can be sold again, and what was paid for them is
/// given back.
#[utoipa::path(
    tag = "orders", operation_id = "cancelOrder", request_body = CancelOrder, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Shipped, delivered or canceled already"),
    ),
    extensions(("x-permission" = json!("orders:cancel"))),
)]
#[patch("/v1/orders/{order_id}/cancel", wrap = "Gate")]
async fn cancel(
    inventory: web::Data<Inventory>,
    id: PathOf<OrderId>,
    request: Change<CancelOrder, OptionalKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    decided(&inventory, id.0, request).await
}

/// Cancel an order
///
/// The same as `PATCH`, by the verb with which all documents are canceled.
#[utoipa::path(
    tag = "orders", operation_id = "postCancelOrder", request_body = CancelOrder, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = OrderView, description = "The order"),
        (status = 409, description = "Shipped, delivered or canceled already"),
    ),
    extensions(("x-permission" = json!("orders:cancel"))),
)]
#[post("/v1/orders/{order_id}/cancel", wrap = "Gate")]
async fn post_cancel(
    inventory: web::Data<Inventory>,
    id: PathOf<OrderId>,
    request: Change<CancelOrder, OptionalKey, IfMatch>,
) -> Result<Recorded<OrderView>> {
    decided(&inventory, id.0, request).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(cancel).service(post_cancel);
}

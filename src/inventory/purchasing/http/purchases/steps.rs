//! The steps of a purchase order: change the draft, send it, close it, cancel it.
use super::{Bought, asked};
use crate::{
    inventory::{
        costs::{CostTerms, ExchangeRate},
        purchasing::{
            order::{self, PurchaseRewrite, PurchaseStep},
            read::PurchaseView,
        },
        service::Inventory,
    },
    kernel::{PurchaseOrderId, Result, Text, money::Currency},
    platform::{
        http::{Change, DraftRefusals, Gate, MustMatch, Nothing, OptionalKey, PathOf, RecordStep},
        idempotency::Recorded,
    },
};
use actix_web::{patch, post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// The changes of a draft; absent fields stay.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
pub(super) struct ChangePurchaseOrder {
    /// The caller's own reference.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    reference: Option<Text<100>>,
    /// The day on which the goods are expected.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    expected_on: Option<NaiveDate>,
    /// In which currency the costs are.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    currency: Option<Currency>,
    /// Units of the book currency for one unit of that currency.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    exchange_rate: Option<ExchangeRate>,
    /// All lines anew.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::some_list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500, nullable = false)]
    lines: Option<Vec<Bought>>,
}

pub(super) fn says_something(wanted: &ChangePurchaseOrder) -> std::result::Result<(), ValidationError> {
    match (&wanted.reference, wanted.expected_on, &wanted.lines, wanted.currency, wanted.exchange_rate) {
        (None, None, None, None, None) => {
            Err(ValidationError::new("empty").with_message("there is nothing to change".into()))
        }
        _ => Ok(()),
    }
}

/// Change a draft purchase order
///
/// `If-Match` names the version that was read. Lines are sent whole.
#[utoipa::path(
    tag = "purchasing", operation_id = "changePurchaseOrder", request_body = ChangePurchaseOrder,
    params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = PurchaseView, description = "The purchase order"),
        DraftRefusals,
    ),
    extensions(("x-permission" = json!("purchases:write"))),
)]
#[patch("/v1/purchase-orders/{purchase_order_id}", wrap = "Gate")]
pub async fn change(
    inventory: web::Data<Inventory>,
    id: PathOf<PurchaseOrderId>,
    request: Change<ChangePurchaseOrder, OptionalKey, MustMatch>,
) -> Result<Recorded<PurchaseView>> {
    let ChangePurchaseOrder { reference, expected_on, currency, exchange_rate, lines } = request.value;
    let terms = CostTerms { currency, rate: exchange_rate };
    let rewrite =
        PurchaseRewrite { reference: reference.map(String::from), expected_on, terms, lines: lines.map(asked) };
    order::step(&inventory, request.caller, id.0, PurchaseStep::PurchaseRewrite(rewrite)).await
}

/// Send a purchase order to its supplier
///
/// Hands the draft to the supplier: its goods are expected from now on. Unless a date is set, they are expected after
/// the longest lead time of its items, or that of the supplier for items that have none. An order in another currency
/// than the book currency needs its exchange rate by now (`exchange_rate_required`). Deliveries are booked by
/// `POST /v1/locations/{location_id}/receipts`.
#[utoipa::path(
    tag = "purchasing", operation_id = "orderPurchaseOrder", request_body = Option<Nothing>,
    params(RecordStep<PurchaseOrderId>),
    responses(
        (status = 200, body = PurchaseView, description = "The purchase order"),
        (status = 409, description = "No longer a draft"),
        (status = 422, description = "Below the supplier's minimum, no multiple of a pack, or without its exchange \
            rate"),
    ),
    extensions(("x-permission" = json!("purchases:write"))),
)]
#[post("/v1/purchase-orders/{purchase_order_id}/order", wrap = "Gate")]
pub async fn place(
    inventory: web::Data<Inventory>,
    wanted: RecordStep<PurchaseOrderId>,
) -> Result<Recorded<PurchaseView>> {
    order::step(&inventory, wanted.caller, wanted.id, PurchaseStep::Order).await
}

/// Close a purchase order
///
/// Nothing more is expected, whether all has arrived or not.
#[utoipa::path(
    tag = "purchasing", operation_id = "closePurchaseOrder", request_body = Option<Nothing>,
    params(RecordStep<PurchaseOrderId>),
    responses(
        (status = 200, body = PurchaseView, description = "The purchase order"),
        (status = 409, description = "A draft, or closed already"),
    ),
    extensions(("x-permission" = json!("purchases:write"))),
)]
#[post("/v1/purchase-orders/{purchase_order_id}/close", wrap = "Gate")]
pub async fn close(
    inventory: web::Data<Inventory>,
    wanted: RecordStep<PurchaseOrderId>,
) -> Result<Recorded<PurchaseView>> {
    order::step(&inventory, wanted.caller, wanted.id, PurchaseStep::Close).await
}

/// Cancel a purchase order
///
/// Until goods of it have arrived.
#[utoipa::path(
    tag = "purchasing", operation_id = "cancelPurchaseOrder", request_body = Option<Nothing>,
    params(RecordStep<PurchaseOrderId>),
    responses(
        (status = 200, body = PurchaseView, description = "The purchase order"),
        (status = 409, description = "Arrived, closed or canceled already"),
    ),
    extensions(("x-permission" = json!("purchases:write"))),
)]
#[post("/v1/purchase-orders/{purchase_order_id}/cancel", wrap = "Gate")]
pub async fn cancel(
    inventory: web::Data<Inventory>,
    wanted: RecordStep<PurchaseOrderId>,
) -> Result<Recorded<PurchaseView>> {
    order::step(&inventory, wanted.caller, wanted.id, PurchaseStep::Cancel).await
}

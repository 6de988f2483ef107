//! The steps of a count: count, submit, reopen, approve, cancel.
use crate::inventory::counts::{
    approve as approving,
    read::CountView,
    record::{self as recording, CountEntry},
    start::{self as starting, CountStep},
};
use crate::{
    inventory::service::Inventory,
    kernel::{CountId, Result, Sku, Text},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Nothing, OptionalKey, PathOf, RecordStep, RequiredKey},
        idempotency::Recorded,
    },
};
use actix_web::{post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// The units that were found of a SKU.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountedLine {
    /// The SKU of the variant.
    sku: Sku,
    /// The lot; what came without one, if absent.
    lot: Option<Text<20>>,
    /// Units in all states together.
    #[serde(deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    quantity: i32,
    /// When the shelf was counted, if not now: sales since then are not taken for a variance. A moment of the last ten
    /// seconds counts as now, because what happened just before it may not be in the books yet; the answer tells the
    /// moment taken.
    counted_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordCount {
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<CountedLine>,
}

/// Record counted units
///
/// Each line is compared with what the books said when it was counted. A line may be counted again; goods that are not
/// on the sheet are added to it. The answer holds the lines that were sent.
#[utoipa::path(
    tag = "counts", operation_id = "recordCount", request_body = RecordCount, params(RequiredKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "No longer being counted"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/lines", wrap = "Gate")]
pub async fn record(
    inventory: web::Data<Inventory>,
    id: PathOf<CountId>,
    request: Change<RecordCount, RequiredKey>,
) -> Result<Recorded<CountView>> {
    let counted = |line: CountedLine| {
        let CountedLine { sku, lot, quantity, counted_at } = line;
        CountEntry { sku, lot: lot.map(String::from), quantity, counted_at }
    };
    let lines = request.value.lines.into_iter().map(counted).collect();
    recording::record(&inventory, request.caller, id.0, lines).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubmitCount {
    /// True if lines that no one has counted are left as they are; refused otherwise.
    #[serde(default)]
    skip_uncounted: bool,
}

/// Submit a stock count
///
/// To be approved by someone else.
#[utoipa::path(
    tag = "counts", operation_id = "submitCount", request_body = SubmitCount, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not everything was counted, or it is no longer being counted"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/submit", wrap = "Gate")]
pub async fn submit(
    db: web::Data<Db>,
    id: PathOf<CountId>,
    request: Change<SubmitCount, OptionalKey, IfMatch>,
) -> Result<Recorded<CountView>> {
    let step = CountStep::Submit { may_miss: request.value.skip_uncounted };
    starting::step(&db, request.caller, id.0, step).await
}

/// Reopen a stock count
///
/// To be counted again.
#[utoipa::path(
    tag = "counts", operation_id = "reopenCount", request_body = Option<Nothing>, params(RecordStep<CountId>),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not in review"),
    ),
    extensions(("x-permission" = json!("inventory:approve"))),
)]
#[post("/v1/counts/{count_id}/reopen", wrap = "Gate")]
pub async fn reopen(db: web::Data<Db>, wanted: RecordStep<CountId>) -> Result<Recorded<CountView>> {
    starting::step(&db, wanted.caller, wanted.id, CountStep::Reopen).await
}

/// Approve a stock count
///
/// The differences are booked, all at once, under the reason `count`. Neither who has counted nor who has handed it in
/// may approve it. Goods that are not there are not sold, whatever was promised of them: such promises count as
/// `uncovered`.
#[utoipa::path(
    tag = "counts", operation_id = "approveCount", request_body = Option<Nothing>, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not in review, one's own, or more is missing than is left by now"),
    ),
    extensions(("x-permission" = json!("inventory:approve"))),
)]
#[post("/v1/counts/{count_id}/approve", wrap = "Gate")]
pub async fn approve(
    inventory: web::Data<Inventory>,
    id: PathOf<CountId>,
    request: Change<Nothing, RequiredKey, IfMatch>,
) -> Result<Recorded<CountView>> {
    approving::approve(&inventory, request.caller, id.0).await
}

/// Cancel a stock count
///
/// Nothing is booked.
#[utoipa::path(
    tag = "counts", operation_id = "cancelCount", request_body = Option<Nothing>, params(RecordStep<CountId>),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Approved or canceled already"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/cancel", wrap = "Gate")]
pub async fn cancel(db: web::Data<Db>, wanted: RecordStep<CountId>) -> Result<Recorded<CountView>> {
    starting::step(&db, wanted.caller, wanted.id, CountStep::Cancel).await
}

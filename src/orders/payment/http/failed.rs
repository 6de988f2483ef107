//! Payments of which something failed: the list that a person works through, and the ways on.
use crate::{
    kernel::{Actor, Note, PaymentId, Result, actor::Permission, money::MAX_MINOR},
    orders::{
        payment::failed::{FailedPayment, Resolution, failed, go_on},
        read::PaidView,
        service::Services,
    },
    platform::{
        db::Db,
        http::{Change, Gate, Listed, PageQuery, Params, PathOf, RequiredKey, listed, page_of},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// List payments that need a person
///
/// Money that could not be taken or given back, `failure` says why, oldest first: try again, have the order paid in
/// another way, or note a refund as given back by hand.
#[utoipa::path(
    tag = "payments", operation_id = "listFailedPayments", params(PageQuery),
    responses((status = 200, body = Listed<FailedPayment>, description = "A page of payments")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/payments/failed", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    let page = page_of::<PaymentId>(query.0.limit, query.0.cursor.as_deref(), "failed payments")?;
    let locations = actor.places(Permission::OrdersRead);
    let page = db.read(move |db| failed(db, &locations, &page)).await?;
    listed(page, "failed payments", |found| found.payment.id)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RetryPayment {}

/// Retry a failed payment operation
///
/// Asks the gateway again for what failed: to take what is owed, or to give back what is kept too much.
#[utoipa::path(
    tag = "payments", operation_id = "retryPayment", request_body = RetryPayment, params(RequiredKey),
    responses(
        (status = 200, body = PaidView, description = "The payment and the order"),
        (status = 409, description = "Nothing has failed"),
    ),
    extensions(("x-permission" = json!("orders:pay"))),
)]
#[post("/v1/payments/{payment_id}/retry", wrap = "Gate")]
pub async fn retry(
    services: web::Data<Services>,
    id: PathOf<PaymentId>,
    request: Change<RetryPayment, RequiredKey>,
) -> Result<Recorded<PaidView>> {
    go_on(&services, request.caller, id.0, Resolution::Retry).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefundByHand {
    /// The amount given back, in minor units.
    #[serde(deserialize_with = "crate::kernel::quantity::whole_number")]
    #[validate(range(min = 1, max = MAX_MINOR, message = "must be 1 to 2^53 - 1 minor units"))]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    amount_minor: i64,
    /// The person who gave it back, and the way.
    note: Note,
}

/// Note a refund that was given back by hand
///
/// For money that a gateway refuses to give back: paid out in cash or by transfer.
#[utoipa::path(
    tag = "payments", operation_id = "refundByHand", request_body = RefundByHand, params(RequiredKey),
    responses(
        (status = 200, body = PaidView, description = "The payment and the order"),
        (status = 409, description = "Nothing has failed, or more than was taken"),
    ),
    extensions(("x-permission" = json!("orders:settle"))),
)]
#[post("/v1/payments/{payment_id}/refunded-by-hand", wrap = "Gate")]
pub async fn refund_by_hand(
    services: web::Data<Services>,
    id: PathOf<PaymentId>,
    request: Change<RefundByHand, RequiredKey>,
) -> Result<Recorded<PaidView>> {
    let resolution =
        Resolution::RefundedByHand { amount_minor: request.value.amount_minor, note: request.value.note.into() };
    go_on(&services, request.caller, id.0, resolution).await
}

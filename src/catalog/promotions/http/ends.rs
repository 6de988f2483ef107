//! Promotions that are stopped.
use crate::{
    catalog::{
        cache::Catalog,
        promotions::{end as ending, model::Promotion},
    },
    kernel::{PromotionId, Result},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Nothing, OptionalKey, PathOf},
        idempotency::Recorded,
    },
};
use actix_web::{delete, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// End a promotion
///
/// Now: no order that is placed afterwards has it, on any server, but for those that name a quote of before, which is
/// kept for 15 minutes. Orders that were placed keep their discounts.
#[utoipa::path(
    tag = "catalog", operation_id = "endPromotion", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = Promotion, description = "The promotion"),
        (status = 409, description = "It has ended, or has not begun"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/promotions/{promotion_id}/end", wrap = "Gate")]
async fn end(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PromotionId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<Promotion>> {
    ending::end(&db, &catalog, request.caller, id.0).await
}

/// Withdraw a promotion
///
/// One that has not begun, with its coupons, such as one that was made by mistake. A promotion that applies is ended
/// instead.
#[utoipa::path(
    tag = "catalog", operation_id = "withdrawPromotion", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = Promotion, description = "The promotion as it was"),
        (status = 409, description = "It has begun"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[delete("/v1/promotions/{promotion_id}", wrap = "Gate")]
async fn withdraw(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PromotionId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<Promotion>> {
    ending::withdraw(&db, &catalog, request.caller, id.0).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(end).service(withdraw);
}

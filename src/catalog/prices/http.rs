//! REST for the history of prices.
use super::{
    read::{PriceHistory, history},
    store::PriceOf,
    withdraw,
};
use crate::{
    catalog::{cache::Catalog, read::VariantView},
    kernel::{Actor, Channel, Currency, Result, VariantId},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Nothing, OptionalKey, PathOf},
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Withdraw a price
///
/// The variant is not sold any more in that channel and currency. Orders that were placed keep their price.
#[utoipa::path(
    tag = "catalog", operation_id = "withdrawPrice",
    params(
        ("channel" = Channel, Path, description = "The channel"),
        ("currency" = Currency, Path, description = "ISO 4217 code"),
        IfMatch,
        OptionalKey,
    ),
    responses((status = 200, body = VariantView, description = "The variant")),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[delete("/v1/variants/{variant_id}/prices/{channel}/{currency}", wrap = "Gate")]
async fn withdraw_price(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    path: PathOf<(VariantId, Channel, Currency)>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<VariantView>> {
    let (variant, channel, currency) = path.0;
    withdraw::withdraw(&db, &catalog, request.caller, PriceOf { variant, channel, currency }).await
}

/// Get the history of a price
///
/// Each change with the user who made it, and the lowest price of the 30 days before the present one.
#[utoipa::path(
    tag = "catalog", operation_id = "getPriceHistory",
    params(
        ("channel" = Channel, Path, description = "The channel"),
        ("currency" = Currency, Path, description = "ISO 4217 code"),
    ),
    responses((status = 200, body = PriceHistory, description = "The history")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/variants/{variant_id}/prices/{channel}/{currency}/history", wrap = "Gate")]
async fn price_history(
    _: Actor,
    db: web::Data<Db>,
    path: PathOf<(VariantId, Channel, Currency)>,
) -> Result<HttpResponse> {
    let (variant, channel, currency) = path.0;
    let found = db.read(move |db| history(db, PriceOf { variant, channel, currency }));
    Ok(HttpResponse::Ok().json(found.await?))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(withdraw_price).service(price_history);
}

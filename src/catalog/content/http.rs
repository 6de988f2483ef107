//! REST for the content of product pages.
use super::{
    edit,
    model::{Language, NewMedia, NewTranslation},
    publications::Publication,
};
use crate::{
    catalog::{cache::Catalog, read::ProductView},
    kernel::{ProductId, Prose, Result, Text},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Nothing, OptionalKey, PathOf},
        idempotency::Recorded,
    },
};
use actix_web::{delete, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetMedia {
    /// All pictures and films of the product, in their order.
    #[validate(length(max = 100, message = "at most 100 pictures and films"))]
    #[schema(max_items = 100)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    media: Vec<NewMedia>,
}

/// Set the media of a product
///
/// Pictures and films by their addresses, in place of all that it had. Files are kept elsewhere.
#[utoipa::path(
    tag = "catalog", operation_id = "setProductMedia", request_body = SetMedia, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 422, description = "A SKU that is none of the product"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/products/{product_id}/media", wrap = "Gate")]
async fn set_media(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ProductId>,
    request: Change<SetMedia, OptionalKey, IfMatch>,
) -> Result<Recorded<ProductView>> {
    edit::put_media(&db, &catalog, request.caller, id.0, request.value.media).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetTranslation {
    /// The name that people read.
    name: Text<200>,
    /// The text for customers; the default one, if absent.
    description: Option<Prose<4000>>,
}

/// Translate a product
///
/// Its name and description in a language, which `language` of `GET /v1/products` finds.
#[utoipa::path(
    tag = "catalog", operation_id = "setProductTranslation", request_body = SetTranslation,
    params(("language" = inline(Language), Path, description = "BCP 47 language tag"), IfMatch, OptionalKey),
    responses((status = 200, body = ProductView, description = "The product")),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/products/{product_id}/translations/{language}", wrap = "Gate")]
async fn translate(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    path: PathOf<(ProductId, Language)>,
    request: Change<SetTranslation, OptionalKey, IfMatch>,
) -> Result<Recorded<ProductView>> {
    let ((id, language), SetTranslation { name, description }) = (path.0, request.value);
    edit::translate(&db, &catalog, request.caller, id, NewTranslation { language, name, description }).await
}

/// Remove a translation of a product
///
/// Readers of that language get the nearest one that is left, or the default.
#[utoipa::path(
    tag = "catalog", operation_id = "deleteProductTranslation",
    params(("language" = inline(Language), Path, description = "BCP 47 language tag"), IfMatch, OptionalKey),
    responses((status = 200, body = ProductView, description = "The product")),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[delete("/v1/products/{product_id}/translations/{language}", wrap = "Gate")]
async fn remove_translation(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    path: PathOf<(ProductId, Language)>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<ProductView>> {
    let (id, language) = path.0;
    edit::remove_translation(&db, &catalog, request.caller, id, language).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPublications {
    /// The channels in which the product is published, each with its time: none keeps it back from all of them, null
    /// publishes it in all of them at all times.
    #[serde(deserialize_with = "crate::kernel::strict_json::optional_list")]
    #[validate(length(max = 4, message = "at most one for each channel"))]
    #[schema(max_items = 4, required)]
    publications: Option<Vec<Publication>>,
}

/// Publish a product in channels
///
/// From a launch date, until an end date, or not at all, channel by channel. A product that is not published in a
/// channel is not found by searches in it and not sold in it; its prices, stock and open orders stay as they are. Sales
/// that a till has made already and orders of a marketplace are recorded all the same.
#[utoipa::path(
    tag = "catalog", operation_id = "publishProduct", request_body = SetPublications, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 422, description = "A channel is named twice, or a publication ends before it starts"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/products/{product_id}/publications", wrap = "Gate")]
async fn publish(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ProductId>,
    request: Change<SetPublications, OptionalKey, IfMatch>,
) -> Result<Recorded<ProductView>> {
    edit::publish(&db, &catalog, request.caller, id.0, request.value.publications).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(publish).service(set_media).service(translate).service(remove_translation);
}

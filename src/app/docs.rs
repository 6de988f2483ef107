//! The OpenAPI document and the page that shows it.
use crate::{
    kernel::{Error, Result},
    platform::http::doc,
};
use actix_web::{HttpResponse, get, http::header, web};
use std::sync::Arc;
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

/// The OpenAPI document of every route.
pub fn openapi() -> OpenApi {
    let mut complete = super::collected();
    doc::complete(&mut complete);
    complete
}

/// The OpenAPI document
///
/// Version 3.1, of every route.
#[utoipa::path(tag = "meta", operation_id = "openapi", responses((status = 200, body = Object, description = "The document")), extensions(("x-permission" = json!("public"))))]
#[get("/openapi.json")]
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=60")).json(openapi())
}

/// Leads to the page about every route
///
/// At `/docs/`.
#[utoipa::path(tag = "meta", operation_id = "docs", responses((status = 308, description = "Go to `/docs/`")), extensions(("x-permission" = json!("public"))))]
#[get("/docs")]
pub async fn page() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// Shows every route
///
/// Swagger UI, from files compiled in.
#[utoipa::path(tag = "meta", operation_id = "docsPage", params(("file" = String, Path, description = "The page, or a file that it needs")), responses((status = 200, content_type = "text/html", description = "The page")), extensions(("x-permission" = json!("public"))))]
#[get("/docs/{file:.*}")]
pub async fn file(file: web::Path<String>) -> Result<HttpResponse> {
    let settings = Arc::new(Config::from("/openapi.json"));
    let found = utoipa_swagger_ui::serve(&file, settings).map_err(|e| anyhow::anyhow!("Swagger UI: {e}"))?;
    let found = found.ok_or_else(|| Error::not_found("file"))?;
    Ok(HttpResponse::Ok().content_type(found.content_type).body(found.bytes.into_owned()))
}

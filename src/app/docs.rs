//! The OpenAPI document and the page that shows it.
use crate::platform::http::doc;
use actix_web::{HttpResponse, get, http::header, web};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

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

/// Swagger UI at `/docs`, from files compiled in.
pub fn pages(config: &mut web::ServiceConfig) {
    let ui = SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json"));
    config.service(web::redirect("/docs", "/docs/")).service(ui);
}

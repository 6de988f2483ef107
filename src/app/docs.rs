//! The OpenAPI document and the page that shows it.
use crate::{
    kernel::{Error, Result},
    platform::http::{Gate, server::doc},
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, ETag, EntityTag, Header, IfNoneMatch},
    web::{self, Bytes},
};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::{io::Write as _, sync::Arc};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::Config;

/// The OpenAPI document of every route.
pub fn openapi() -> OpenApi {
    let mut complete = super::collected();
    doc::complete(&mut complete);
    complete
}

/// The document as it is served: built once, plain and compressed, with the tag of each form.
pub struct Document {
    plain: Bytes,
    gzip: Bytes,
    tag: String,
}

impl Document {
    /// Both forms of a document.
    pub fn of(api: &OpenApi) -> anyhow::Result<Self> {
        let plain = serde_json::to_vec(api)?;
        let mut gzip = GzEncoder::new(vec![], Compression::best());
        gzip.write_all(&plain)?;
        let digest = Sha256::digest(&plain).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { plain: plain.into(), gzip: gzip.finish()?.into(), tag: digest })
    }
}

/// True if the client takes gzip: named with a weight above zero (RFC 9110 §12.5.3).
fn takes_gzip(req: &HttpRequest) -> bool {
    let accepted = req.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        is_gzip && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The page is one file without a script.
const START_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// Show the start page
///
/// Which server this is, and where its interfaces, documents and health are.
#[utoipa::path(
    tag = "meta", operation_id = "start",
    responses((status = 200, content_type = "text/html", description = "The page")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/", wrap = "Gate")]
pub async fn start() -> HttpResponse {
    let html = include_str!("start.html").replace("{version}", env!("CARGO_PKG_VERSION"));
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, START_POLICY))
        .body(html)
}

/// Get the OpenAPI document
///
/// Version 3.1, of every route. It changes only with the server's version: ask again with its `ETag`.
#[utoipa::path(
    tag = "meta", operation_id = "openapi",
    params(("If-None-Match" = Option<String>, Header, description = "The tag of the document that you have")),
    responses((status = 200, body = Object, description = "The document"), (status = 304, description = "You have it")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/openapi.json", wrap = "Gate")]
pub async fn document(req: HttpRequest, document: web::Data<Document>) -> HttpResponse {
    let is_gzip = takes_gzip(&req);
    let tag = EntityTag::new_strong(if is_gzip { format!("{}-gzip", document.tag) } else { document.tag.clone() });
    let known = IfNoneMatch::parse(&req).ok();
    let is_known = known.is_some_and(|known| match known {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(tags) => tags.iter().any(|one| one.weak_eq(&tag)),
    });
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=60"))
        .insert_header((header::VARY, "Accept-Encoding"));
    match (is_known, is_gzip) {
        (true, _) => response.finish(),
        (false, false) => response.content_type("application/json").body(document.plain.clone()),
        (false, true) => response
            .content_type("application/json")
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(document.gzip.clone()),
    }
}

/// Go to the page of all routes
///
/// At `/docs/`.
#[utoipa::path(
    tag = "meta", operation_id = "docs",
    responses((status = 308, description = "Go to `/docs/`")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/docs", wrap = "Gate")]
pub async fn page() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// Show the page of all routes
///
/// Swagger UI, from files compiled in.
#[utoipa::path(
    tag = "meta", operation_id = "docsPage",
    params(("file" = String, Path, description = "The page, or a file that it needs")),
    responses((status = 200, content_type = "text/html", description = "The page")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/docs/{file:.*}", wrap = "Gate")]
pub async fn file(file: web::Path<String>) -> Result<HttpResponse> {
    let settings = Arc::new(Config::from("/openapi.json"));
    let found = utoipa_swagger_ui::serve(&file, settings).map_err(|e| anyhow::anyhow!("Swagger UI: {e}"))?;
    let found = found.ok_or_else(|| Error::not_found("file"))?;
    Ok(HttpResponse::Ok().content_type(found.content_type).body(found.bytes.into_owned()))
}

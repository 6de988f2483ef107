//! The playground: GraphiQL served wholly by this binary, with a form to sign in. Nothing comes from elsewhere,
//! and a content security policy says so.
use crate::kernel::{Code, Error, Result};
use crate::platform::http::Gate;
use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use rust_embed::RustEmbed;

/// The page and what build.rs took from pinned npm packages.
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/playground"]
struct Assets;

/// GraphiQL sets styles from script, hence the one exception.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Go to the GraphQL playground
///
/// For those who accept `text/html`; queries are sent by POST.
#[utoipa::path(
    tag = "graphql", operation_id = "graphqlPage",
    responses(
        (status = 200, content_type = "text/html", description = "The playground"),
        (status = 406, description = "Not a browser"),
    ),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/graphql", wrap = "Gate")]
pub async fn page(req: HttpRequest) -> Result<HttpResponse> {
    let accept = req.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/html") {
        return Err(Error::refused(
            Code::NotAcceptable,
            "send queries by POST; this page is for browsers, which accept text/html",
        ));
    }
    serve("index.html")
}

/// Show the GraphQL playground
///
/// GraphiQL with a form to sign in.
#[utoipa::path(
    tag = "graphql", operation_id = "playground",
    responses((status = 200, content_type = "text/html", description = "The playground")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/playground", wrap = "Gate")]
pub async fn playground() -> Result<HttpResponse> {
    serve("index.html")
}

/// Get a file of the GraphQL playground
///
/// Scripts and styles.
#[utoipa::path(
    tag = "graphql", operation_id = "playgroundAsset", params(("file" = String, Path, description = "The file")),
    responses((status = 200, description = "The file")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/playground/{file}", wrap = "Gate")]
pub async fn asset(file: web::Path<String>) -> Result<HttpResponse> {
    serve(&file)
}

fn serve(name: &str) -> Result<HttpResponse> {
    let file = Assets::get(name).ok_or_else(|| Error::not_found("file"))?;
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    };
    let caching = if name == "index.html" { "no-cache" } else { "public, max-age=3600" };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CACHE_CONTROL, caching))
        .body(file.data))
}

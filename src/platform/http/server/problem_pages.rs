//! The pages of problem types: each lasting code with its cause and remedy.
use super::gate::Gate;
use crate::{
    kernel::{Code, Error},
    platform::http::response::remedies::remedy,
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, web};
use serde::Serialize;
use utoipa::ToSchema;

/// The page to which a problem's `type` leads.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct ProblemPage {
    /// The lasting code.
    code: &'static str,
    /// The problem in a few words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Why it comes, and what to do.
    remedy: &'static str,
}

impl From<Code> for ProblemPage {
    fn from(code: Code) -> Self {
        Self { code: code.as_str(), title: code.title(), status: code.status(), remedy: remedy(code) }
    }
}

/// The kinds of problem.
#[derive(Serialize, ToSchema)]
struct ProblemList {
    /// By code.
    data: Vec<ProblemPage>,
}

/// Explain a problem type
///
/// The address in a problem's `type` leads here: the cause and the remedy, as JSON or, for browsers, as a page.
#[utoipa::path(
    tag = "meta", params(("code" = String, Path, description = "A lasting code")),
    responses((status = 200, body = ProblemPage, description = "The kind of problem")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/problems/{code}", wrap = "Gate")]
pub async fn page(req: HttpRequest, code: web::Path<String>) -> Result<HttpResponse, Error> {
    let known = Code::ALL.iter().find(|known| known.as_str() == *code);
    let known = known.ok_or_else(|| Error::not_found("problem type"))?;
    let kind = ProblemPage::from(*known);
    let ProblemPage { code, title, status, remedy } = kind;
    let said = format!("<h1>{title}</h1>\n<p><code>{code}</code>, HTTP status {status}</p>\n<p>{remedy}</p>");
    Ok(negotiated(&req, &kind, code, &said))
}

/// List the problem types
///
/// Every lasting code that a refusal may carry, with its HTTP status, cause and remedy, as JSON or, for browsers, as a
/// page.
#[utoipa::path(
    tag = "meta", operation_id = "listProblems",
    responses((status = 200, body = ProblemList, description = "The kinds of problem")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/problems", wrap = "Gate")]
pub async fn list(req: HttpRequest) -> HttpResponse {
    let mut data: Vec<_> = Code::ALL.iter().copied().map(ProblemPage::from).collect();
    data.sort_by_key(|kind| kind.code);
    let row = |kind: &ProblemPage| {
        let ProblemPage { code, title, status, remedy } = kind;
        format!("<dt><a href=\"/problems/{code}\"><code>{code}</code></a> ({status})</dt><dd>{title}. {remedy}</dd>\n")
    };
    let said = format!("<h1>Problem types</h1>\n<dl>\n{}</dl>", data.iter().map(row).collect::<String>());
    negotiated(&req, &ProblemList { data }, "Problem types", &said)
}

/// JSON, or a page for browsers. All of it is text of this program: nothing needs to be escaped.
fn negotiated(req: &HttpRequest, json: &impl Serialize, title: &str, said: &str) -> HttpResponse {
    let accepts = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = HttpResponse::Ok();
    response.insert_header((header::VARY, "Accept"));
    if !accepts.contains("text/html") {
        return response.json(json);
    }
    let links = "<p><a href=\"/problems\">All problem types</a>, <a href=\"/docs/\">all routes</a></p>";
    response.content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n<body>\n\
         <main>\n{said}\n{links}\n</main>\n</body>\n</html>\n"
    ))
}

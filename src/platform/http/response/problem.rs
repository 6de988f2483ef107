//! Errors as RFC 9457 problem documents. Refusals are shown whole; internal errors are logged here, once, and
//! shown without their cause.
use super::remedies::remedy;
use crate::{
    kernel::{Code, Error, Fault, Refusal},
    platform::http::server::gate::Gate,
};
use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, get, http::StatusCode, http::header, web,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The media type of problems.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An RFC 9457 problem document; `code` never changes its meaning.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem<'a> {
    /// A page about this kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/out_of_stock")]
    pub kind: String,
    /// A short title of the kind.
    pub title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The lasting code.
    #[schema(example = "out_of_stock")]
    pub code: &'a str,
    /// The attempt, and the reason why it was refused.
    pub detail: &'a str,
    /// Each fault of the input, with its place.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<Fault>)]
    pub errors: &'a [Fault],
    /// The record's present version, where a stale one was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_version: Option<i64>,
    /// The id of the record that stands in the way, where you may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing_id: Option<Uuid>,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Refused(refusal) => render(refusal),
            Self::Internal(cause) => {
                tracing::error!(error = format!("{cause:#}"), "a request failed by our own fault");
                render(&Refusal::new(Code::Internal, "the fault is ours and has been logged"))
            }
        }
    }
}

/// The response of a refusal.
pub fn render(refusal: &Refusal) -> HttpResponse {
    let code = refusal.code;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let problem = Problem {
        kind: format!("/problems/{}", code.as_str()),
        title: code.title(),
        status: code.status(),
        code: code.as_str(),
        detail: &refusal.detail,
        errors: &refusal.faults,
        current_version: refusal.version,
        existing_id: refusal.existing,
    };
    let mut response = HttpResponse::build(status);
    extra_headers(&mut response, refusal);
    response.content_type(PROBLEM_JSON).body(serde_json::to_string(&problem).unwrap_or_default())
}

fn extra_headers(response: &mut HttpResponseBuilder, refusal: &Refusal) {
    if let Some(seconds) = refusal.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(version) = refusal.version {
        response.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    match refusal.code {
        Code::Unauthenticated => response.insert_header((header::WWW_AUTHENTICATE, "Bearer")),
        Code::InvalidToken => response.insert_header((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
        _ => response,
    };
}

/// The page to which a problem's `type` leads.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct ProblemPage {
    code: &'static str,
    title: &'static str,
    status: u16,
    /// Why it comes, and what to do.
    remedy: &'static str,
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
    Ok(negotiated(&req, &kind, (code, &said)))
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
    negotiated(&req, &ProblemList { data }, ("Problem types", &said))
}

/// The kinds of problem.
#[derive(Serialize, ToSchema)]
struct ProblemList {
    /// By code.
    data: Vec<ProblemPage>,
}

impl From<Code> for ProblemPage {
    fn from(code: Code) -> Self {
        Self { code: code.as_str(), title: code.title(), status: code.status(), remedy: remedy(code) }
    }
}

/// JSON, or a page for browsers. All of it is text of this program: nothing needs to be escaped.
fn negotiated(req: &HttpRequest, json: &impl Serialize, (title, said): (&str, &str)) -> HttpResponse {
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

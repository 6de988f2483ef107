//! Errors as RFC 9457 problem documents. Refusals are shown whole; internal errors are logged here, once, and
//! shown without their cause.
use crate::kernel::{Code, Error, Fault, Refusal};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError, http::StatusCode, http::header};
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
    response.content_type(PROBLEM_JSON).json(problem)
}

fn extra_headers(response: &mut HttpResponseBuilder, refusal: &Refusal) {
    if let Some(seconds) = refusal.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if refusal.is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
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

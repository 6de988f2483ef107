//! Around every request: encoded bodies are refused, the answer is counted and logged, safe headers are set.
use super::client;
use crate::{
    kernel::{Code, Error},
    platform::telemetry::Metrics,
};
use actix_web::{
    HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    http::header::{self, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use std::time::Instant;
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

/// Answers are data, never pages that load or run anything.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// Swagger UI has its start-up script and styles inline.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/// The span around each request. It names the path and never the query, in which people send tokens and passwords, and
/// the client's address as trusted proxies tell it.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let request_id = request.extensions().get::<RequestId>().map(ToString::to_string);
        tracing::info_span!(
            "HTTP request",
            request_id,
            http.method = %request.method(),
            url.path = request.path(),
            http.client_ip = client::address_before(request).map(tracing::field::display),
            http.user_agent = text(header::USER_AGENT),
        )
    }

    fn on_request_end<B: MessageBody>(_: Span, _: &Result<ServiceResponse<B>, actix_web::Error>) {}
}

/// Longest address in bytes.
const MAX_URI: usize = 8192;

/// Refuses what no route takes: encoded bodies (they may grow a thousandfold) and overlong addresses.
pub async fn vet<B: MessageBody + 'static>(
    mut req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let encoding = req.headers().get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
    let refusal = if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
        Some(Error::refused(Code::UnsupportedEncoding, "send the body without Content-Encoding"))
    } else if req.uri().to_string().len() > MAX_URI {
        Some(Error::refused(Code::UriTooLong, format!("the address is longer than {MAX_URI} bytes")))
    } else {
        None
    };
    if req.method() == Method::HEAD {
        // The answer's body is left out where it is written, by what the connection has read.
        req.head_mut().method = Method::GET;
    }
    match refusal {
        Some(refusal) => Ok(req.into_response(refusal.error_response())),
        None => next.call(req).await.map(ServiceResponse::map_into_boxed_body),
    }
}

/// Logs and counts the answer, and sets the headers that keep browsers from guessing.
pub async fn observe<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let metrics = req.app_data::<web::Data<Metrics>>().cloned();
    let request_id = req.extensions().get::<RequestId>().copied();
    let response = next.call(req).await.map(ServiceResponse::map_into_boxed_body);
    let mut response = response?;
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".into());
    let (method, status, took) =
        (response.request().method().to_string(), response.status().as_u16(), started.elapsed());
    if let Some(metrics) = metrics {
        metrics.answered(method_label(&method), &route, status, took);
    }
    let is_probe = matches!(route.as_str(), "/livez" | "/readyz" | "/metrics");
    if !is_probe {
        tracing::info!(
            http.method = method,
            http.route = route,
            http.status = status,
            duration_ms = took.as_millis(),
            "answered"
        );
    }
    let policy = if response.request().path().starts_with("/docs/") { DOCS_POLICY } else { DATA_POLICY };
    dress(response.headers_mut(), policy, request_id);
    Ok(response)
}

fn method_label(method: &str) -> &'static str {
    ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("OTHER")
}

fn dress(headers: &mut header::HeaderMap, policy: &'static str, request_id: Option<RequestId>) {
    let defaults: [(HeaderName, &str); 5] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::VARY, "Authorization, Accept"),
    ];
    for (name, value) in defaults {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Some(value) = request_id.and_then(|id| HeaderValue::from_str(&id.to_string()).ok()) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

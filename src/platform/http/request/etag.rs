//! Optimistic concurrency (RFC 9110 §13): every record has a strong `ETag` that begins with its version; a change of a
//! record sends it, or the version alone, back in `If-Match`.
use crate::kernel::{Code, Error, Expected, Result};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    future::{Ready, ready},
};
use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
    },
};

/// The condition that `If-Match` states, where a change may go without one.
#[derive(Debug)]
pub struct IfMatch(pub(super) Option<Expected>);

/// Says of a change that it must state a condition by `If-Match`: 428 without it.
#[derive(Debug)]
pub struct MustMatch;

impl IfMatch {
    /// The versions that were sent, or any.
    pub fn expected(self) -> Expected {
        self.0.unwrap_or(Expected::Any)
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req).map(Self))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter("If-Match", "The version that was read", Required::False, TAGS)]
    }
}

impl IntoParams for MustMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter("If-Match", "The version that was read", Required::True, TAGS)]
    }
}

/// `*`, or a list of entity tags.
const TAGS: &str = r#"^(\*|(W/)?"[^"]*"( *, *(W/)?"[^"]*")*)$"#;

/// The description of a header that an extractor reads.
pub(super) fn header_parameter(name: &str, description: &str, required: Required, pattern: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .description(Some(description))
        .required(required)
        .schema(Some(text))
        .build()
}

fn parse(req: &HttpRequest) -> Result<Option<Expected>> {
    let Some(value) = req.headers().get(header::IF_MATCH) else { return Ok(None) };
    let refuse =
        || Error::refused(Code::InvalidHeader, "If-Match must be * or a list of quoted versions such as \"3\"");
    let text = value.to_str().map_err(|_| refuse())?.trim();
    if text == "*" {
        return Ok(Some(Expected::Any));
    }
    let tags: Option<Vec<&str>> = text.split(',').map(|tag| quoted(tag.trim())).collect();
    let version = |tag: &str| tag.split('-').next().and_then(|version| version.parse().ok());
    let versions = tags.ok_or_else(refuse)?.into_iter().filter_map(version).collect();
    Ok(Some(Expected::OneOf(versions)))
}

/// The inside of a quoted tag. Strong comparison: a weak tag is well formed but matches nothing.
fn quoted(tag: &str) -> Option<&str> {
    if tag.starts_with("W/\"") && tag.ends_with('"') {
        return Some("");
    }
    tag.strip_prefix('"')?.strip_suffix('"')
}

/// A record with its `ETag`, or 304 if the caller has this answer already. The tag is the record's version, for
/// `If-Match`, and a digest of the whole answer: what others have changed of it, such as where a lot lies, moves the
/// tag too.
pub fn versioned(req: &HttpRequest, version: i64, record: &impl serde::Serialize) -> Result<HttpResponse> {
    let body = serde_json::to_vec(record).context("an answer is JSON")?;
    let tag = tag_of(version, &body);
    let known = req.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let is_known =
        known.is_some_and(|k| k.trim() == "*" || k.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    Ok(match is_known {
        true => HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish(),
        false => {
            HttpResponse::Ok().insert_header((header::ETAG, tag)).insert_header(header::ContentType::json()).body(body)
        }
    })
}

fn tag_of(version: i64, body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let digest = digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("\"{version}-{digest}\"")
}

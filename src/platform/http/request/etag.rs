//! Optimistic concurrency (RFC 9110 §13): every record has a strong `ETag` that begins with its version; a change of a
//! record sends it, or the version alone, back in `If-Match`.
use crate::kernel::{Code, Error, Result};
use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, http::header};
use anyhow::Context;
use sha2::{Digest, Sha256};
use std::{
    fmt::Write,
    future::{Ready, ready},
};

/// The condition that `If-Match` states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// Nothing was sent.
    Missing,
    /// `*`: any version of an existing record.
    Any,
    /// One of these versions; weak tags never match.
    OneOf(Vec<i64>),
}

impl IfMatch {
    /// Refuses with 428 if nothing was sent.
    pub fn required(self) -> Result<Self> {
        match self {
            Self::Missing => Err(Error::refused(
                Code::PreconditionRequired,
                "send If-Match with the version you have read (its ETag)",
            )),
            sent => Ok(sent),
        }
    }

    /// Refuses with 412 unless the record's version is one that was sent; nothing sent matches all.
    pub fn check(&self, what: &str, current: i64) -> Result<()> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => {
                let sent: Vec<_> = versions.iter().map(ToString::to_string).collect();
                Err(Error::stale(what, &sent.join(" or "), current))
            }
            _ => Ok(()),
        }
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req))
    }
}

fn parse(req: &HttpRequest) -> Result<IfMatch> {
    let Some(value) = req.headers().get(header::IF_MATCH) else { return Ok(IfMatch::Missing) };
    let refuse =
        || Error::refused(Code::InvalidHeader, "If-Match must be * or a list of quoted versions such as \"3\"");
    let text = value.to_str().map_err(|_| refuse())?.trim();
    if text == "*" {
        return Ok(IfMatch::Any);
    }
    let tags: Option<Vec<&str>> = text.split(',').map(|tag| quoted(tag.trim())).collect();
    let version = |tag: &str| tag.split('-').next().and_then(|version| version.parse().ok());
    let versions = tags.ok_or_else(refuse)?.into_iter().filter_map(version).collect();
    Ok(IfMatch::OneOf(versions))
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

//! `Body<T>`: JSON read under a size limit and a deadline, parsed strictly, validated, with each fault's place.
use super::{entries::faults_of, faults};
use crate::kernel::{Code, Error, Fault, Refusal, Result};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use futures_util::{StreamExt, future::LocalBoxFuture};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::time::Duration;
use validator::Validate;

/// Limits of bodies, from the settings.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// Bytes of a JSON body.
    pub json_bytes: usize,
    /// Bytes of a GraphQL body.
    pub graphql_bytes: usize,
    /// Time in which a body must have arrived.
    pub deadline: Duration,
}

/// A body in which nothing needs to be said: none at all, or an empty object.
#[derive(Debug, serde::Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// A parsed and validated JSON body of at most `TIMES` as many bytes as the settings allow: routes that take more items
/// than others take a larger one.
#[derive(Debug)]
pub struct Body<T, const TIMES: usize = 1> {
    /// The content that was sent.
    pub value: T,
    /// SHA-256 over method, path and canonical body, for idempotency.
    pub fingerprint: Vec<u8>,
}

impl<T: DeserializeOwned + Validate + 'static, const TIMES: usize> FromRequest for Body<T, TIMES> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let limits = limits(&req)?;
            let bytes = read(&req, payload, limits.json_bytes * TIMES, limits.deadline).await?;
            require_json(&req, bytes.is_empty())?;
            let bytes = if bytes.is_empty() { web::Bytes::from_static(b"{}") } else { bytes };
            let value: T = parsed(&bytes, faults::all::<T>)?;
            value.validate().map_err(|errors| invalid(faults_of(&errors)))?;
            Ok(Self { value, fingerprint: fingerprint(&req, &bytes) })
        })
    }
}

/// The limits in force.
pub fn limits(req: &HttpRequest) -> Result<BodyLimits> {
    let limits = req.app_data::<web::Data<BodyLimits>>();
    limits.map(|l| *l.get_ref()).ok_or_else(|| Error::Internal(anyhow::anyhow!("body limits are not configured")))
}

/// Reads a whole body: at most `most` bytes, within the deadline, never decoded.
pub async fn read(req: &HttpRequest, payload: Payload, most: usize, deadline: Duration) -> Result<web::Bytes> {
    let told = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|told| told > most) {
        return Err(too_large(most));
    }
    tokio::time::timeout(deadline, collect(payload, most, told.unwrap_or(0))).await.unwrap_or_else(|_| {
        Err(Error::refused(Code::RequestTimeout, format!("the body did not arrive within {} s", deadline.as_secs())))
    })
}

async fn collect(mut payload: Payload, most: usize, expected: usize) -> Result<web::Bytes> {
    let mut bytes = web::BytesMut::with_capacity(expected.min(most));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|e| Error::refused(Code::MalformedRequest, format!("the body broke off: {e}")))?;
        if bytes.len() + chunk.len() > most {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn too_large(most: usize) -> Error {
    Error::refused(Code::BodyTooLarge, format!("the body is larger than {most} bytes"))
}

/// Refuses bodies that are not declared as JSON; without a body nothing need be declared.
pub fn require_json(req: &HttpRequest, is_empty: bool) -> Result<()> {
    let declared = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let essence = declared.and_then(|d| d.split(';').next()).map(|e| e.trim().to_ascii_lowercase());
    match essence.as_deref() {
        Some("application/json" | "application/merge-patch+json") => Ok(()),
        None if is_empty => Ok(()),
        other => {
            let detail = format!("the body must be application/json, not {}", other.unwrap_or("undeclared"));
            Err(Error::refused(Code::UnsupportedMediaType, detail))
        }
    }
}

/// Parses JSON into a type, telling the place of what does not fit.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    parsed(bytes, |_, first| vec![first])
}

/// Parses JSON; `all` finds the faults of a text of which the first is known.
fn parsed<T: DeserializeOwned>(bytes: &[u8], all: impl FnOnce(&str, Fault) -> Vec<Fault>) -> Result<T> {
    let text = std::str::from_utf8(bytes).map_err(|_| Error::refused(Code::MalformedJson, "the body is not UTF-8"))?;
    if holds_nul(text) {
        return Err(Error::refused(Code::InvalidBody, "text must not hold the NUL character"));
    }
    faults::read_text(text).map_err(|unread| {
        // A word that is no text is told of as if the JSON were wrong.
        let is_json = || serde_json::from_str::<serde_json::Value>(text).is_ok();
        match unread.is_data || is_json() {
            true => invalid(all(text, unread.fault)),
            false => Error::refused(Code::MalformedJson, format!("the body is not valid JSON: {}", unread.cause)),
        }
    })
}

/// Reads and validates a value that was parsed before: an item of a list of which each stands alone.
pub fn read_value<T: DeserializeOwned + Validate>(value: serde_json::Value) -> Result<T> {
    let text = value.to_string();
    let read: T = faults::read_text(&text).map_err(|unread| invalid(faults::all::<T>(&text, unread.fault)))?;
    read.validate().map_err(|errors| invalid(faults_of(&errors)))?;
    Ok(read)
}

/// True if the text holds U+0000, which PostgreSQL cannot keep: raw, or as an escape that is not itself escaped.
fn holds_nul(text: &str) -> bool {
    text.contains('\0')
        || text.match_indices("\\u0000").any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            before.len().abs_diff(before.trim_end_matches('\\').len()).is_multiple_of(2)
        })
}

fn invalid(faults: Vec<Fault>) -> Error {
    let said = |fault: &Fault| match fault.pointer.trim_start_matches('#') {
        "" => fault.detail.clone(),
        location => format!("{location}: {}", fault.detail),
    };
    let said: Vec<_> = faults.iter().map(said).collect();
    Refusal::new(Code::InvalidBody, said.join("; ")).with_faults(faults).into()
}

fn fingerprint(req: &HttpRequest, body: &[u8]) -> Vec<u8> {
    let canonical = serde_json::from_slice::<serde_json::Value>(body).and_then(|v| serde_json::to_vec(&v));
    let mut hash = Sha256::new();
    for part in
        [req.method().as_str().as_bytes(), req.uri().to_string().as_bytes(), canonical.as_deref().unwrap_or(body)]
    {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::holds_nul;

    #[test]
    fn an_escaped_nul_is_found_but_an_escaped_backslash_is_not_taken_for_one() {
        assert!(holds_nul(r#"{"a":"x\u0000"}"#));
        assert!(holds_nul(r#"{"a":"\\\u0000"}"#));
        assert!(!holds_nul(r#"{"a":"\\u0000"}"#));
    }
}

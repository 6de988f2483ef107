//! The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07): quoted or bare, 1 to 255
//! visible ASCII characters. Answers are kept for the days of a setting, so that a till's offline queue may retry.
use super::etag::header_parameter;
use crate::{
    kernel::{Actor, Code, Error, Result},
    platform::idempotency::Once,
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::{
    future::{Ready, ready},
    time::Duration,
};
use utoipa::{
    IntoParams,
    openapi::{
        Required,
        path::{Parameter, ParameterIn},
    },
};

const HEADER: &str = "Idempotency-Key";
const PREFER: &str = "Prefer";
const DESCRIPTION: &str = "Makes retries safe: the same key with the same request gets the first answer again";
const VISIBLE: &str = "^[!-~]{1,255}$";

/// A key that must be sent.
#[derive(Debug)]
pub struct RequiredKey(Sent);

/// A key that may be sent.
#[derive(Debug)]
pub struct OptionalKey(Option<Sent>);

#[derive(Debug)]
struct Sent {
    key: String,
    /// The time for which the caller waits (`Prefer: wait`, RFC 7240 §4.3).
    wait: Option<Duration>,
}

impl RequiredKey {
    /// The key for this caller and a body with this fingerprint.
    pub fn for_body(self, actor: &Actor, fingerprint: &[u8]) -> Once {
        let Sent { key, wait } = self.0;
        Once { principal: actor.id, key, fingerprint: fingerprint.to_owned(), wait }
    }
}

impl OptionalKey {
    /// The key for this caller and a body with this fingerprint, if one was sent.
    pub fn for_body(self, actor: &Actor, fingerprint: &[u8]) -> Option<Once> {
        Some(RequiredKey(self.0?).for_body(actor, fingerprint))
    }
}

impl IntoParams for RequiredKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter(HEADER, DESCRIPTION, Required::True, VISIBLE)]
    }
}

impl IntoParams for OptionalKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header_parameter(HEADER, DESCRIPTION, Required::False, VISIBLE)]
    }
}

impl FromRequest for RequiredKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let missing = || {
            Error::refused(
                Code::IdempotencyKeyMissing,
                format!("send a fresh {HEADER} header, the same on every retry"),
            )
        };
        ready(sent(req).and_then(|key| key.map(Self).ok_or_else(missing)))
    }
}

impl FromRequest for OptionalKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(sent(req).map(Self))
    }
}

fn sent(req: &HttpRequest) -> Result<Option<Sent>> {
    let mut values = req.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let refuse = |why: &str| Err(Error::refused(Code::IdempotencyKeyInvalid, format!("{HEADER} {why}")));
    if values.next().is_some() {
        return refuse("must be sent once");
    }
    let Ok(text) = value.to_str() else { return refuse("must be visible ASCII") };
    let inner = text.trim();
    let key = inner.strip_prefix('"').and_then(|k| k.strip_suffix('"')).unwrap_or(inner);
    if key.is_empty() || key.len() > 255 || !key.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return refuse("must be 1 to 255 visible ASCII characters");
    }
    Ok(Some(Sent { key: key.to_owned(), wait: wait(req) }))
}

/// The `wait` preference in whole seconds; a malformed one is no preference (RFC 7240 §2).
fn wait(req: &HttpRequest) -> Option<Duration> {
    let sent = req.headers().get_all(PREFER).filter_map(|value| value.to_str().ok());
    let mut preferences = sent.flat_map(|value| value.split(','));
    let seconds = preferences.find_map(|one| one.split(';').next()?.trim().strip_prefix("wait=")?.parse().ok());
    seconds.map(Duration::from_secs)
}

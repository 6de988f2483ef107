//! `Change<T>`: a request for a change, read whole: who asks, the key, the condition and the body.
use super::{
    body::Body,
    etag::{IfMatch, MustMatch},
    idempotency_key::{OptionalKey, RequiredKey},
};
use crate::{
    kernel::{Actor, Code, Error, Result},
    platform::idempotency::{Caller, Once},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use std::{future::Future, marker::PhantomData};
use validator::Validate;

/// A request for a change with a body of a type. `K` says if a key must be sent, `M` if a condition may or must be.
#[derive(Debug)]
pub struct Change<T, K = OptionalKey, M = NoMatch> {
    /// The caller.
    pub caller: Caller,
    /// The content that was sent.
    pub value: T,
    has_condition: bool,
    rules: PhantomData<fn() -> (K, M)>,
}

impl<T, K, M> Change<T, K, M> {
    /// Refuses with 428 unless a condition was sent: some contents of a body need one.
    pub fn require_condition(&self) -> Result<()> {
        if self.has_condition {
            return Ok(());
        }
        let detail = "send If-Match with the version you have read (its ETag)";
        Err(Error::refused(Code::PreconditionRequired, detail))
    }
}

/// No condition is read.
#[derive(Debug)]
pub struct NoMatch;

/// The key of a request, if it has one.
pub trait Key: FromRequest<Error = Error> {
    /// The key for a caller and a body.
    fn once(self, actor: &Actor, fingerprint: &[u8]) -> Option<Once>;
}

impl Key for OptionalKey {
    fn once(self, actor: &Actor, fingerprint: &[u8]) -> Option<Once> {
        self.for_body(actor, fingerprint)
    }
}

impl Key for RequiredKey {
    fn once(self, actor: &Actor, fingerprint: &[u8]) -> Option<Once> {
        Some(self.for_body(actor, fingerprint))
    }
}

/// The condition of a request, if it has one.
pub trait Precondition: Sized + 'static {
    /// True if a request without one is refused.
    const IS_REQUIRED: bool = false;

    /// Reads it.
    fn read(req: &HttpRequest) -> impl Future<Output = Result<IfMatch>>;
}

impl Precondition for NoMatch {
    async fn read(_: &HttpRequest) -> Result<IfMatch> {
        Ok(IfMatch(None))
    }
}

impl Precondition for IfMatch {
    async fn read(req: &HttpRequest) -> Result<IfMatch> {
        Self::extract(req).await
    }
}

impl Precondition for MustMatch {
    const IS_REQUIRED: bool = true;

    async fn read(req: &HttpRequest) -> Result<IfMatch> {
        IfMatch::extract(req).await
    }
}

impl<T, K, M> FromRequest for Change<T, K, M>
where
    T: DeserializeOwned + Validate + 'static,
    K: Key + 'static,
    M: Precondition,
{
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (req, mut payload) = (req.clone(), payload.take());
        Box::pin(async move {
            let actor = Actor::extract(&req).await?;
            let key = K::extract(&req).await?;
            let condition = M::read(&req).await?;
            let Body { value, fingerprint } = Body::<T>::from_request(&req, &mut payload).await?;
            // The faults of a body are told before a missing condition.
            let has_condition = condition.0.is_some();
            let key = key.once(&actor, &fingerprint);
            let caller = Caller { actor, key, expected: condition.expected() };
            let change = Self { caller, value, has_condition, rules: PhantomData };
            if M::IS_REQUIRED {
                change.require_condition()?;
            }
            Ok(change)
        })
    }
}

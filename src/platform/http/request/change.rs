//! `Change<T>`: a request for a change, read whole: who asks, the key, the condition and the body.
use super::{
    body::Body,
    etag::{IfMatch, MustMatch},
    idempotency_key::{OptionalKey, RequiredKey},
};
use crate::{
    kernel::{Actor, Code, Error, Expected, Result},
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
    /// Reads it.
    fn read(req: &HttpRequest) -> impl Future<Output = Result<Option<Expected>>>;
}

impl Precondition for NoMatch {
    async fn read(_: &HttpRequest) -> Result<Option<Expected>> {
        Ok(None)
    }
}

impl Precondition for IfMatch {
    async fn read(req: &HttpRequest) -> Result<Option<Expected>> {
        Ok(Self::extract(req).await?.0)
    }
}

impl Precondition for MustMatch {
    async fn read(req: &HttpRequest) -> Result<Option<Expected>> {
        Ok(Some(Self::extract(req).await?.0))
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
            let expected = M::read(&req).await?;
            let Body { value, fingerprint } = Body::<T>::from_request(&req, &mut payload).await?;
            let (key, has_condition) = (key.once(&actor, &fingerprint), expected.is_some());
            let caller = Caller { actor, key, expected: expected.unwrap_or(Expected::Any) };
            Ok(Self { caller, value, has_condition, rules: PhantomData })
        })
    }
}

//! `Gate` stands in front of every handler, after routing: it decides on the route that is about to run, so no
//! spelling of a path leads around it. A route that the table of routes does not know is not served.
use super::routes::{RouteAccess, Routes};
use crate::{
    kernel::{Actor, Code, Error, PrincipalId, Refusal, Result},
    platform::http::{
        request::Local,
        response::{
            names::{self, Namer},
            problem,
        },
    },
};
use actix_web::{
    HttpMessage, ResponseError,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    http::header,
    web,
};
use futures_util::future::{BoxFuture, LocalBoxFuture};
use std::{
    collections::HashMap,
    future::{Ready, ready},
    rc::Rc,
};

/// Turns an access token into the one who acts; the module of access implements it.
pub trait Authenticator: Send + Sync {
    /// The actor of a token, or a refusal with 401.
    fn authenticate<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Actor>>;

    /// The names of users, for people to read; those who are there no longer are left out.
    fn names(&self, ids: Vec<PrincipalId>) -> BoxFuture<'_, Result<HashMap<PrincipalId, String>>>;
}

/// The middleware that every route names: `wrap = "Gate"`.
#[derive(Debug, Clone, Copy)]
pub struct Gate;

impl<S, B> Transform<S, ServiceRequest> for Gate
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type InitError = ();
    type Transform = Gated<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Gated { service: Rc::new(service) }))
    }
}

/// A handler behind its gate.
#[derive(Debug)]
pub struct Gated<S> {
    service: Rc<S>,
}

impl<S, B> Service<ServiceRequest> for Gated<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self::Response, Self::Error>>;

    forward_ready!(service);

    fn call(&self, req: ServiceRequest) -> Self::Future {
        let service = Rc::clone(&self.service);
        Box::pin(async move {
            match admit(&req).await {
                Ok(actor) => {
                    if let Some(actor) = actor {
                        req.extensions_mut().insert(actor);
                    }
                    let answer = service.call(req).await?;
                    Ok(match in_words(&answer).await {
                        None => answer.map_into_left_body(),
                        Some(refusal) => answer.into_response(problem::render(&refusal)).map_into_right_body(),
                    })
                }
                Err(refusal) => Ok(req.into_response(refusal.error_response()).map_into_right_body()),
            }
        })
    }
}

/// The refusal of an answer with names in place of ids; none if the answer is none, or has none.
async fn in_words<B>(answer: &ServiceResponse<B>) -> Option<Refusal> {
    let error = answer.response().error()?.as_error::<Error>()?;
    let namer = answer.request().app_data::<web::Data<dyn Namer>>()?;
    names::named(error, &***namer).await
}

/// Decides on the route that was matched; an actor is known unless the route is open to the caller without one.
async fn admit(req: &ServiceRequest) -> Result<Option<Actor>> {
    let pattern = req.match_pattern().unwrap_or_default();
    let routes = req.app_data::<web::Data<Routes>>();
    match routes.and_then(|routes| routes.access(&pattern, req.method())) {
        None => Err(Error::refused(Code::NotFound, format!("there is nothing at {}", req.path()))),
        Some(RouteAccess::Public) => Ok(None),
        Some(RouteAccess::Local(_)) if is_local(req) => {
            req.extensions_mut().insert(Local);
            Ok(None)
        }
        Some(RouteAccess::SignedIn) => Ok(Some(actor_of(req).await?)),
        Some(RouteAccess::Local(permission) | RouteAccess::Holders(permission)) => {
            let actor = actor_of(req).await?;
            actor.require_anywhere(permission)?;
            Ok(Some(actor))
        }
    }
}

async fn actor_of(req: &ServiceRequest) -> Result<Actor> {
    let mut sent = req.headers().get_all(header::AUTHORIZATION);
    let (first, second) = (sent.next(), sent.next());
    if second.is_some() {
        return Err(Error::refused(Code::InvalidToken, "send one Authorization header"));
    }
    let Some(value) = first else {
        return Err(Error::refused(Code::Unauthenticated, "send an access token: Authorization: Bearer …"));
    };
    let token = value.to_str().ok().and_then(|v| {
        let (scheme, token) = v.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    });
    let token =
        token.ok_or_else(|| Error::refused(Code::InvalidToken, "the Authorization header is not a bearer token"))?;
    let access = req.app_data::<web::Data<dyn Authenticator>>();
    access.ok_or_else(|| anyhow::anyhow!("access is not configured"))?.authenticate(token).await
}

/// A caller on this machine that no proxy speaks for.
fn is_local(req: &ServiceRequest) -> bool {
    let is_forwarded =
        ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|name| req.headers().contains_key(*name));
    !is_forwarded && req.peer_addr().is_some_and(|peer| peer.ip().is_loopback())
}

//! Those who ask. Handlers take `Actor`; the gate has put it into the request, or refused the request before.
use crate::{
    kernel::{Actor, Code, Error, Result},
    platform::http::server::client,
};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use std::future::{Ready, ready};

impl FromRequest for Actor {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let actor = req.extensions().get::<Self>().cloned();
        ready(actor.ok_or_else(|| Error::refused(Code::Unauthenticated, "sign in to do this")))
    }
}

/// The mark that the gate puts on requests from this machine which it lets pass without an actor.
#[derive(Debug, Clone, Copy)]
pub struct Local;

/// A request from this machine, or one with an actor: for routes that are open to local callers.
#[derive(Debug, Clone, Copy)]
pub struct LocalOrActor;

impl FromRequest for LocalOrActor {
    type Error = Error;
    type Future = Ready<Result<Self>>;
    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = req.extensions();
        ready(match extensions.contains::<Local>() || extensions.contains::<Actor>() {
            true => Ok(Self),
            false => Err(Error::refused(Code::Unauthenticated, "sign in to do this")),
        })
    }
}

/// The address of the client, as proxies that are trusted tell it; empty where the connection has none.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

impl ClientAddress {
    /// That of a request.
    pub fn of(req: &HttpRequest) -> Self {
        Self(client::address_of(req).map(|address| address.to_string()).unwrap_or_default())
    }
}

impl FromRequest for ClientAddress {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

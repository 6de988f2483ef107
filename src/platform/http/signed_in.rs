//! Handlers take `Actor`; the gate has put it into the request, or refused the request before.
use crate::kernel::{Actor, Code, Error, Result};
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

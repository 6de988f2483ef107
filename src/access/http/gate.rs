//! The gate in front of every route: who is it, and may they call this at all? Handlers then check where.
//! A route that is not in the table of routes is not reachable.
use crate::{
    access::Access,
    kernel::{Actor, Code, Error, Result},
    platform::http::routes::{Access as Demand, Routes},
};
use actix_web::{
    HttpMessage, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header,
    middleware::Next,
    web,
};

/// Lets the request pass with its actor, or answers 401 or 403.
pub async fn gate<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match admit(&req).await {
        Ok(actor) => {
            if let Some(actor) = actor {
                req.extensions_mut().insert(actor);
            }
            next.call(req).await.map(ServiceResponse::map_into_boxed_body)
        }
        Err(refusal) => Ok(req.into_response(refusal.error_response())),
    }
}

async fn admit(req: &ServiceRequest) -> Result<Option<Actor>> {
    let demand = match (req.match_pattern(), req.app_data::<web::Data<Routes>>()) {
        (Some(pattern), Some(routes)) => routes.access(&pattern, req.method()),
        _ => None,
    };
    match demand {
        None if is_unlisted(req) => Err(Error::refused(Code::NotFound, format!("there is nothing at {}", req.path()))),
        None | Some(Demand::Public) => Ok(None),
        Some(Demand::Local(_)) if is_local(req) => Ok(None),
        Some(Demand::Local(permission) | Demand::Holders(permission)) => {
            let actor = actor_of(req).await?;
            actor.demand_anywhere(permission)?;
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
    let access = req.app_data::<web::Data<Access>>().ok_or_else(|| anyhow::anyhow!("access is not configured"))?;
    access.actor_of(token).await
}

/// Whether the path leads to a route that the document does not name.
fn is_unlisted(req: &ServiceRequest) -> bool {
    let Some(pattern) = req.match_pattern() else { return false };
    let routes = req.app_data::<web::Data<Routes>>();
    routes.is_none_or(|routes| routes.methods(&pattern).is_empty())
}

/// A caller on this machine that no proxy speaks for.
fn is_local(req: &ServiceRequest) -> bool {
    let is_forwarded =
        ["forwarded", "x-forwarded-for", "x-real-ip"].iter().any(|name| req.headers().contains_key(*name));
    !is_forwarded && req.peer_addr().is_some_and(|peer| peer.ip().is_loopback())
}

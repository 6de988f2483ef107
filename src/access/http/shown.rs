//! Of tokens for others: introspection (RFC 7662), the public keys (RFC 7517) and the server's metadata (RFC 8414).
use super::token::{TokenError, read_form, refused, unkept};
use crate::{
    access::{Access, introspection::Introspection},
    kernel::{Actor, Code, Result},
    platform::http::Gate,
};
use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use serde::Deserialize;
use utoipa::ToSchema;

/// An introspection request, form-encoded.
#[derive(Deserialize, ToSchema)]
pub struct IntrospectionRequest {
    /// An access token, a refresh token or the secret of an API key.
    token: Option<String>,
    /// It is not needed: each kind is told from the others.
    #[serde(rename = "token_type_hint")]
    _hint: Option<String>,
}

/// Introspect a token
///
/// If a token works now, for whom and until when (RFC 7662). Whoever asks is signed in and has the token, which is more
/// than its description: no permission is needed. A token that does not work is told as `active: false` alone.
#[utoipa::path(
    tag = "access", operation_id = "introspectToken",
    request_body(content = IntrospectionRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = Introspection, description = "The state of the token"),
        (status = 400, body = TokenError, description = "Refused"),
    ),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[post("/v1/oauth/introspect", wrap = "Gate")]
pub async fn introspect(
    _actor: Actor,
    req: HttpRequest,
    payload: web::Payload,
    access: web::Data<Access>,
) -> Result<HttpResponse> {
    let form: IntrospectionRequest = match read_form(&req, payload).await {
        Err(error) if error.code() == Code::MalformedRequest => {
            return Ok(refused("invalid_request", "the form is not valid"));
        }
        form => form?,
    };
    match form.token.filter(|sent| !sent.is_empty()) {
        Some(token) => Ok(unkept(HttpResponse::Ok()).json(access.introspect(&token).await?)),
        None => Ok(refused("invalid_request", "the parameter token is missing")),
    }
}

/// Get the public keys of access tokens
///
/// A JSON Web Key Set with which anyone can verify access tokens.
#[utoipa::path(
    tag = "access",
    responses((status = 200, body = Object, description = "The keys")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/.well-known/jwks.json", wrap = "Gate")]
pub async fn jwks(access: web::Data<Access>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(access.tokens.jwks())
}

/// Get the authorization server metadata
///
/// As RFC 8414 describes it.
#[utoipa::path(
    tag = "access",
    responses((status = 200, body = Object, description = "The metadata")),
    extensions(("x-permission" = json!("public"))),
)]
#[get("/.well-known/oauth-authorization-server", wrap = "Gate")]
pub async fn metadata(access: web::Data<Access>) -> HttpResponse {
    let issuer = access.tokens.issuer();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(serde_json::json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/v1/oauth/token"),
        "revocation_endpoint": format!("{issuer}/v1/oauth/revoke"),
        "revocation_endpoint_auth_methods_supported": ["none"],
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "introspection_endpoint": format!("{issuer}/v1/oauth/introspect"),
        "introspection_endpoint_auth_methods_supported": ["Bearer"],
        "grant_types_supported": ["password", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "response_types_supported": [],
    }))
}

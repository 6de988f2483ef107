//! Signing in (RFC 6749) and out (RFC 7009), the public keys (RFC 7517) and the server's metadata (RFC 8414).
use crate::{
    access::{
        Access,
        sessions::{
            Client, Revoked,
            sign_in::{Denied, SignedIn},
        },
    },
    kernel::{Code, Error, Result},
    platform::http::{ClientAddress, Gate, request::body},
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, get, http::header, post, web};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// Characters of a `User-Agent` that are kept.
const LONGEST_AGENT: usize = 200;

/// A token request, form-encoded.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `password` or `refresh_token`.
    #[schema(example = "password")]
    grant_type: Option<String>,
    /// The user's e-mail address, with `password`.
    username: Option<String>,
    /// The user's password, with `password`.
    password: Option<String>,
    /// The token to go on from, with `refresh_token`.
    refresh_token: Option<String>,
    /// The client's own name (RFC 6749 §2.3.1). Clients are not registered: it is not looked at.
    #[serde(rename = "client_id")]
    _client_id: Option<String>,
    /// It is not looked at: what a token may be used for follows from the roles of its user.
    #[serde(rename = "scope")]
    _scope: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct TokenResponse {
    /// The token to send as `Authorization: Bearer` (RFC 6750).
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds for which the access token works.
    expires_in: i64,
    /// The token with which the next access token is asked for; it works once.
    refresh_token: String,
}

#[derive(Serialize, ToSchema)]
struct TokenError<'a> {
    /// RFC 6749 §5.2: `invalid_request`, `invalid_grant` or `unsupported_grant_type`.
    error: &'a str,
    /// The fault in words.
    error_description: &'a str,
}

/// Sign in: get an access token
///
/// Grants `password` (for the brand's own clients) and `refresh_token`. A refresh token works once; its
/// successor comes with the answer. Errors have OAuth's form, not the problem form.
#[utoipa::path(
    tag = "access", operation_id = "token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenResponse, description = "Tokens"),
        (status = 400, body = TokenError, description = "Refused"),
    ),
    extensions(("x-permission" = json!("public"))),
)]
#[post("/v1/oauth/token", wrap = "Gate")]
pub async fn token(req: HttpRequest, payload: web::Payload, access: web::Data<Access>) -> Result<HttpResponse> {
    let form: TokenRequest = match read_form(&req, payload).await {
        Err(error) if error.code() == Code::MalformedRequest => {
            return Ok(refused("invalid_request", "the form is not valid"));
        }
        form => form?,
    };
    // A parameter without a value is one that was not sent (RFC 6749 §3.2).
    let sent = |value: Option<String>| value.filter(|value| !value.is_empty());
    let (grant_type, refresh_token) = (sent(form.grant_type), sent(form.refresh_token));
    let outcome = match (grant_type.as_deref(), sent(form.username), sent(form.password), refresh_token) {
        (Some("password"), Some(user), Some(password), _) => {
            access.with_password(&user, password, client_of(&req)).await
        }
        (Some("refresh_token"), _, _, Some(token)) => access.with_refresh_token(token).await,
        (Some("password" | "refresh_token") | None, ..) => {
            return Ok(refused("invalid_request", "a parameter is missing"));
        }
        (Some(_), ..) => return Ok(refused("unsupported_grant_type", "use password or refresh_token")),
    };
    match outcome {
        Ok(session) => Ok(granted(session)),
        Err(Denied::InvalidGrant(why)) => Ok(refused("invalid_grant", why)),
        Err(Denied::Other(error)) => Err(error),
    }
}

fn client_of(req: &HttpRequest) -> Client {
    let user_agent = req.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Client {
        address: ClientAddress::of(req).0,
        user_agent: user_agent.map(|said| said.chars().take(LONGEST_AGENT).collect()),
    }
}

async fn read_form<T: DeserializeOwned>(req: &HttpRequest, payload: web::Payload) -> Result<T> {
    let declared = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !declared.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Error::refused(Code::UnsupportedMediaType, "the body must be application/x-www-form-urlencoded"));
    }
    let limits = body::limits(req)?;
    let bytes = body::read(req, payload.into_inner(), limits.json_bytes, limits.deadline).await?;
    serde_urlencoded::from_bytes(&bytes)
        .map_err(|e| Error::refused(Code::MalformedRequest, format!("the form is not valid: {e}")))
}

/// An answer that nobody keeps (RFC 6749 §5.1).
fn unkept(mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    answer.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    answer
}

fn granted(session: SignedIn) -> HttpResponse {
    unkept(HttpResponse::Ok()).json(TokenResponse {
        access_token: session.access_token,
        token_type: "Bearer",
        expires_in: session.expires_in,
        refresh_token: session.refresh_token,
    })
}

fn refused(error: &str, error_description: &str) -> HttpResponse {
    unkept(HttpResponse::BadRequest()).json(TokenError { error, error_description })
}

/// A revocation request, form-encoded.
#[derive(Deserialize, ToSchema)]
pub struct RevocationRequest {
    /// A refresh token or an access token.
    token: Option<String>,
    /// `refresh_token` or `access_token`; not needed.
    #[serde(rename = "token_type_hint")]
    _hint: Option<String>,
}

/// Sign out: revoke a token
///
/// The session of the token ends: all that came of the same sign-in stops working (RFC 7009). A token that is not known
/// is answered alike.
#[utoipa::path(
    tag = "access", operation_id = "revokeToken",
    request_body(content = RevocationRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token does not work: any more, or it never did"),
        (status = 400, body = TokenError, description = "Refused"),
    ),
    extensions(("x-permission" = json!("public"))),
)]
#[post("/v1/oauth/revoke", wrap = "Gate")]
pub async fn revoke(req: HttpRequest, payload: web::Payload, access: web::Data<Access>) -> Result<HttpResponse> {
    let form: RevocationRequest = match read_form(&req, payload).await {
        Err(error) if error.code() == Code::MalformedRequest => {
            return Ok(refused("invalid_request", "the form is not valid"));
        }
        form => form?,
    };
    let Some(sent) = form.token.filter(|sent| !sent.is_empty()) else {
        return Ok(refused("invalid_request", "the parameter token is missing"));
    };
    match access.revoke(sent).await? {
        Revoked::Done => Ok(unkept(HttpResponse::Ok()).finish()),
        Revoked::Sessionless => {
            Ok(refused("unsupported_token_type", "this access token belongs to no session and ends by itself"))
        }
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
        "grant_types_supported": ["password", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "response_types_supported": [],
    }))
}

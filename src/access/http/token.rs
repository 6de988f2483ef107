//! Tokens: given to users and API keys (RFC 6749), revoked (RFC 7009).
use crate::{
    access::{
        Access,
        api_keys::client::KeyToken,
        sessions::{
            Client, Revoked,
            sign_in::{Denied, SignedIn},
        },
    },
    kernel::{Code, Error, Result},
    platform::http::{ClientAddress, Gate, request::body},
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, http::header, post, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

/// Characters of a `User-Agent` that are kept.
const LONGEST_AGENT: usize = 200;

/// A token request, form-encoded.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `password`, `refresh_token` or `client_credentials`.
    #[schema(example = "password")]
    grant_type: Option<String>,
    /// The user's e-mail address, with `password`.
    username: Option<String>,
    /// The user's password, with `password`.
    password: Option<String>,
    /// The token to go on from, with `refresh_token`.
    refresh_token: Option<String>,
    /// The id of an API key, with `client_credentials` and without an `Authorization` header; not looked at with other
    /// grants.
    client_id: Option<String>,
    /// The secret of that key.
    client_secret: Option<String>,
    /// It is not looked at: what a token may be used for follows from the roles of its user or from its API key.
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
    /// The token with which the next access token is asked for; it works once. API keys get none: they ask again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

/// A refusal in the form of OAuth.
#[derive(Serialize, ToSchema)]
pub struct TokenError<'a> {
    /// RFC 6749 §5.2: `invalid_request`, `invalid_client`, `invalid_grant` or `unsupported_grant_type`; RFC 7009
    /// §2.2.1: `unsupported_token_type`.
    error: &'a str,
    /// The fault in words.
    error_description: &'a str,
}

/// Sign in: get an access token
///
/// Grants `password` (for the brand's own clients), `refresh_token`, and `client_credentials` for API keys, whose id
/// and secret stand in `Authorization: Basic` or in the form. A refresh token works once; its successor comes with the
/// answer. Errors have OAuth's form, not the problem form.
#[utoipa::path(
    tag = "access", operation_id = "token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenResponse, description = "Tokens"),
        (status = 400, body = TokenError, description = "Refused"),
        (status = 401, body = TokenError, description = "No API key has this id and secret, or it does not work"),
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
    let outcome = match sent(form.grant_type).as_deref() {
        None => return Ok(refused("invalid_request", MISSING)),
        Some("password") => match (sent(form.username), sent(form.password)) {
            (Some(user), Some(password)) => access.with_password(&user, password, client_of(&req)).await.map(of_user),
            _ => return Ok(refused("invalid_request", MISSING)),
        },
        Some("refresh_token") => match sent(form.refresh_token) {
            Some(token) => access.with_refresh_token(token).await.map(of_user),
            None => return Ok(refused("invalid_request", MISSING)),
        },
        Some("client_credentials") => match credentials(&req, (sent(form.client_id), sent(form.client_secret))) {
            Credentials::Sent(id, secret) => access.with_client(&id, &secret).await.map(of_key),
            Credentials::Missing => return Ok(refused("invalid_request", MISSING)),
            Credentials::Unclear => return Ok(refused("invalid_request", "send the client's credentials once")),
        },
        Some(_) => {
            let said = "use password, refresh_token or client_credentials";
            return Ok(refused("unsupported_grant_type", said));
        }
    };
    match outcome {
        Ok(tokens) => Ok(unkept(HttpResponse::Ok()).json(tokens)),
        Err(Denied::InvalidGrant(why)) => Ok(refused("invalid_grant", why)),
        Err(Denied::InvalidClient) => Ok(unknown_client()),
        Err(Denied::Other(error)) => Err(error),
    }
}

/// Said where a parameter is not sent.
const MISSING: &str = "a parameter is missing";

/// A parameter without a value is one that was not sent (RFC 6749 §3.2).
fn sent(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

/// The credentials of a client (RFC 6749 §2.3.1).
enum Credentials {
    Sent(String, String),
    Missing,
    /// They were sent in two ways, or cannot be read.
    Unclear,
}

/// The credentials in the `Authorization` header or in the form, but not in both.
fn credentials(req: &HttpRequest, in_form: (Option<String>, Option<String>)) -> Credentials {
    let mut headers = req.headers().get_all(header::AUTHORIZATION);
    match (headers.next(), headers.next(), in_form) {
        (None, _, (Some(id), Some(secret))) => Credentials::Sent(id, secret),
        (None, ..) => Credentials::Missing,
        (Some(value), None, (named, None)) => match value.to_str().ok().and_then(basic) {
            Some((id, secret)) if named.as_ref().is_none_or(|named| *named == id) => Credentials::Sent(id, secret),
            _ => Credentials::Unclear,
        },
        _ => Credentials::Unclear,
    }
}

/// The parts of `Basic` credentials, each of which is form-encoded.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |part: &str| {
        let read: Vec<(String, String)> = serde_urlencoded::from_str(&format!("part={part}")).ok()?;
        read.into_iter().next().filter(|_| !part.contains('&')).map(|(_, plain)| plain)
    };
    Some((plain(id)?, plain(secret)?))
}

fn client_of(req: &HttpRequest) -> Client {
    let user_agent = req.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Client {
        address: ClientAddress::of(req).0,
        user_agent: user_agent.map(|said| said.chars().take(LONGEST_AGENT).collect()),
    }
}

/// The form of a request of OAuth.
pub(super) async fn read_form<T: DeserializeOwned>(req: &HttpRequest, payload: web::Payload) -> Result<T> {
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
pub(super) fn unkept(mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    answer.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    answer
}

fn of_user(session: SignedIn) -> TokenResponse {
    let SignedIn { access_token, refresh_token, expires_in } = session;
    TokenResponse { access_token, token_type: "Bearer", expires_in, refresh_token: Some(refresh_token) }
}

fn of_key(given: KeyToken) -> TokenResponse {
    let KeyToken { access_token, expires_in } = given;
    TokenResponse { access_token, token_type: "Bearer", expires_in, refresh_token: None }
}

/// The refusal of a client that is not the one it says (RFC 6749 §5.2).
fn unknown_client() -> HttpResponse {
    let error_description = "no API key has this id and secret, or it does not work any more";
    let mut answer = unkept(HttpResponse::Unauthorized());
    answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"coffret\", charset=\"UTF-8\""));
    answer.json(TokenError { error: "invalid_client", error_description })
}

/// A refusal in the form of OAuth (RFC 6749 §5.2).
pub(super) fn refused(error: &str, error_description: &str) -> HttpResponse {
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
/// is answered alike. API keys and their tokens are refused: whoever manages users revokes a key.
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
        Revoked::OfKey => {
            let said = "an API key and its tokens are ended by POST /v1/api-keys/{api_key_id}/revoke";
            Ok(refused("unsupported_token_type", said))
        }
    }
}

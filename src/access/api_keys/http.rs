//! REST for API keys: make, list, show, change, rotate, revoke.
use super::{
    model::{ApiKey, ApiKeyChange, ApiKeyFilter, ApiKeyStatus, ApiKeyWithSecret, NewApiKey},
    rules, store,
};
use crate::{
    access::Access,
    kernel::{
        Actor, ApiKeySecretId, Channel, Code, Error, LocationGroupId, LocationId, Page, PrincipalId, Result, Text,
        actor::Permission, to_micros,
    },
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, Params, PathOf, RequiredKey,
            listed, page_of, versioned,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "api_keys";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateApiKey {
    /// The name that people read.
    #[schema(example = "Till 3, Paris Opéra")]
    name: Text<100>,
    /// The permissions, each one that you hold at those places; `users:read` and `users:write` are not among them.
    #[validate(length(min = 1, max = 64, message = "must be 1 to 64 permissions"))]
    #[schema(
        inline, min_items = 1, max_items = 64,
        example = json!(["catalog:read", "orders:read", "orders:place", "orders:pay", "orders:fulfill"]),
    )]
    permissions: Vec<Permission>,
    /// The locations at which it acts; in place of a group or everywhere.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(length(min = 1, max = 1000, message = "must be 1 to 1,000 locations"))]
    #[schema(nullable = false, min_items = 1, max_items = 1000)]
    location_ids: Option<Vec<LocationId>>,
    /// The group of locations at which it acts, also at those to come; in place of locations or everywhere.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    location_group_id: Option<LocationGroupId>,
    /// True to act at all locations; in place of locations or a group.
    #[serde(default)]
    #[schema(example = true)]
    is_everywhere: bool,
    /// The one channel through which it sells; any, if absent.
    #[schema(inline)]
    channel: Option<Channel>,
    /// The moment from which it does not work any more; none, if absent.
    expires_at: Option<DateTime<Utc>>,
}

/// Create an API key
///
/// For a till or an integration: permissions at some locations, perhaps for one channel. The secret is told by this
/// answer, and by a retry under the same key, and never again; send it as `Authorization: Bearer`, or get access tokens
/// with it (`client_credentials` of `POST /v1/oauth/token`). A till that records sales needs `orders:place`,
/// `orders:pay` and `orders:fulfill`. The key works on when whoever made it leaves.
#[utoipa::path(
    tag = "access", operation_id = "createApiKey", request_body = CreateApiKey, params(RequiredKey),
    responses(
        (status = 201, body = ApiKeyWithSecret, description = "The key, with its secret"),
        (status = 403, description = "You do not hold one of the permissions"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/api-keys", wrap = "Gate")]
async fn create(
    access: web::Data<Access>,
    request: Change<CreateApiKey, RequiredKey>,
) -> Result<Located<ApiKeyWithSecret>> {
    let CreateApiKey { name, permissions, location_ids, location_group_id, is_everywhere, channel, expires_at } =
        request.value;
    let places = rules::places(is_everywhere, location_ids, location_group_id)
        .map_err(|why| Error::at(Code::InvalidBody, "/location_ids", why))?;
    let new = NewApiKey { name, permissions, places, channel, expires_at: expires_at.map(to_micros) };
    Ok(access.create_key(request.caller, new).await?.under("/v1/api-keys"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ApiKeysQuery {
    /// Only those with this in their name, or with a secret that begins with it.
    #[param(min_length = 1, max_length = 100)]
    text: Option<Text<100>>,
    /// Only those in this state.
    #[param(inline)]
    status: Option<ApiKeyStatus>,
    /// Only those that act at this location, by itself, in a group or everywhere.
    location_id: Option<LocationId>,
    /// Only those that sell through this channel alone.
    #[param(inline)]
    channel: Option<Channel>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List API keys
///
/// The newest first, those that have expired or are revoked included.
#[utoipa::path(
    tag = "access", operation_id = "listApiKeys", params(ApiKeysQuery),
    responses((status = 200, body = Listed<ApiKey>, description = "A page of keys")),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/api-keys", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ApiKeysQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    let ApiKeysQuery { text, status, location_id, channel, limit, cursor } = query.0;
    let filter = ApiKeyFilter { text: text.map(String::from), status, location: location_id, channel };
    let name = format!("{LIST} {filter:?}");
    let page = page_of::<PrincipalId>(limit, cursor.as_deref(), &name)?;
    let now = db.clock().now();
    let page = db.read(move |db| Ok(Page::of(store::page(db.conn(), &filter, now, &page)?, page.limit)));
    listed(page.await?, &name, |key: &ApiKey| key.id)
}

/// A key as it is now, or 304 if the caller has it.
async fn shown(req: &HttpRequest, db: &Db, id: PrincipalId) -> Result<HttpResponse> {
    let now = db.clock().now();
    let key = db.read(move |db| store::by_id(db.conn(), id, now)).await?;
    versioned(req, key.version, &key)
}

/// Get an API key
///
/// With its secrets that work, but not what is secret of them.
#[utoipa::path(
    tag = "access", operation_id = "getApiKey",
    responses(
        (status = 200, body = ApiKey, description = "The key"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/api-keys/{api_key_id}", wrap = "Gate")]
async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<PrincipalId>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    shown(&req, &db, id.0).await
}

/// Get the API key of the request
///
/// The key whose secret, or whose access token, the request has: what it may do where, and until when.
#[utoipa::path(
    tag = "access", operation_id = "getMyApiKey",
    responses(
        (status = 200, body = ApiKey, description = "The key"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[get("/v1/me/api-key", wrap = "Gate")]
async fn own(req: HttpRequest, actor: Actor, db: web::Data<Db>) -> Result<HttpResponse> {
    shown(&req, &db, actor.id).await.map_err(|error| match error.code() {
        Code::NotFound => Error::refused(Code::NotFound, "the request is of a user, not of an API key: GET /v1/me"),
        _ => error,
    })
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeApiKey {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The permissions in place of those of before.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(length(min = 1, max = 64, message = "must be 1 to 64 permissions"))]
    #[schema(inline, nullable = false, min_items = 1, max_items = 64)]
    permissions: Option<Vec<Permission>>,
    /// The moment from which it does not work any more; null for none.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    expires_at: Option<Option<DateTime<Utc>>>,
}

fn says_something(wanted: &ChangeApiKey) -> std::result::Result<(), ValidationError> {
    match (&wanted.name, &wanted.permissions, wanted.expires_at) {
        (None, None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Change an API key
///
/// A merge patch (RFC 7396) of its name, permissions and end. Its places and its channel stay: a key for others is
/// another key. Whoever changes permissions or the end holds all that the key has then.
#[utoipa::path(
    tag = "access", operation_id = "changeApiKey", request_body = ChangeApiKey, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = ApiKey, description = "The key"),
        (status = 403, description = "You do not hold one of the permissions"),
        (status = 409, description = "The key is revoked"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[patch("/v1/api-keys/{api_key_id}", wrap = "Gate")]
async fn change(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<ChangeApiKey, OptionalKey, MustMatch>,
) -> Result<Recorded<ApiKey>> {
    let ChangeApiKey { name, permissions, expires_at } = request.value;
    let expires_at = expires_at.map(|end| end.map(to_micros));
    access.change_key(request.caller, id.0, ApiKeyChange { name, permissions, expires_at }).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RotateApiKey {
    /// Seconds for which the secret of before works on; until it is ended by hand, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 7_776_000, message = "must be 0 to 7,776,000 seconds (90 days)"))]
    #[schema(nullable = false, minimum = 0, maximum = 7_776_000, example = 86_400)]
    old_secret_seconds: Option<i64>,
}

/// Rotate the secret of an API key
///
/// Gives it a second secret, told by this answer alone. Put it where the first one is in use, then end the first one
/// (`DELETE /v1/api-keys/{api_key_id}/secrets/{secret_id}`), or let it end by itself. A key with two secrets is not
/// rotated, so that no secret in use ends unasked.
#[utoipa::path(
    tag = "access", operation_id = "rotateApiKey", request_body = RotateApiKey, params(IfMatch, RequiredKey),
    responses(
        (status = 201, body = ApiKeyWithSecret, description = "The key, with its new secret"),
        (status = 403, description = "It may do more than you do"),
        (status = 409, description = "It has two secrets, or is revoked"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/api-keys/{api_key_id}/rotate", wrap = "Gate")]
async fn rotate(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<RotateApiKey, RequiredKey, IfMatch>,
) -> Result<Located<ApiKeyWithSecret>> {
    let seconds = request.value.old_secret_seconds;
    Ok(access.rotate_key(request.caller, id.0, seconds).await?.under("/v1/api-keys"))
}

/// End a secret of an API key
///
/// Of a key with two: the one that nobody uses any more. It and the access tokens that were got with it work no more,
/// at once on this server and within two seconds on others.
#[utoipa::path(
    tag = "access", operation_id = "endApiKeySecret", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = ApiKey, description = "The key"),
        (status = 409, description = "It is the only one"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/api-keys/{api_key_id}/secrets/{secret_id}", wrap = "Gate")]
async fn end_secret(
    access: web::Data<Access>,
    path: PathOf<(PrincipalId, ApiKeySecretId)>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<ApiKey>> {
    let (id, secret) = path.0;
    access.end_key_secret(request.caller, id, secret).await
}

/// Revoke an API key
///
/// For good: it works no more, at once on this server and within two seconds on others. What it did stays under its
/// name.
#[utoipa::path(
    tag = "access", operation_id = "revokeApiKey", params(IfMatch, OptionalKey),
    responses((status = 200, body = ApiKey, description = "The key")),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/api-keys/{api_key_id}/revoke", wrap = "Gate")]
async fn revoke(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<ApiKey>> {
    access.revoke_key(request.caller, id.0).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(own).service(show);
    config.service(change).service(rotate).service(end_secret).service(revoke);
}

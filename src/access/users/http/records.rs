//! Users: invite, list, show, change, disable, enable.
use crate::{
    access::{
        Access,
        users::{
            model::{InvitedUser, NewGrant, NewUser, User, UserFilter, UserKey, UserStatus},
            read, store,
        },
    },
    kernel::{Actor, CodeName, Email, LocationGroupId, LocationId, PrincipalId, Result, Text, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, Params, PathOf, RecordRead,
            RequiredKey, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// The name of the list in cursors.
const LIST: &str = "users";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteUser {
    /// The address with which they sign in; nobody else has it.
    email: Email,
    /// The name that people read.
    name: Text<200>,
    /// The roles that they are to hold, each of permissions that you hold there yourself.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 100, message = "must be 100 grants at most"))]
    #[schema(max_items = 100)]
    grants: Vec<NewGrant>,
}

/// Invite a user
///
/// With the roles that they are to hold. The answer has a token that works once, for seven days: send it to them as a
/// part of a link, by which they choose a password (`POST /v1/invitations/accept`). It is told here alone, and by the
/// answer to a retry under the same key. Nobody grants a role with permissions that they do not hold at that place.
#[utoipa::path(
    tag = "access", operation_id = "inviteUser", request_body = InviteUser, params(RequiredKey),
    responses(
        (status = 201, body = InvitedUser, description = "The user, with the token"),
        (status = 403, description = "A role has more than you hold"),
        (status = 409, description = "The address is in use, or a role is named twice"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/users", wrap = "Gate")]
async fn invite(access: web::Data<Access>, request: Change<InviteUser, RequiredKey>) -> Result<Located<InvitedUser>> {
    let InviteUser { email, name, grants } = request.value;
    Ok(access.invite(request.caller, NewUser { email, name, grants }).await?.under("/v1/users"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct UsersQuery {
    /// Only those with this in their name or address.
    #[param(min_length = 1, max_length = 200)]
    text: Option<Text<200>>,
    /// Only those in this state.
    #[param(inline)]
    status: Option<UserStatus>,
    /// Only those with a grant of this role that is not over.
    role: Option<CodeName>,
    /// Only those with a grant for this location, by itself or in a group, that is not over; of that role, if one is
    /// named.
    location_id: Option<LocationId>,
    /// Only those with a grant for this group of locations that is not over; of that role, if one is named.
    location_group_id: Option<LocationGroupId>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List users
///
/// By address, with their grants, those who may not sign in included.
#[utoipa::path(
    tag = "access", operation_id = "listUsers", params(UsersQuery),
    responses((status = 200, body = Listed<User>, description = "A page of users")),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/users", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<UsersQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    let UsersQuery { text, status, role, location_id, location_group_id, limit, cursor } = query.0;
    let (location, location_group) = (location_id, location_group_id);
    let filter = UserFilter { text: text.map(String::from), status, role, location, location_group };
    let name = format!("{LIST} {filter:?}");
    let page = page_of::<UserKey>(limit, cursor.as_deref(), &name)?;
    let now = db.clock().now();
    let page = db.read(move |db| read::users(db, &filter, now, &page));
    listed(page.await?, &name, |user: &User| (user.email.clone(), user.id))
}

/// Get a user
///
/// With their grants.
#[utoipa::path(
    tag = "access", operation_id = "getUser",
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/users/{user_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<PrincipalId>) -> Result<HttpResponse> {
    wanted.actor.require_everywhere(Permission::UsersRead)?;
    wanted.answer(Permission::UsersRead, |db, _, id| store::by_id(db.conn(), id)).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RenameUser {
    /// The name that people read.
    name: Text<200>,
}

/// Change a user
///
/// A merge patch (RFC 7396) of their name. The address stays: who has another one is another user.
#[utoipa::path(
    tag = "access", operation_id = "changeUser", request_body = RenameUser, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[patch("/v1/users/{user_id}", wrap = "Gate")]
async fn rename(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<RenameUser, OptionalKey, MustMatch>,
) -> Result<Recorded<User>> {
    access.rename(request.caller, id.0, request.value.name).await
}

/// Disable a user
///
/// They cannot sign in any more, what they are signed in with ends (at once on this server, within two seconds on
/// others), and invitations of them and by them work no more. What they did stays under their name. The last admin
/// everywhere stays.
#[utoipa::path(
    tag = "access", operation_id = "disableUser", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 409, description = "The last admin"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/users/{user_id}/disable", wrap = "Gate")]
async fn disable(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<User>> {
    access.set_disabled(request.caller, id.0, true).await
}

/// Enable a user
///
/// They may sign in again, with the password and the grants that they had. Whoever enables them holds as much.
#[utoipa::path(
    tag = "access", operation_id = "enableUser", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 403, description = "They hold more than you do"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/users/{user_id}/enable", wrap = "Gate")]
async fn enable(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<User>> {
    access.set_disabled(request.caller, id.0, false).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(invite).service(list).service(show).service(rename).service(disable).service(enable);
}

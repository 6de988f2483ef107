//! The roles of users, and the tokens by which they choose a password.
use crate::{
    access::{
        Access,
        users::model::{InvitedUser, NewGrant, User},
    },
    kernel::{GrantId, PrincipalId, Result},
    platform::{
        http::{Change, Gate, IfMatch, Located, Nothing, OptionalKey, PathOf, RequiredKey},
        idempotency::Recorded,
    },
};
use actix_web::{delete, post, web};
use utoipa_actix_web::service_config::ServiceConfig;

/// Grant a role
///
/// At one location, at a group of locations or everywhere, from a moment to another; only permissions that you hold
/// there yourself, for a group everywhere. The roles are built-in or made by the brand (`GET /v1/roles`).
#[utoipa::path(
    tag = "access", operation_id = "grantRole", request_body = NewGrant, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 403, description = "The role has more than you hold"),
        (status = 409, description = "They hold it already"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/users/{user_id}/grants", wrap = "Gate")]
async fn grant(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<NewGrant, RequiredKey, IfMatch>,
) -> Result<Recorded<User>> {
    access.grant(request.caller, id.0, request.value).await
}

/// Revoke a role
///
/// It works no more at once on this server, and within two seconds on others. The last admin everywhere stays.
#[utoipa::path(
    tag = "access", operation_id = "revokeRole", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = User, description = "The user"),
        (status = 409, description = "The last admin"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/users/{user_id}/grants/{grant_id}", wrap = "Gate")]
async fn revoke(
    access: web::Data<Access>,
    path: PathOf<(PrincipalId, GrantId)>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<User>> {
    let (id, held) = path.0;
    access.revoke_grant(request.caller, id, held).await
}

/// Invite a user again
///
/// With a new token in place of the one before, for someone who lost theirs or forgot their password. The password that
/// they have works until they choose another. Whoever invites them again holds as much as they do.
#[utoipa::path(
    tag = "access", operation_id = "inviteAgain", params(RequiredKey),
    responses(
        (status = 201, body = InvitedUser, description = "The user, with the token"),
        (status = 403, description = "They hold more than you do"),
        (status = 409, description = "They may not sign in"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/users/{user_id}/invitation", wrap = "Gate")]
async fn invite_again(
    access: web::Data<Access>,
    id: PathOf<PrincipalId>,
    request: Change<Nothing, RequiredKey>,
) -> Result<Located<InvitedUser>> {
    Ok(access.invite_again(request.caller, id.0).await?.under("/v1/users"))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(grant).service(revoke).service(invite_again);
}

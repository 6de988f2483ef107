//! The routes of users for themselves: see who they are, choose a password, change it.
use crate::{
    access::{
        Access,
        users::{change::ChosenPassword, model::Me, read},
    },
    kernel::{Actor, Result},
    platform::{
        db::Db,
        http::{Body, ClientAddress, Gate},
    },
};
use actix_web::{HttpResponse, get, http::header, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

/// Get the signed-in user
///
/// The user of the token, their roles, and what they may do at which locations.
#[utoipa::path(
    tag = "access", operation_id = "getMe",
    responses((status = 200, body = Me, description = "The user")),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[get("/v1/me", wrap = "Gate")]
async fn me(actor: Actor, db: web::Data<Db>) -> Result<HttpResponse> {
    let found = db.read(move |db| read::me(db, &actor)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(found))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The password that you have.
    #[schema(max_length = 128)]
    current_password: String,
    /// The one that you choose: 8 characters or more, 128 bytes at most.
    #[schema(min_length = 8, max_length = 128)]
    new_password: String,
}

/// Change your password
///
/// All that you are signed in with ends, this token too: sign in with the new one.
#[utoipa::path(
    tag = "access", operation_id = "changePassword", request_body = ChangePassword,
    responses(
        (status = 204, description = "The new password holds"),
        (status = 422, description = "The current password is wrong"),
    ),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[post("/v1/me/password", wrap = "Gate")]
async fn change_password(
    from: ClientAddress,
    actor: Actor,
    access: web::Data<Access>,
    body: Body<ChangePassword>,
) -> Result<HttpResponse> {
    let ChangePassword { current_password, new_password } = body.value;
    let chosen = ChosenPassword { current: current_password, new: new_password };
    access.change_password(&actor, chosen, &from.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AcceptInvitation {
    /// The token of the invitation.
    #[schema(max_length = 200)]
    token: String,
    /// The password that you choose: 8 characters or more, 128 bytes at most.
    #[schema(min_length = 8, max_length = 128)]
    password: String,
}

/// A user who has chosen a password.
#[derive(Serialize, ToSchema)]
struct AcceptedInvitation {
    /// The address with which to sign in.
    email: String,
}

/// Accept an invitation
///
/// Chooses a password by the token of an invitation, which works once; then sign in with it
/// (`POST /v1/oauth/token`). Whatever the user was signed in with before ends.
#[utoipa::path(
    tag = "access", operation_id = "acceptInvitation", request_body = AcceptInvitation,
    responses(
        (status = 200, body = AcceptedInvitation, description = "The address with which to sign in"),
        (status = 422, description = "The token was used, has expired, or never was"),
    ),
    extensions(("x-permission" = json!("public"))),
)]
#[post("/v1/invitations/accept", wrap = "Gate")]
async fn accept(from: ClientAddress, access: web::Data<Access>, body: Body<AcceptInvitation>) -> Result<HttpResponse> {
    let AcceptInvitation { token, password } = body.value;
    let email = access.accept(token, password, &from.0).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(AcceptedInvitation { email }))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(me).service(change_password).service(accept);
}

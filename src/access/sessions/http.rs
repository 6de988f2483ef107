//! REST for sessions: users see and end their own, and admins those of others.
use super::{model::Session, store};
use crate::{
    access::Access,
    kernel::{Actor, Page, PrincipalId, Result, SessionId, actor::Permission},
    platform::{
        db::Db,
        http::{Gate, Listed, Params, PathOf, listed, page_of},
    },
};
use actix_web::{HttpResponse, delete, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// The name of the list in cursors.
const LIST: &str = "sessions";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct SessionsQuery {
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// The open sessions of a user, for someone who may see them.
async fn sessions_of(user: PrincipalId, actor: &Actor, db: &Db, query: SessionsQuery) -> Result<HttpResponse> {
    let name = format!("{LIST} {user}");
    let page = page_of::<SessionId>(query.limit, query.cursor.as_deref(), &name)?;
    let at = (db.clock().now(), actor.session);
    let found = db.read(move |db| Ok(Page::of(store::page(db.conn(), user, &page, at)?, page.limit)));
    listed(found.await?, &name, |session: &Session| session.id)
}

/// List your sessions
///
/// All that you are signed in with, the newest first: a session begins with each sign-in and goes on with its refresh
/// tokens.
#[utoipa::path(
    tag = "access", operation_id = "listMySessions", params(SessionsQuery),
    responses((status = 200, body = Listed<Session>, description = "A page of sessions")),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[get("/v1/me/sessions", wrap = "Gate")]
async fn list_own(actor: Actor, db: web::Data<Db>, query: Params<SessionsQuery>) -> Result<HttpResponse> {
    sessions_of(actor.id, &actor, &db, query.0).await
}

/// End one of your sessions
///
/// Its tokens work no more: at once on this server, within the time of `access.grants_cache_ms` on others. One that has
/// ended stays so.
#[utoipa::path(
    tag = "access", operation_id = "endMySession",
    responses((status = 204, description = "The session has ended")),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[delete("/v1/me/sessions/{session_id}", wrap = "Gate")]
async fn end_own(actor: Actor, access: web::Data<Access>, session: PathOf<SessionId>) -> Result<HttpResponse> {
    access.end_sessions(actor.id, Some(session.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all your sessions
///
/// That of the token that asks, too: sign in again.
#[utoipa::path(
    tag = "access", operation_id = "endMySessions",
    responses((status = 204, description = "All sessions have ended")),
    extensions(("x-permission" = json!("signed_in"))),
)]
#[delete("/v1/me/sessions", wrap = "Gate")]
async fn end_all_own(actor: Actor, access: web::Data<Access>) -> Result<HttpResponse> {
    access.end_sessions(actor.id, None).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List the sessions of a user
///
/// All that they are signed in with, the newest first.
#[utoipa::path(
    tag = "access", operation_id = "listUserSessions", params(SessionsQuery),
    responses((status = 200, body = Listed<Session>, description = "A page of sessions")),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/users/{user_id}/sessions", wrap = "Gate")]
async fn list(
    actor: Actor,
    db: web::Data<Db>,
    user: PathOf<PrincipalId>,
    query: Params<SessionsQuery>,
) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    let user = user.0;
    db.read(move |db| store::require_user(db.conn(), user)).await?;
    sessions_of(user, &actor, &db, query.0).await
}

/// End a session of a user
///
/// Its tokens work no more: at once on this server, within the time of `access.grants_cache_ms` on others. One that has
/// ended stays so.
#[utoipa::path(
    tag = "access", operation_id = "endUserSession",
    responses((status = 204, description = "The session has ended")),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/users/{user_id}/sessions/{session_id}", wrap = "Gate")]
async fn end(actor: Actor, access: web::Data<Access>, path: PathOf<(PrincipalId, SessionId)>) -> Result<HttpResponse> {
    let (user, session) = path.0;
    access.end_sessions_of(&actor, user, Some(session)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all sessions of a user
///
/// They can sign in again, unless they are disabled.
#[utoipa::path(
    tag = "access", operation_id = "endUserSessions",
    responses((status = 204, description = "All sessions have ended")),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/users/{user_id}/sessions", wrap = "Gate")]
async fn end_all(actor: Actor, access: web::Data<Access>, user: PathOf<PrincipalId>) -> Result<HttpResponse> {
    access.end_sessions_of(&actor, user.0, None).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_own).service(end_own).service(end_all_own).service(list).service(end).service(end_all);
}

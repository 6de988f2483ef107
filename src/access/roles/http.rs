//! Roles: list, show, create, change, delete.
use crate::{
    access::{
        Access,
        roles::{
            model::{NewRole, RoleChange, RoleDefinition},
            read,
        },
    },
    kernel::{Actor, CodeName, Result, Text, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, PageQuery, Params, PathOf,
            RecordRead, RequiredKey, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "roles";

/// List roles
///
/// By code: the built-in ones and those of the brand, each with its permissions.
#[utoipa::path(
    tag = "access", operation_id = "listRoles", params(PageQuery),
    responses((status = 200, body = Listed<RoleDefinition>, description = "A page of roles")),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/roles", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<String>(limit, cursor.as_deref(), LIST)?;
    let page = db.read(move |db| read::roles(db, &page));
    listed(page.await?, LIST, |role: &RoleDefinition| role.code.to_string())
}

/// Get a role
///
/// By its code, with its permissions.
#[utoipa::path(
    tag = "access", operation_id = "getRole", params(("role_code" = CodeName, Path, description = "The role's code")),
    responses(
        (status = 200, body = RoleDefinition, description = "The role"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/roles/{role_code}", wrap = "Gate")]
async fn show(wanted: RecordRead<String>) -> Result<HttpResponse> {
    wanted.actor.require_everywhere(Permission::UsersRead)?;
    wanted.answer(Permission::UsersRead, |db, _, code| read::role(db, &read::code_of(&code)?)).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRole {
    /// Names the role in grants; unique, and it stays.
    #[schema(example = "floor_lead")]
    code: CodeName,
    /// The name that people read.
    #[schema(example = "Floor lead")]
    name: Text<100>,
    /// The permissions, each one that you hold everywhere.
    #[validate(length(min = 1, max = 64, message = "must be 1 to 64 permissions"))]
    #[schema(inline, min_items = 1, max_items = 64, example = json!(["orders:read", "orders:place", "inventory:read"]))]
    permissions: Vec<Permission>,
}

/// Create a role
///
/// A role of the brand beside the built-in ones: a name for some permissions, to be granted to users at locations,
/// groups of locations or everywhere. Nobody puts in a permission that they do not hold everywhere, without an end.
#[utoipa::path(
    tag = "access", operation_id = "createRole", request_body = CreateRole, params(RequiredKey),
    responses(
        (status = 201, body = RoleDefinition, description = "The role"),
        (status = 403, description = "You do not hold one of the permissions"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/roles", wrap = "Gate")]
async fn create(
    access: web::Data<Access>,
    request: Change<CreateRole, RequiredKey>,
) -> Result<Located<RoleDefinition>> {
    let CreateRole { code, name, permissions } = request.value;
    Ok(access.create_role(request.caller, NewRole { code, name, permissions }).await?.under("/v1/roles"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeRole {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The permissions in place of those of before.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(length(min = 1, max = 64, message = "must be 1 to 64 permissions"))]
    #[schema(inline, nullable = false, min_items = 1, max_items = 64)]
    permissions: Option<Vec<Permission>>,
}

fn says_something(wanted: &ChangeRole) -> std::result::Result<(), ValidationError> {
    match (&wanted.name, &wanted.permissions) {
        (None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Change a role
///
/// A merge patch (RFC 7396) of its name and permissions. Whoever holds the role has the new permissions at once on this
/// server, within two seconds on others. Built-in roles stay as they are.
#[utoipa::path(
    tag = "access", operation_id = "changeRole", request_body = ChangeRole,
    params(("role_code" = CodeName, Path, description = "The role's code"), MustMatch, OptionalKey),
    responses(
        (status = 200, body = RoleDefinition, description = "The role"),
        (status = 403, description = "You do not hold one of the permissions"),
        (status = 409, description = "The role is built-in"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[patch("/v1/roles/{role_code}", wrap = "Gate")]
async fn change(
    access: web::Data<Access>,
    code: PathOf<String>,
    request: Change<ChangeRole, OptionalKey, MustMatch>,
) -> Result<Recorded<RoleDefinition>> {
    let ChangeRole { name, permissions } = request.value;
    access.change_role(request.caller, read::code_of(&code.0)?, RoleChange { name, permissions }).await
}

/// Delete a role
///
/// One of the brand that no user has a grant of.
#[utoipa::path(
    tag = "access", operation_id = "deleteRole",
    params(("role_code" = CodeName, Path, description = "The role's code"), IfMatch, OptionalKey),
    responses(
        (status = 200, body = RoleDefinition, description = "The role as it was"),
        (status = 409, description = "The role is built-in, or users have grants of it"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/roles/{role_code}", wrap = "Gate")]
async fn delete_role(
    access: web::Data<Access>,
    code: PathOf<String>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<RoleDefinition>> {
    access.delete_role(request.caller, read::code_of(&code.0)?).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(create).service(change).service(delete_role);
}

//! Groups of locations: list, show, create, change, delete.
use crate::{
    access::{
        Access,
        location_groups::{
            model::{LocationGroup, LocationGroupChange, NewLocationGroup},
            store,
        },
    },
    kernel::{Actor, CodeName, LocationGroupId, LocationId, Page, Result, Text, actor::Permission},
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
const LIST: &str = "location_groups";

/// List location groups
///
/// By code, with their locations.
#[utoipa::path(
    tag = "access", operation_id = "listLocationGroups", params(PageQuery),
    responses((status = 200, body = Listed<LocationGroup>, description = "A page of location groups")),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/location-groups", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::UsersRead)?;
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<String>(limit, cursor.as_deref(), LIST)?;
    let page = db.read(move |db| Ok(Page::of(store::page(db.conn(), &page)?, page.limit)));
    listed(page.await?, LIST, |group: &LocationGroup| group.code.to_string())
}

/// Get a location group
///
/// With its locations.
#[utoipa::path(
    tag = "access", operation_id = "getLocationGroup",
    responses(
        (status = 200, body = LocationGroup, description = "The location group"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("users:read"))),
)]
#[get("/v1/location-groups/{location_group_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<LocationGroupId>) -> Result<HttpResponse> {
    wanted.actor.require_everywhere(Permission::UsersRead)?;
    wanted.answer(Permission::UsersRead, |db, _, id| store::by_id(db.conn(), id)).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateLocationGroup {
    /// A unique name for programs; it stays.
    #[schema(example = "paris_stores")]
    code: CodeName,
    /// The name that people read.
    #[schema(example = "Stores in Paris")]
    name: Text<100>,
    /// The locations.
    #[validate(length(max = 1000, message = "must be 1,000 locations at most"))]
    #[schema(max_items = 1000)]
    location_ids: Vec<LocationId>,
}

/// Create a location group
///
/// Locations at which roles are held together, such as a region: a grant for the group holds at each of them, also at
/// those that join it later.
#[utoipa::path(
    tag = "access", operation_id = "createLocationGroup", request_body = CreateLocationGroup, params(RequiredKey),
    responses(
        (status = 201, body = LocationGroup, description = "The location group"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[post("/v1/location-groups", wrap = "Gate")]
async fn create(
    access: web::Data<Access>,
    request: Change<CreateLocationGroup, RequiredKey>,
) -> Result<Located<LocationGroup>> {
    let CreateLocationGroup { code, name, location_ids } = request.value;
    let new = NewLocationGroup { code, name, location_ids };
    Ok(access.create_group(request.caller, new).await?.under("/v1/location-groups"))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = says_something))]
struct ChangeLocationGroup {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The locations in place of those of before.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(length(max = 1000, message = "must be 1,000 locations at most"))]
    #[schema(nullable = false, max_items = 1000)]
    location_ids: Option<Vec<LocationId>>,
}

fn says_something(wanted: &ChangeLocationGroup) -> std::result::Result<(), ValidationError> {
    match (&wanted.name, &wanted.location_ids) {
        (None, None) => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        _ => Ok(()),
    }
}

/// Change a location group
///
/// A merge patch (RFC 7396) of its name and locations. Roles that users hold for the group hold at its new locations at
/// once on this server, within two seconds on others: whoever adds a location holds all of these roles everywhere.
#[utoipa::path(
    tag = "access", operation_id = "changeLocationGroup", request_body = ChangeLocationGroup,
    params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = LocationGroup, description = "The location group"),
        (status = 403, description = "Users hold more there than you do"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[patch("/v1/location-groups/{location_group_id}", wrap = "Gate")]
async fn change(
    access: web::Data<Access>,
    id: PathOf<LocationGroupId>,
    request: Change<ChangeLocationGroup, OptionalKey, MustMatch>,
) -> Result<Recorded<LocationGroup>> {
    let ChangeLocationGroup { name, location_ids } = request.value;
    access.change_group(request.caller, id.0, LocationGroupChange { name, location_ids }).await
}

/// Delete a location group
///
/// One that no user has a grant for.
#[utoipa::path(
    tag = "access", operation_id = "deleteLocationGroup", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = LocationGroup, description = "The location group as it was"),
        (status = 409, description = "Users have grants for it"),
    ),
    extensions(("x-permission" = json!("users:write"))),
)]
#[delete("/v1/location-groups/{location_group_id}", wrap = "Gate")]
async fn delete_group(
    access: web::Data<Access>,
    id: PathOf<LocationGroupId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<LocationGroup>> {
    access.delete_group(request.caller, id.0).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(create).service(change).service(delete_group);
}

//! Brands: create, list, show, change.
use super::{ChangeGroup, one, page};
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        groups::{
            change::{GroupRef, change as change_group},
            create::create as create_group,
            model::{GroupChange, GroupKind, NewGroup},
            store::Group,
        },
    },
    kernel::{Actor, GroupId, Prose, Result, Text},
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf},
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateBrand {
    /// The name that people read, unique in any case.
    name: Text<100>,
    /// The name in addresses; made of the name, if absent.
    slug: Option<Slug>,
    /// The text for customers.
    description: Option<Prose<2000>>,
}

/// Create a brand
///
/// Products name it as their `brand` afterwards.
#[utoipa::path(
    tag = "catalog", operation_id = "createBrand", request_body = CreateBrand, params(OptionalKey),
    responses(
        (status = 201, body = Group, description = "The brand"),
        (status = 409, description = "The name or slug is in use"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/brands", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateBrand>,
) -> Result<Located<Group>> {
    let CreateBrand { name, slug, description } = request.value;
    let new = NewGroup { kind: GroupKind::Brand, name, slug, description, parent: None, position: 0 };
    Ok(create_group(&db, &catalog, request.caller, new).await?.under("/v1/brands"))
}

/// List brands
///
/// In order of their names.
#[utoipa::path(
    tag = "catalog", operation_id = "listBrands", params(PageQuery),
    responses((status = 200, body = Listed<Group>, description = "A page of brands")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/brands", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    page(&db, GroupKind::Brand, query.0).await
}

/// Get a brand
///
/// With its slug and description.
#[utoipa::path(
    tag = "catalog", operation_id = "getBrand",
    responses((status = 200, body = Group, description = "The brand"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/brands/{brand_id}", wrap = "Gate")]
async fn show(_: Actor, req: HttpRequest, db: web::Data<Db>, id: PathOf<GroupId>) -> Result<HttpResponse> {
    one(&req, &db, GroupKind::Brand, id.0).await
}

/// Change a brand
///
/// A merge patch (RFC 7396). Its products bear a new name at once.
#[utoipa::path(
    tag = "catalog", operation_id = "changeBrand", request_body = ChangeGroup, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Group, description = "The brand"),
        (status = 409, description = "The name or slug is in use"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/brands/{brand_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<GroupId>,
    request: Change<ChangeGroup, OptionalKey, MustMatch>,
) -> Result<Recorded<Group>> {
    let ChangeGroup { name, slug, description } = request.value;
    let change = GroupChange { name, slug, description, ..GroupChange::default() };
    change_group(&db, &catalog, request.caller, GroupRef { kind: GroupKind::Brand, id: id.0 }, change).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change);
}

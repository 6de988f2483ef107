//! Categories: create, list, show, change.
use super::{one, page, says};
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        classification::Category,
        groups::{
            change::{GroupRef, change as change_group},
            create::create as create_group,
            model::{GroupChange, GroupKind, NewGroup, Parent},
            store::Group,
        },
    },
    kernel::{Actor, GroupId, Prose, Result, Text},
    platform::{
        db::Db,
        http::{Change, Gate, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf, fault},
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = has_a_place))]
struct CreateCategory {
    /// The name that people read.
    name: Text<100>,
    /// The name in addresses; made of the name, if absent.
    slug: Option<Slug>,
    /// The text for customers.
    description: Option<Prose<2000>>,
    /// The category above it. Either it or `root` is named.
    parent_id: Option<GroupId>,
    /// The kind of product directly above it. Either it or `parent_id` is named.
    root: Option<Category>,
    /// The order among those with the same parent, from 0.
    #[serde(default)]
    #[validate(range(min = 0, max = 10_000, message = "must be 0 to 10000"))]
    #[schema(minimum = 0, maximum = 10_000)]
    position: i32,
}

fn has_a_place(body: &CreateCategory) -> std::result::Result<(), ValidationError> {
    match body.parent_id.is_some() == body.root.is_some() {
        true => fault("/parent_id", "name either parent_id or root"),
        false => Ok(()),
    }
}

/// The changes of a category; absent fields stay, null clears.
#[derive(Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangeCategory {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The name in addresses, unique among categories.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    slug: Option<Slug>,
    /// The text for customers.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<Prose<2000>>)]
    description: Option<Option<Prose<2000>>>,
    /// The category above it; null for one directly below its kind of product.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<GroupId>)]
    parent_id: Option<Option<GroupId>>,
    /// The order among those with the same parent, from 0.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 10_000, message = "must be 0 to 10000"))]
    #[schema(minimum = 0, maximum = 10_000, nullable = false)]
    position: Option<i32>,
}

fn changes_something(body: &ChangeCategory) -> std::result::Result<(), ValidationError> {
    says(*body != ChangeCategory::default())
}

/// Create a category
///
/// Below another one, or directly below a kind of product. Products name it as their `category_id` afterwards.
#[utoipa::path(
    tag = "catalog", operation_id = "createCategory", request_body = CreateCategory, params(OptionalKey),
    responses(
        (status = 201, body = Group, description = "The category"),
        (status = 409, description = "The slug is in use"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/categories", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateCategory>,
) -> Result<Located<Group>> {
    let CreateCategory { name, slug, description, parent_id, root, position } = request.value;
    let parent = parent_id.map(Parent::Category).or_else(|| root.map(Parent::Kind));
    let new = NewGroup { kind: GroupKind::Category, name, slug, description, parent, position };
    Ok(create_group(&db, &catalog, request.caller, new).await?.under("/v1/categories"))
}

/// List categories
///
/// In order of their names.
#[utoipa::path(
    tag = "catalog", operation_id = "listCategories", params(PageQuery),
    responses((status = 200, body = Listed<Group>, description = "A page of categories")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/categories", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    page(&db, GroupKind::Category, query.0).await
}

/// Get a category
///
/// With its slug and description.
#[utoipa::path(
    tag = "catalog", operation_id = "getCategory",
    responses((status = 200, body = Group, description = "The category"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/categories/{category_id}", wrap = "Gate")]
async fn show(_: Actor, req: HttpRequest, db: web::Data<Db>, id: PathOf<GroupId>) -> Result<HttpResponse> {
    one(&req, &db, GroupKind::Category, id.0).await
}

/// Change a category
///
/// A merge patch (RFC 7396). A new `parent_id` moves it with all that is below it; null moves it directly below the
/// kind of product.
#[utoipa::path(
    tag = "catalog", operation_id = "changeCategory", request_body = ChangeCategory, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Group, description = "The category"),
        (status = 409, description = "The slug is in use"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/categories/{category_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<GroupId>,
    request: Change<ChangeCategory, OptionalKey, MustMatch>,
) -> Result<Recorded<Group>> {
    let ChangeCategory { name, slug, description, parent_id, position } = request.value;
    let change = GroupChange { name, slug, description, parent: parent_id, position };
    change_group(&db, &catalog, request.caller, GroupRef { kind: GroupKind::Category, id: id.0 }, change).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change);
}

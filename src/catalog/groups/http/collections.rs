//! Collections: create, list, show, change, and say what is in them.
use super::{ChangeGroup, one, page};
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        groups::{
            change::{GroupRef, change as change_group, put_products},
            create::create as create_group,
            model::{GroupChange, GroupKind, NewGroup},
            store::{self, Group},
        },
    },
    kernel::{Actor, Error, GroupId, ProductId, Prose, Result, Text},
    platform::{
        db::Db,
        http::{Change, Gate, IfMatch, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf, versioned},
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateCollection {
    /// The name that people read.
    name: Text<100>,
    /// The name in addresses; made of the name, if absent.
    slug: Option<Slug>,
    /// The text for customers.
    description: Option<Prose<2000>>,
}

/// Create a collection
///
/// Empty at first. `PUT /v1/collections/{collection_id}/products` says what is in it.
#[utoipa::path(
    tag = "catalog", operation_id = "createCollection", request_body = CreateCollection, params(OptionalKey),
    responses(
        (status = 201, body = Group, description = "The collection"),
        (status = 409, description = "The slug is in use"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/collections", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateCollection>,
) -> Result<Located<Group>> {
    let CreateCollection { name, slug, description } = request.value;
    let new = NewGroup { kind: GroupKind::Collection, name, slug, description, parent: None, position: 0 };
    Ok(create_group(&db, &catalog, request.caller, new).await?.under("/v1/collections"))
}

/// List collections
///
/// In order of their names.
#[utoipa::path(
    tag = "catalog", operation_id = "listCollections", params(PageQuery),
    responses((status = 200, body = Listed<Group>, description = "A page of collections")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/collections", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    page(&db, GroupKind::Collection, query.0).await
}

/// Get a collection
///
/// With its slug and description.
#[utoipa::path(
    tag = "catalog", operation_id = "getCollection",
    responses((status = 200, body = Group, description = "The collection"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/collections/{collection_id}", wrap = "Gate")]
async fn show(_: Actor, req: HttpRequest, db: web::Data<Db>, id: PathOf<GroupId>) -> Result<HttpResponse> {
    one(&req, &db, GroupKind::Collection, id.0).await
}

/// Change a collection
///
/// A merge patch (RFC 7396). What is in it stays.
#[utoipa::path(
    tag = "catalog", operation_id = "changeCollection", request_body = ChangeGroup, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = Group, description = "The collection"),
        (status = 409, description = "The slug is in use"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/collections/{collection_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<GroupId>,
    request: Change<ChangeGroup, OptionalKey, MustMatch>,
) -> Result<Recorded<Group>> {
    let ChangeGroup { name, slug, description } = request.value;
    let change = GroupChange { name, slug, description, ..GroupChange::default() };
    change_group(&db, &catalog, request.caller, GroupRef { kind: GroupKind::Collection, id: id.0 }, change).await
}

#[derive(Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CollectionProducts {
    /// All products of the collection, in its order.
    #[validate(length(max = 1000, message = "at most 1000 products"))]
    #[schema(max_items = 1000)]
    product_ids: Vec<ProductId>,
}

/// List the products of a collection
///
/// Their identifiers, in the order of the collection. `GET /v1/products?collection_id=` shows the products.
#[utoipa::path(
    tag = "catalog", operation_id = "listCollectionProducts",
    responses(
        (status = 200, body = CollectionProducts, description = "The products"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/collections/{collection_id}/products", wrap = "Gate")]
async fn products(_: Actor, req: HttpRequest, db: web::Data<Db>, id: PathOf<GroupId>) -> Result<HttpResponse> {
    let found = db.read(move |db| {
        let group = store::by_id(db.conn(), &[id.0])?.pop().filter(|group| group.kind == GroupKind::Collection);
        let group = group.ok_or_else(|| Error::not_found("collection"))?;
        Ok((group.version, store::products_in(db.conn(), id.0)?))
    });
    let (version, product_ids) = found.await?;
    versioned(&req, version, &CollectionProducts { product_ids })
}

/// Set the products of a collection
///
/// In their order, in place of all that were in it.
#[utoipa::path(
    tag = "catalog", operation_id = "setCollectionProducts", request_body = CollectionProducts,
    params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = Group, description = "The collection"),
        (status = 422, description = "An unknown product, or one that is named twice"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/collections/{collection_id}/products", wrap = "Gate")]
async fn set_products(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<GroupId>,
    request: Change<CollectionProducts, OptionalKey, IfMatch>,
) -> Result<Recorded<Group>> {
    put_products(&db, &catalog, request.caller, id.0, request.value.product_ids).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change).service(products).service(set_products);
}

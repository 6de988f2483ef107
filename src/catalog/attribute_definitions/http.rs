//! REST for attributes.
use super::{
    assign, define,
    model::{NewAttribute, Told},
    store::{self, AttributeDefinition, AttributeKey},
    values::{AttributeKind, AttributeValue, Attributes},
};
use crate::{
    catalog::{attributes::Slug, cache::Catalog, classification::Category, read::ProductView},
    kernel::{Actor, AttributeId, GroupId, Page, ProductId, Result, Text, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, PageQuery, Params, PathOf,
            RecordRead, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, patch, post, put, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "attributes";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateAttribute {
    /// The name by which products and filters name it, unique.
    code: Slug,
    /// The name that people read.
    name: Text<100>,
    /// The kind of its values; it never changes.
    kind: AttributeKind,
    /// The kind of product that has it; every kind, if absent. It never changes.
    category: Option<Category>,
    /// The category whose products, and those of the categories below it, have it; all, if absent. It never changes.
    category_id: Option<GroupId>,
    /// The unit of a number, such as `ml`.
    unit: Option<Text<20>>,
    /// The values of a choice, in their order.
    #[serde(default)]
    #[validate(length(max = 200, message = "at most 200 options"))]
    #[schema(max_items = 200)]
    options: Vec<Text<100>>,
    /// The least number.
    minimum: Option<f64>,
    /// The greatest number.
    maximum: Option<f64>,
    /// True if the attributes of a product are refused without it.
    #[serde(default)]
    is_required: bool,
}

/// Create an attribute
///
/// A fact that products have beside those that every product has, such as finish, skin type or SPF: for all products,
/// for a kind of product, or for a category and those below it. Products get values of it by
/// `PUT /v1/products/{product_id}/attributes`; searches filter and count by choices and booleans.
#[utoipa::path(
    tag = "catalog", operation_id = "createAttribute", request_body = CreateAttribute, params(OptionalKey),
    responses(
        (status = 201, body = AttributeDefinition, description = "The attribute"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/attributes", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateAttribute>,
) -> Result<Located<AttributeDefinition>> {
    let CreateAttribute { code, name, kind, category, category_id, unit, options, minimum, maximum, is_required } =
        request.value;
    let told = Told { name, unit, options, minimum, maximum, is_required };
    let new = NewAttribute { code, kind, category, category_id, told };
    Ok(define::create(&db, &catalog, request.caller, new).await?.under("/v1/attributes"))
}

/// List attributes
///
/// In order of their codes, with the products that have them and the values that they may have.
#[utoipa::path(
    tag = "catalog", operation_id = "listAttributes", params(PageQuery),
    responses((status = 200, body = Listed<AttributeDefinition>, description = "A page of attributes")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/attributes", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<AttributeKey>(limit, cursor.as_deref(), LIST)?;
    let page = db.read(move |db| Ok(Page::of(store::page(db.conn(), &page)?, page.limit)));
    listed(page.await?, LIST, |one: &AttributeDefinition| (one.code.clone(), one.id))
}

/// Get an attribute
///
/// With the products that have it and the values that it may have.
#[utoipa::path(
    tag = "catalog", operation_id = "getAttribute",
    responses(
        (status = 200, body = AttributeDefinition, description = "The attribute"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/attributes/{attribute_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<AttributeId>) -> Result<HttpResponse> {
    wanted.answer(Permission::CatalogRead, |db, _, id| store::by_id(db.conn(), id)).await
}

/// The changes of an attribute; absent fields stay, null clears.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangeAttribute {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<100>>,
    /// The unit of a number.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<Text<20>>)]
    unit: Option<Option<Text<20>>>,
    /// All values of a choice, in place of those before; one that products have must stay.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(length(max = 200, message = "at most 200 options"))]
    #[schema(nullable = false, max_items = 200)]
    options: Option<Vec<Text<100>>>,
    /// The least number.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<f64>)]
    minimum: Option<Option<f64>>,
    /// The greatest number.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<f64>)]
    maximum: Option<Option<f64>>,
    /// True if the attributes of a product are refused without it.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    is_required: Option<bool>,
}

fn changes_something(body: &ChangeAttribute) -> std::result::Result<(), ValidationError> {
    match *body == ChangeAttribute::default() {
        true => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        false => Ok(()),
    }
}

impl ChangeAttribute {
    fn applied(&self, before: &AttributeDefinition) -> Result<Told> {
        let known = |why: String| anyhow::anyhow!("attribute {}: {why}", before.code);
        let options = || before.options.0.iter().map(|option| option.parse()).collect::<std::result::Result<_, _>>();
        Ok(Told {
            name: self.name.clone().map_or_else(|| before.name.parse(), Ok).map_err(known)?,
            unit: match &self.unit {
                Some(unit) => unit.clone(),
                None => before.unit.as_deref().map(str::parse).transpose().map_err(known)?,
            },
            options: self.options.clone().map_or_else(options, Ok).map_err(known)?,
            minimum: self.minimum.unwrap_or(before.minimum),
            maximum: self.maximum.unwrap_or(before.maximum),
            is_required: self.is_required.unwrap_or(before.is_required),
        })
    }
}

/// Change an attribute
///
/// A merge patch (RFC 7396). Products keep the values that they have: other bounds hold for those that are set
/// afterwards, and an option that a product has cannot be taken away.
#[utoipa::path(
    tag = "catalog", operation_id = "changeAttribute", request_body = ChangeAttribute, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = AttributeDefinition, description = "The attribute"),
        (status = 409, description = "Products have an option that is missing"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/attributes/{attribute_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<AttributeId>,
    request: Change<ChangeAttribute, OptionalKey, MustMatch>,
) -> Result<Recorded<AttributeDefinition>> {
    let change = request.value;
    define::change(&db, &catalog, request.caller, id.0, move |before| change.applied(before)).await
}

/// Delete an attribute
///
/// One that no product has any more.
#[utoipa::path(
    tag = "catalog", operation_id = "deleteAttribute", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = AttributeDefinition, description = "The attribute as it was"),
        (status = 409, description = "Products have it"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[delete("/v1/attributes/{attribute_id}", wrap = "Gate")]
async fn remove(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<AttributeId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<AttributeDefinition>> {
    define::delete(&db, &catalog, request.caller, id.0).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetAttributes {
    /// The values by the codes of their attributes: texts, numbers, booleans, or lists of options.
    #[serde(deserialize_with = "crate::kernel::strict_json::map")]
    #[schema(value_type = std::collections::HashMap<String, AttributeValue>)]
    attributes: Attributes,
}

/// Set the attributes of a product
///
/// In place of all that it had. Each is one of `GET /v1/attributes` for the kind or category of the product.
#[utoipa::path(
    tag = "catalog", operation_id = "setProductAttributes", request_body = SetAttributes, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 422, description = "An attribute is not defined for it, its value is not allowed, or one is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[put("/v1/products/{product_id}/attributes", wrap = "Gate")]
async fn set_attributes(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ProductId>,
    request: Change<SetAttributes, OptionalKey, IfMatch>,
) -> Result<Recorded<ProductView>> {
    assign::put(&db, &catalog, request.caller, id.0, request.value.attributes).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change).service(remove).service(set_attributes);
}

//! Products: list, show, create, change, retire.
use crate::{
    catalog::{
        attribute_definitions::{AttributeValue, Attributes},
        attributes::Slug,
        cache::Catalog,
        change as changing,
        classification::{Category, Status},
        content::{Language, Publication},
        create as creating,
        model::{NewProduct, NewVariant, ProductChange, ProductSort},
        read::{self, ProductFilter, ProductKey, ProductView, products as page_of_products},
        retire as retiring,
        tax::TaxClass,
    },
    kernel::{Actor, Channel, GroupId, Page, ProductId, Prose, Result, Text},
    platform::{
        db::Db,
        http::{
            Change, Gate, Listed, Located, MustMatch, OptionalKey, Params, PathOf, RecordStep, listed, page_of,
            versioned,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError, ValidationErrors};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only of this category.
    #[param(inline)]
    category: Option<Category>,
    /// Only with this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only with these characters in their name, in any case.
    #[param(inline)]
    name: Option<Text<200>>,
    /// Only with this slug.
    #[param(inline)]
    slug: Option<Slug>,
    /// Only of this brand.
    brand_id: Option<GroupId>,
    /// Only of this category and those below it.
    category_id: Option<GroupId>,
    /// Only in this collection.
    collection_id: Option<GroupId>,
    /// Only what is published in this channel now.
    #[param(inline)]
    published_in: Option<Channel>,
    /// Tells names and descriptions in the nearest language that there is (RFC 4647); the default one, if absent.
    #[param(inline)]
    language: Option<Language>,
    /// `name` (the default) or `-name`.
    #[param(inline)]
    sort: Option<ProductSort>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The cursor to go on from: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List products
///
/// In order of their names, with their variants and prices; `name` finds those whose name has some characters.
#[utoipa::path(
    tag = "catalog", operation_id = "listProducts", params(ListQuery),
    responses((status = 200, body = Listed<ProductView>, description = "A page of products")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/products", wrap = "Gate")]
pub async fn list(_: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery {
        category,
        status,
        name: called,
        slug,
        brand_id,
        category_id,
        collection_id,
        published_in,
        language,
        sort,
        limit,
        cursor,
    } = query.0;
    let sort = sort.unwrap_or(ProductSort::ByName);
    let filter = ProductFilter {
        category,
        status,
        name: called.map(String::from),
        slug: slug.map(|slug| slug.to_string()),
        brand: brand_id,
        group: category_id,
        collection: collection_id,
        published_in,
    };
    let name = format!("products {filter:?} {sort}");
    let page = page_of::<ProductKey>(limit, cursor.as_deref(), &name)?;
    let now = db.clock().now();
    let page = db.read(move |read| {
        let page = page_of_products(read, &filter, sort, &page, now)?;
        let has_more = page.has_more;
        Ok(Page { rows: read::with_variants(read, page.rows)?, has_more })
    });
    let page = page.await?.map(|view| view.told_in(language.as_ref()));
    listed(page, &name, |view| (view.listed_as.clone(), view.product.id))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ShowQuery {
    /// Tells name and description in the nearest language that there is (RFC 4647); the default one, if absent.
    #[param(inline)]
    language: Option<Language>,
}

/// Get a product
///
/// With its variants and prices, its media and translations.
#[utoipa::path(
    tag = "catalog", operation_id = "getProduct", params(ShowQuery),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/products/{product_id}", wrap = "Gate")]
pub async fn show(
    _: Actor,
    req: HttpRequest,
    db: web::Data<Db>,
    id: PathOf<ProductId>,
    query: Params<ShowQuery>,
) -> Result<HttpResponse> {
    let view = db.read(move |read| read::product_view(read, id.0)).await?.told_in(query.0.language.as_ref());
    versioned(&req, view.product.version, &view)
}

/// A product to be made, with its first variants.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateProduct {
    /// The name that people read.
    name: Text<200>,
    /// The name of its brand, in any case; one of `GET /v1/brands`.
    brand: Option<Text<100>>,
    /// The text for customers.
    description: Option<Prose<4000>>,
    /// The category, which decides how lots and expiry are handled.
    category: Category,
    /// The category below that kind of product; one of `GET /v1/categories`.
    category_id: Option<GroupId>,
    /// The name in addresses, unique; made of the name, if absent.
    slug: Option<Slug>,
    /// The ingredients by their INCI names.
    inci: Option<Prose<4000>>,
    /// Months that it lasts once opened (PAO).
    #[validate(range(min = 1, max = 120, message = "must be 1 to 120 months"))]
    #[schema(minimum = 1, maximum = 120)]
    pao_months: Option<i32>,
    /// The class by which it is taxed; `standard`, if absent.
    tax_class: Option<TaxClass>,
    /// The channels in which it is published, each with its time; none keeps it back from all of them, and all of
    /// them publish it if this is absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::some_list")]
    #[schema(max_items = 4, nullable = false)]
    publications: Option<Vec<Publication>>,
    /// Its attributes by their codes; one that is required may be told later, as long as none is told.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::map")]
    #[schema(value_type = std::collections::HashMap<String, AttributeValue>)]
    attributes: Attributes,
    /// The first variants of the product.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 100, message = "at most 100 variants at once"), nested)]
    #[schema(max_items = 100)]
    variants: Vec<NewVariant>,
}

impl From<CreateProduct> for NewProduct {
    fn from(new: CreateProduct) -> Self {
        Self {
            name: new.name,
            brand: new.brand,
            description: new.description,
            category: new.category,
            category_id: new.category_id,
            slug: new.slug,
            inci: new.inci,
            pao_months: new.pao_months,
            tax_class: new.tax_class.unwrap_or(TaxClass::Standard),
            publications: new.publications,
            attributes: new.attributes,
            variants: new.variants,
        }
    }
}

/// Create a product
///
/// With its first variants and their prices, all or nothing.
#[utoipa::path(
    tag = "catalog", operation_id = "createProduct", request_body = CreateProduct, params(OptionalKey),
    responses(
        (status = 201, body = ProductView, description = "The product"),
        (status = 409, description = "A SKU or GTIN is in use"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/products", wrap = "Gate")]
pub async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateProduct>,
) -> Result<Located<ProductView>> {
    Ok(creating::create(&db, &catalog, request.caller, request.value.into()).await?.under("/v1/products"))
}

impl Validate for ProductChange {
    fn validate(&self) -> std::result::Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if self.pao_months.flatten().is_some_and(|months| !(1..=120).contains(&months)) {
            errors.add("pao_months", ValidationError::new("range").with_message("must be 1 to 120 months".into()));
        }
        if errors.is_empty() { says_something(*self != Self::default()) } else { Err(errors) }
    }
}

/// Refuses a change that changes nothing: it would raise the version and make others' `If-Match` stale.
pub fn says_something(says: bool) -> std::result::Result<(), ValidationErrors> {
    if says {
        return Ok(());
    }
    let mut errors = ValidationErrors::new();
    errors.add("__all__", ValidationError::new("empty").with_message("there is nothing to change".into()));
    Err(errors)
}

/// Change a product
///
/// A merge patch (RFC 7396): absent fields stay, null clears. `If-Match` names the version that was read.
#[utoipa::path(
    tag = "catalog", operation_id = "changeProduct", request_body = ProductChange, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 409, description = "The slug is in use"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[patch("/v1/products/{product_id}", wrap = "Gate")]
pub async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ProductId>,
    request: Change<ProductChange, OptionalKey, MustMatch>,
) -> Result<Recorded<ProductView>> {
    changing::product(&db, &catalog, request.caller, id.0, request.value).await
}

/// Retire a product
///
/// None of its variants is sold any more. Nothing is deleted.
#[utoipa::path(
    tag = "catalog", operation_id = "retireProduct", params(RecordStep<ProductId>),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 409, description = "Retired already"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/products/{product_id}/retire", wrap = "Gate")]
pub async fn retire(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    wanted: RecordStep<ProductId>,
) -> Result<Recorded<ProductView>> {
    retiring::product(&db, &catalog, wanted.caller, wanted.id).await
}

/// Reinstate a product
///
/// It is sold again, with the variants that were retired with it. Those that were retired before stay retired.
#[utoipa::path(
    tag = "catalog", operation_id = "reinstateProduct", params(RecordStep<ProductId>),
    responses(
        (status = 200, body = ProductView, description = "The product"),
        (status = 409, description = "Not retired"),
    ),
    extensions(("x-permission" = json!("catalog:write"))),
)]
#[post("/v1/products/{product_id}/reinstate", wrap = "Gate")]
pub async fn reinstate(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    wanted: RecordStep<ProductId>,
) -> Result<Recorded<ProductView>> {
    retiring::reinstate_product(&db, &catalog, wanted.caller, wanted.id).await
}

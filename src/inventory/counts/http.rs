//! Counts: start, list, show, count, hand in, send back, approve, give up.
mod steps;

use super::{
    AbcClass, CountStatus,
    read::{self, CountView},
    start::{self as starting, Scope},
    store::CountHead,
};
use crate::{
    catalog::Category,
    inventory::{counts::model::CountFilter, read::require_location, service::Inventory},
    kernel::{Actor, CountId, LocationId, Locations, Result, Sku, actor::Permission},
    platform::{
        db::Db,
        group_commit::Versioned,
        http::{Change, Gate, Listed, Located, Params, PathOf, RecordRead, RequiredKey, entries, listed, page_of},
    },
};
use actix_web::{HttpResponse, get, post, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The routes of counts.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(start)
        .service(list)
        .service(find)
        .service(show)
        .service(steps::record)
        .service(steps::submit)
        .service(steps::reopen)
        .service(steps::approve)
        .service(steps::cancel);
}

/// The scope: everything, or one of these.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = one_scope))]
struct StartCount {
    /// Only variants of this category.
    category: Option<Category>,
    /// Only variants of this class, by what they sold here in the last 90 days.
    abc_class: Option<AbcClass>,
    /// Only these SKUs.
    #[validate(length(min = 1, max = 500, message = "1 to 500 SKUs"))]
    #[schema(min_items = 1, max_items = 500)]
    skus: Option<Vec<Sku>>,
    /// True if those who count are not told what the books say; true if absent.
    #[serde(default = "yes")]
    blind: bool,
}

fn yes() -> bool {
    true
}

fn one_scope(body: &StartCount) -> std::result::Result<(), ValidationError> {
    let scopes =
        [("category", body.category.is_some()), ("abc_class", body.abc_class.is_some()), ("skus", body.skus.is_some())];
    let others = scopes.into_iter().filter(|(_, is_set)| *is_set).skip(1);
    let said = "send one of category, abc_class and skus at most";
    entries(others.map(|(name, _)| (format!("/{name}"), said.to_owned())))
}

/// Start a stock count
///
/// Of all stock of a location, or of a category, an ABC class, or some SKUs; lot by lot. A location is counted by one
/// count at a time; sales go on meanwhile.
#[utoipa::path(
    tag = "counts", operation_id = "startCount", request_body = StartCount, params(RequiredKey),
    responses(
        (status = 201, body = CountView, description = "The count"),
        (status = 409, description = "The location is being counted"),
        (status = 422, description = "There is nothing to count, or too much at once"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/locations/{location_id}/counts", wrap = "Gate")]
pub async fn start(
    inventory: web::Data<Inventory>,
    location: PathOf<LocationId>,
    request: Change<StartCount, RequiredKey>,
) -> Result<Located<CountView>> {
    let StartCount { category, abc_class, skus, blind } = request.value;
    let scope = match (category, abc_class, skus) {
        (Some(category), ..) => Scope::Category(category),
        (_, Some(class), _) => Scope::Class(class),
        (_, _, Some(skus)) => Scope::Skus(skus),
        _ => Scope::All,
    };
    Ok(starting::start(&inventory, request.caller, location.0, scope, blind).await?.under("/v1/counts"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// With this number.
    number: Option<i64>,
    /// Only with this status.
    #[param(inline)]
    status: Option<CountStatus>,
    /// Counts in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List stock counts
///
/// Of a location, newest first, without their lines.
#[utoipa::path(
    tag = "counts", operation_id = "listCounts", params(ListQuery),
    responses((status = 200, body = Listed<CountHead>, description = "A page of counts")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/locations/{location_id}/counts", wrap = "Gate")]
pub async fn list(
    actor: Actor,
    db: web::Data<Db>,
    location: PathOf<LocationId>,
    query: Params<ListQuery>,
) -> Result<HttpResponse> {
    actor.require_at(Permission::InventoryRead, location.0, "location")?;
    let (ListQuery { number, status, limit, cursor }, location) = (query.0, location.0);
    let filter = CountFilter { number, status };
    let name = format!("counts {location} {filter:?}");
    let page = page_of::<CountId>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        require_location(db, location)?;
        read::counts(db, &Locations::Only([location].into()), filter, &page)
    });
    listed(page.await?, &name, |head| head.id)
}

/// Find stock counts by number
///
/// Of all locations where you may see stock, newest first, without their lines.
#[utoipa::path(
    tag = "counts", operation_id = "findCounts", params(ListQuery),
    responses((status = 200, body = Listed<CountHead>, description = "A page of counts")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/counts", wrap = "Gate")]
pub async fn find(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::InventoryRead)?;
    let (ListQuery { number, status, limit, cursor }, locations) = (query.0, actor.places(Permission::InventoryRead));
    let filter = CountFilter { number, status };
    let name = format!("counts {filter:?}");
    let page = page_of::<CountId>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| read::counts(db, &locations, filter, &page)).await?;
    listed(page, &name, |head| head.id)
}

impl Versioned for CountView {
    fn version(&self) -> i64 {
        self.head.version
    }
}

/// Get a stock count
///
/// With its lines and, once it is in review, what differs.
#[utoipa::path(
    tag = "counts", operation_id = "getCount",
    responses((status = 200, body = CountView, description = "The count"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("inventory:read"))),
)]
#[get("/v1/counts/{count_id}", wrap = "Gate")]
pub async fn show(asked: RecordRead<CountId>) -> Result<HttpResponse> {
    asked.answer(Permission::InventoryRead, read::count_view).await
}

//! Counts: start, list, show, count, hand in, send back, approve, give up.
use super::{
    AbcClass, CountStatus, approve as approving,
    read::{self, CountView},
    record::{self as recording, CountEntry},
    start::{self as starting, CountStep, Scope},
    store::CountHead,
};
use crate::{
    catalog::Category,
    inventory::{counts::model::CountFilter, read::require_location, service::Inventory},
    kernel::{Actor, CountId, LocationId, Locations, Result, Sku, Text, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, Nothing, OptionalKey, Params, PathOf, RecordRead, RecordStep,
            RequiredKey, Versioned, entries, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
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
        .service(record)
        .service(submit)
        .service(reopen)
        .service(approve)
        .service(cancel);
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

/// The units that were found of a SKU.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CountedLine {
    /// The SKU of the variant.
    sku: Sku,
    /// The lot; what came without one, if absent.
    lot: Option<Text<20>>,
    /// Units in all states together.
    #[serde(deserialize_with = "crate::kernel::quantity::units")]
    #[schema(minimum = 0, maximum = 1_000_000)]
    quantity: i32,
    /// When the shelf was counted, if not now: sales since then are not taken for a variance. A moment of the last ten
    /// seconds counts as now, because what happened just before it may not be in the books yet; the answer tells the
    /// moment taken.
    counted_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordCount {
    /// The lines, in order.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(min = 1, max = 500, message = "1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<CountedLine>,
}

/// Record counted units
///
/// Each line is compared with what the books said when it was counted. A line may be counted again; goods that are not
/// on the sheet are added to it. The answer holds the lines that were sent.
#[utoipa::path(
    tag = "counts", operation_id = "recordCount", request_body = RecordCount, params(RequiredKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "No longer being counted"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/lines", wrap = "Gate")]
pub async fn record(
    inventory: web::Data<Inventory>,
    id: PathOf<CountId>,
    request: Change<RecordCount, RequiredKey>,
) -> Result<Recorded<CountView>> {
    let counted = |line: CountedLine| {
        let CountedLine { sku, lot, quantity, counted_at } = line;
        CountEntry { sku, lot: lot.map(String::from), quantity, counted_at }
    };
    let lines = request.value.lines.into_iter().map(counted).collect();
    recording::record(&inventory, request.caller, id.0, lines).await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmitCount {
    /// True if lines that no one has counted are left as they are; refused otherwise.
    #[serde(default)]
    skip_uncounted: bool,
}

/// Submit a stock count
///
/// To be approved by someone else.
#[utoipa::path(
    tag = "counts", operation_id = "submitCount", request_body = SubmitCount, params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not everything was counted, or it is no longer being counted"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/submit", wrap = "Gate")]
pub async fn submit(
    db: web::Data<Db>,
    id: PathOf<CountId>,
    request: Change<SubmitCount, OptionalKey, IfMatch>,
) -> Result<Recorded<CountView>> {
    let step = CountStep::Submit { may_miss: request.value.skip_uncounted };
    starting::step(&db, request.caller, id.0, step).await
}

/// Reopen a stock count
///
/// To be counted again.
#[utoipa::path(
    tag = "counts", operation_id = "reopenCount", request_body = Option<Nothing>, params(RecordStep<CountId>),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not in review"),
    ),
    extensions(("x-permission" = json!("inventory:approve"))),
)]
#[post("/v1/counts/{count_id}/reopen", wrap = "Gate")]
pub async fn reopen(db: web::Data<Db>, wanted: RecordStep<CountId>) -> Result<Recorded<CountView>> {
    starting::step(&db, wanted.caller, wanted.id, CountStep::Reopen).await
}

/// Approve a stock count
///
/// The differences are booked, all at once, under the reason `count`. Neither who has counted nor who has handed it in
/// may approve it. Goods that are not there are not sold, whatever was promised of them: such promises count as
/// `uncovered`.
#[utoipa::path(
    tag = "counts", operation_id = "approveCount", request_body = Option<Nothing>, params(IfMatch, RequiredKey),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Not in review, one's own, or more is missing than is left by now"),
    ),
    extensions(("x-permission" = json!("inventory:approve"))),
)]
#[post("/v1/counts/{count_id}/approve", wrap = "Gate")]
pub async fn approve(
    inventory: web::Data<Inventory>,
    id: PathOf<CountId>,
    request: Change<Nothing, RequiredKey, IfMatch>,
) -> Result<Recorded<CountView>> {
    approving::approve(&inventory, request.caller, id.0).await
}

/// Cancel a stock count
///
/// Nothing is booked.
#[utoipa::path(
    tag = "counts", operation_id = "cancelCount", request_body = Option<Nothing>, params(RecordStep<CountId>),
    responses(
        (status = 200, body = CountView, description = "The count"),
        (status = 409, description = "Approved or canceled already"),
    ),
    extensions(("x-permission" = json!("inventory:count"))),
)]
#[post("/v1/counts/{count_id}/cancel", wrap = "Gate")]
pub async fn cancel(db: web::Data<Db>, wanted: RecordStep<CountId>) -> Result<Recorded<CountView>> {
    starting::step(&db, wanted.caller, wanted.id, CountStep::Cancel).await
}

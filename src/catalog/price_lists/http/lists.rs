//! Price lists: create, list, show, change.
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        price_lists::{
            change as changing,
            circumstances::AppliesOnlyTo,
            create as creating,
            model::{AppliesTo, NewPriceList, PriceList, PriceListChange},
            read,
            store::PriceListKey,
        },
    },
    kernel::{Actor, Currency, PriceListId, Result, Text, actor::Permission, to_micros},
    platform::{
        db::Db,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, PageQuery, Params, PathOf,
            RecordRead, entries, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "price_lists";

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = names_some))]
struct CreatePriceList {
    /// The short name that systems use, unique.
    code: Slug,
    /// The name that people read.
    name: Text<200>,
    /// The currency of all its prices (ISO 4217).
    currency: Currency,
    /// False if its prices are without tax, as those for businesses and in countries where tax is added at the till:
    /// it is then added to the price of all units of a line. It stays as it is; true, if absent.
    #[serde(default = "crate::kernel::strict_json::yes")]
    tax_included: bool,
    /// The circumstances in which it applies; always, if absent. They stay as they are: a list for others is another
    /// one.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::optional")]
    applies_to: Option<AppliesOnlyTo>,
    /// The list with the highest priority decides; among equal ones the more particular one.
    #[serde(default)]
    #[validate(range(min = -1000, max = 1000, message = "must be -1000 to 1000"))]
    #[schema(minimum = -1000, maximum = 1000)]
    priority: i32,
    /// The moment from which its prices hold; now, if absent.
    starts_at: Option<DateTime<Utc>>,
    /// The moment from which they hold no more; none, if absent.
    ends_at: Option<DateTime<Utc>>,
}

fn names_some(body: &CreatePriceList) -> std::result::Result<(), ValidationError> {
    entries(body.applies_to.iter().flat_map(AppliesOnlyTo::faults))
}

/// Create a price list
///
/// Empty at first; `POST /v1/price-lists/{price_list_id}/prices` fills it. Its prices hold in place of the prices of
/// the channel wherever it applies.
#[utoipa::path(
    tag = "catalog", operation_id = "createPriceList", request_body = CreatePriceList, params(OptionalKey),
    responses(
        (status = 201, body = PriceList, description = "The price list"),
        (status = 409, description = "The code is in use"),
        (status = 422, description = "An unknown location, or a time that is over"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/price-lists", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreatePriceList>,
) -> Result<Located<PriceList>> {
    let CreatePriceList { code, name, currency, tax_included, applies_to, priority, starts_at, ends_at } =
        request.value;
    let applies_to = applies_to.map_or_else(AppliesTo::default, AppliesTo::from);
    let (starts_at, ends_at) = (starts_at.map(to_micros), ends_at.map(to_micros));
    let new = NewPriceList { code, name, currency, tax_included, applies_to, priority, starts_at, ends_at };
    Ok(creating::create(&db, &catalog, request.caller, new).await?.under("/v1/price-lists"))
}

/// List price lists
///
/// In order of their codes, with those that have ended.
#[utoipa::path(
    tag = "catalog", operation_id = "listPriceLists", params(PageQuery),
    responses((status = 200, body = Listed<PriceList>, description = "A page of price lists")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/price-lists", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<PriceListKey>(limit, cursor.as_deref(), LIST)?;
    let page = db.read(move |db| read::price_lists(db, &page));
    listed(page.await?, LIST, |list: &PriceList| (list.code.clone(), list.id))
}

/// Get a price list
///
/// With the circumstances in which it applies.
#[utoipa::path(
    tag = "catalog", operation_id = "getPriceList",
    responses(
        (status = 200, body = PriceList, description = "The price list"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/price-lists/{price_list_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<PriceListId>) -> Result<HttpResponse> {
    wanted.answer(Permission::CatalogRead, |db, _, id| read::price_list(db, id)).await
}

/// The changes of a price list; absent fields stay, null clears.
#[derive(Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangePriceList {
    /// The name that people read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<200>>,
    /// The list with the highest priority decides; it is set of a list that has not begun.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = -1000, max = 1000, message = "must be -1000 to 1000"))]
    #[schema(minimum = -1000, maximum = 1000, nullable = false)]
    priority: Option<i32>,
    /// The moment from which its prices hold no more, now or later; null for none.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    ends_at: Option<Option<DateTime<Utc>>>,
}

fn changes_something(body: &ChangePriceList) -> std::result::Result<(), ValidationError> {
    match *body == ChangePriceList::default() {
        true => Err(ValidationError::new("empty").with_message("there is nothing to change".into())),
        false => Ok(()),
    }
}

/// Change a price list
///
/// A merge patch (RFC 7396) of its name, priority or end. Orders that were placed keep their prices.
#[utoipa::path(
    tag = "catalog", operation_id = "changePriceList", request_body = ChangePriceList, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = PriceList, description = "The price list"),
        (status = 409, description = "It has ended"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[patch("/v1/price-lists/{price_list_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PriceListId>,
    request: Change<ChangePriceList, OptionalKey, MustMatch>,
) -> Result<Recorded<PriceList>> {
    let ChangePriceList { name, priority, ends_at } = request.value;
    let ends_at = ends_at.map(|end| end.map(to_micros));
    let change = PriceListChange { name, priority, ends_at };
    changing::change(&db, &catalog, request.caller, id.0, change).await
}

/// Withdraw a price list
///
/// One that has not begun, with its prices, such as one that was made by mistake. A list that holds is ended instead.
#[utoipa::path(
    tag = "catalog", operation_id = "withdrawPriceList", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = PriceList, description = "The price list as it was"),
        (status = 409, description = "It has begun"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[delete("/v1/price-lists/{price_list_id}", wrap = "Gate")]
async fn withdraw(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<PriceListId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<PriceList>> {
    changing::withdraw(&db, &catalog, request.caller, id.0).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change).service(withdraw);
}

//! REST for shipping methods.
use super::{
    change as changing, create as creating,
    faults::{faults_of_channels, faults_of_zones},
    model::{NewShippingMethod, ShippingMethod, ShippingMethodChange, ShippingZone},
    store::{self, ShippingMethodKey},
};
use crate::{
    catalog::{attributes::Slug, cache::Catalog, tax::TaxClass},
    kernel::{Actor, Channel, Currency, Result, ShippingMethodId, Text, actor::Permission},
    platform::{
        db::Db,
        http::{
            Change, Gate, Listed, Located, MustMatch, OptionalKey, PageQuery, Params, PathOf, RecordRead, entries,
            listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, get, patch, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "shipping methods";

/// All of it, in millionths.
const WHOLE_PPM: i32 = 1_000_000;

fn whole() -> i32 {
    WHOLE_PPM
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct CreateShippingMethod {
    /// The short name by which orders name it, unique.
    code: Slug,
    /// The name that customers read.
    name: Text<200>,
    /// The currency of its amounts (ISO 4217); it is offered for orders in this currency.
    currency: Currency,
    /// The channels in which it is offered; all, if absent.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(min_items = 1, max_items = 4, nullable = false)]
    channels: Option<Vec<Channel>>,
    /// The countries that it reaches, with its rates there.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[schema(min_items = 1, max_items = 50)]
    zones: Vec<ShippingZone>,
    /// True if it carries goods that have a class of dangerous goods, such as perfume by road; false for most air mail.
    carries_dangerous_goods: bool,
    /// The class by which its charge is taxed.
    #[serde(default = "standard")]
    tax_class: TaxClass,
    /// The share of the charge that is given back with goods that come back, in millionths. All of it, if absent: a
    /// consumer who withdraws gets the cost of standard delivery back (directive 2011/83/EU, article 13).
    #[serde(default = "whole")]
    #[validate(range(min = 0, max = 1_000_000, message = "must be 0 to 1000000 millionths"))]
    #[schema(minimum = 0, maximum = 1_000_000, default = 1_000_000)]
    refund_rate_ppm: i32,
    /// True if it is taken where an order in this currency names none; it takes the place of the default before it.
    #[serde(default)]
    is_default: bool,
    /// Working days until the goods arrive, at least.
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365 days"))]
    #[schema(minimum = 0, maximum = 365)]
    min_days: Option<i32>,
    /// Working days until the goods arrive, at most.
    #[validate(range(min = 0, max = 365, message = "must be 0 to 365 days"))]
    #[schema(minimum = 0, maximum = 365)]
    max_days: Option<i32>,
}

fn standard() -> TaxClass {
    TaxClass::Standard
}

fn fits_together(body: &CreateShippingMethod) -> std::result::Result<(), ValidationError> {
    let mut faults = faults_of_zones(&body.zones);
    faults.extend(faults_of_channels(body.channels.as_deref()));
    if body.min_days.zip(body.max_days).is_some_and(|(least, most)| least > most) {
        faults.push(("/max_days".to_owned(), "must not be less than min_days".to_owned()));
    }
    entries(faults)
}

/// Create a shipping method
///
/// Orders that are sent to their customers are charged for it, and carts tell what each method would charge. Of the
/// rates of the customer's country that hold for the weight and the price of the goods, the cheapest one is charged:
/// a rate with a charge of 0 from a price on makes shipping free from there.
#[utoipa::path(
    tag = "catalog", operation_id = "createShippingMethod", request_body = CreateShippingMethod, params(OptionalKey),
    responses(
        (status = 201, body = ShippingMethod, description = "The shipping method"),
        (status = 409, description = "The code is in use"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/shipping-methods", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateShippingMethod>,
) -> Result<Located<ShippingMethod>> {
    let body = request.value;
    let new = NewShippingMethod {
        code: body.code,
        name: body.name,
        currency: body.currency,
        channels: body.channels.unwrap_or_default(),
        zones: body.zones,
        carries_dangerous_goods: body.carries_dangerous_goods,
        tax_class: body.tax_class,
        refund_rate_ppm: body.refund_rate_ppm,
        is_default: body.is_default,
        min_days: body.min_days,
        max_days: body.max_days,
    };
    Ok(creating::create(&db, &catalog, request.caller, new).await?.under("/v1/shipping-methods"))
}

/// List shipping methods
///
/// In order of their codes, with those that are out of use.
#[utoipa::path(
    tag = "catalog", operation_id = "listShippingMethods", params(PageQuery),
    responses((status = 200, body = Listed<ShippingMethod>, description = "A page of shipping methods")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/shipping-methods", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<PageQuery>) -> Result<HttpResponse> {
    let PageQuery { limit, cursor } = query.0;
    let page = page_of::<ShippingMethodKey>(limit, cursor.as_deref(), LIST)?;
    let page = db.read(move |db| store::shipping_methods(db, &page));
    listed(page.await?, LIST, |method: &ShippingMethod| (method.code.clone(), method.id))
}

/// Get a shipping method
///
/// With its zones and rates.
#[utoipa::path(
    tag = "catalog", operation_id = "getShippingMethod",
    responses(
        (status = 200, body = ShippingMethod, description = "The shipping method"),
        (status = 304, description = "Unchanged"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/shipping-methods/{shipping_method_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<ShippingMethodId>) -> Result<HttpResponse> {
    wanted.answer(Permission::CatalogRead, |db, _, id| store::by_id(db.conn(), id)).await
}

/// The changes of a shipping method; absent fields stay, null clears.
#[derive(Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = changes_something))]
struct ChangeShippingMethod {
    /// The name that customers read.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    name: Option<Text<200>>,
    /// The channels in which it is offered; null for all.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<Vec<Channel>>, min_items = 1, max_items = 4)]
    channels: Option<Option<Vec<Channel>>>,
    /// All its zones, in place of those before.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false, min_items = 1, max_items = 50)]
    zones: Option<Vec<ShippingZone>>,
    /// True if it carries goods that have a class of dangerous goods.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    carries_dangerous_goods: Option<bool>,
    /// The class by which its charge is taxed.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    tax_class: Option<TaxClass>,
    /// The share of the charge that is given back with goods that come back, in millionths.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[validate(range(min = 0, max = 1_000_000, message = "must be 0 to 1000000 millionths"))]
    #[schema(nullable = false, minimum = 0, maximum = 1_000_000)]
    refund_rate_ppm: Option<i32>,
    /// True if it is taken where an order in this currency names none; it takes the place of the default before it.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    is_default: Option<bool>,
    /// Working days until the goods arrive, at least; null if nothing is promised.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 365)]
    min_days: Option<Option<i32>>,
    /// Working days until the goods arrive, at most; null if nothing is promised.
    #[serde(default, deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 365)]
    max_days: Option<Option<i32>>,
    /// True takes it out of use, also as a default, false offers it again.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::present")]
    #[schema(nullable = false)]
    is_retired: Option<bool>,
}

fn changes_something(body: &ChangeShippingMethod) -> std::result::Result<(), ValidationError> {
    if *body == ChangeShippingMethod::default() {
        return Err(ValidationError::new("empty").with_message("there is nothing to change".into()));
    }
    let mut faults = body.zones.as_deref().map(faults_of_zones).unwrap_or_default();
    faults.extend(faults_of_channels(body.channels.as_ref().and_then(Option::as_deref)));
    for (name, days) in [("min_days", body.min_days), ("max_days", body.max_days)] {
        if days.flatten().is_some_and(|days| !(0..=365).contains(&days)) {
            faults.push((format!("/{name}"), "must be 0 to 365 days".to_owned()));
        }
    }
    entries(faults)
}

/// Change a shipping method
///
/// A merge patch (RFC 7396); `is_retired` takes it out of use. Orders that were placed keep what they were charged.
#[utoipa::path(
    tag = "catalog", operation_id = "changeShippingMethod", request_body = ChangeShippingMethod,
    params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = ShippingMethod, description = "The shipping method"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[patch("/v1/shipping-methods/{shipping_method_id}", wrap = "Gate")]
async fn change(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<ShippingMethodId>,
    request: Change<ChangeShippingMethod, OptionalKey, MustMatch>,
) -> Result<Recorded<ShippingMethod>> {
    let body = request.value;
    let change = ShippingMethodChange {
        name: body.name,
        channels: body.channels.map(Option::unwrap_or_default),
        zones: body.zones,
        carries_dangerous_goods: body.carries_dangerous_goods,
        tax_class: body.tax_class,
        refund_rate_ppm: body.refund_rate_ppm,
        is_default: body.is_default,
        min_days: body.min_days,
        max_days: body.max_days,
        is_retired: body.is_retired,
    };
    changing::change(&db, &catalog, request.caller, id.0, change).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(change);
}

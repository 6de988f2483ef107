//! REST for rates of tax.
use super::{
    change,
    model::{NewTaxRate, TaxClass, TaxRate},
    store::{self, TaxRateKey},
};
use crate::{
    catalog::cache::Catalog,
    kernel::{Actor, Country, Page, Region, Result, TaxRateId, Text, actor::Permission, to_micros},
    platform::{
        db::Db,
        group_commit::Versioned,
        http::{
            Change, Gate, IfMatch, Listed, Located, MustMatch, Nothing, OptionalKey, Params, PathOf, RecordRead,
            entries, fault, listed, page_of,
        },
        idempotency::Recorded,
    },
};
use actix_web::{HttpResponse, delete, get, patch, post, web};
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// The name of the list in cursors.
const LIST: &str = "tax_rates";

impl Versioned for TaxRate {
    fn version(&self) -> i64 {
        self.version
    }
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct CreateTaxRate {
    /// The country where it holds (ISO 3166-1 alpha-2).
    country: Country,
    /// The part of the country where it holds (ISO 3166-2); all parts without a rate of their own, if absent.
    region: Option<Region>,
    /// The class of goods; products say theirs as `tax_class`.
    tax_class: TaxClass,
    /// The name on receipts.
    name: Text<50>,
    /// The rate in millionths of the price without tax: 200000 is 20 %, 0 is an export.
    #[validate(range(min = 0, max = 1_000_000, message = "must be 0 to 1000000 millionths"))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    rate_ppm: i32,
    /// The moment from which it holds, such as the midnight of a new year in that country.
    starts_at: DateTime<Utc>,
    /// The moment from which it holds no more; none, if absent.
    ends_at: Option<DateTime<Utc>>,
}

fn is_written(at: DateTime<Utc>) -> bool {
    (1900..=9999).contains(&at.year())
}

fn fits_together(body: &CreateTaxRate) -> std::result::Result<(), ValidationError> {
    let mut faults = vec![];
    if body.region.as_ref().is_some_and(|region| !region.is_in(&body.country)) {
        faults.push(("/region".to_owned(), "the region is no part of the country".to_owned()));
    }
    if !is_written(body.starts_at) {
        faults.push(("/starts_at".to_owned(), "must be of the years 1900 to 9999".to_owned()));
    }
    if body.ends_at.is_some_and(|end| to_micros(end) <= to_micros(body.starts_at) || !is_written(end)) {
        faults.push(("/ends_at".to_owned(), "a rate ends after it starts, by the year 9999".to_owned()));
    }
    entries(faults)
}

/// Create a tax rate
///
/// Prices contain their tax. As soon as there is one rate, orders need a rate for the country where their goods go: a
/// rate of 0 for exports. Orders keep the rate with which they were sold.
#[utoipa::path(
    tag = "catalog", operation_id = "createTaxRate", request_body = CreateTaxRate, params(OptionalKey),
    responses(
        (status = 201, body = TaxRate, description = "The rate"),
        (status = 409, description = "Another rate holds at the same time"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[post("/v1/tax-rates", wrap = "Gate")]
async fn create(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    request: Change<CreateTaxRate>,
) -> Result<Located<TaxRate>> {
    let CreateTaxRate { country, region, tax_class, name, rate_ppm, starts_at, ends_at } = request.value;
    let (starts_at, ends_at) = (to_micros(starts_at), ends_at.map(to_micros));
    let new = NewTaxRate { country, region, tax_class, name, rate_ppm, starts_at, ends_at };
    Ok(change::create(&db, &catalog, request.caller, new).await?.under("/v1/tax-rates"))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct RatesQuery {
    /// Only those of this country (ISO 3166-1 alpha-2).
    #[param(inline)]
    country: Option<Country>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List tax rates
///
/// By country, with those that have ended.
#[utoipa::path(
    tag = "catalog", operation_id = "listTaxRates", params(RatesQuery),
    responses((status = 200, body = Listed<TaxRate>, description = "A page of rates")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/tax-rates", wrap = "Gate")]
async fn list(_: Actor, db: web::Data<Db>, query: Params<RatesQuery>) -> Result<HttpResponse> {
    let RatesQuery { country, limit, cursor } = query.0;
    let name = format!("{LIST} {country:?}");
    let page = page_of::<TaxRateKey>(limit, cursor.as_deref(), &name)?;
    let page = db.read(move |db| {
        let rows = store::page(db.conn(), country.as_ref().map(Country::as_str), &page)?;
        Ok(Page::of(rows, page.limit))
    });
    listed(page.await?, &name, |rate: &TaxRate| (rate.country.clone(), rate.id))
}

/// Get a tax rate
///
/// With the times between which it holds.
#[utoipa::path(
    tag = "catalog", operation_id = "getTaxRate",
    responses((status = 200, body = TaxRate, description = "The rate"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/tax-rates/{tax_rate_id}", wrap = "Gate")]
async fn show(wanted: RecordRead<TaxRateId>) -> Result<HttpResponse> {
    wanted.answer(Permission::CatalogRead, |db, _, id| store::by_id(db.conn(), id)).await
}

/// The change of a tax rate; null clears.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = ends_in_time))]
struct EndTaxRate {
    /// The moment from which it holds no more; null for none.
    #[serde(deserialize_with = "crate::catalog::model::clearable")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    ends_at: Option<Option<DateTime<Utc>>>,
}

fn ends_in_time(body: &EndTaxRate) -> std::result::Result<(), ValidationError> {
    match body.ends_at.flatten().is_none_or(is_written) {
        true => Ok(()),
        false => fault("/ends_at", "must be of the years 1900 to 9999"),
    }
}

/// End a tax rate
///
/// A merge patch (RFC 7396) of its end; the rate itself never changes: the next one is created from that moment on.
#[utoipa::path(
    tag = "catalog", operation_id = "endTaxRate", request_body = EndTaxRate, params(MustMatch, OptionalKey),
    responses(
        (status = 200, body = TaxRate, description = "The rate"),
        (status = 409, description = "Another rate holds at the same time"),
        (status = 412, description = "Stale version"),
        (status = 428, description = "If-Match is missing"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[patch("/v1/tax-rates/{tax_rate_id}", wrap = "Gate")]
async fn end_rate(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<TaxRateId>,
    request: Change<EndTaxRate, OptionalKey, MustMatch>,
) -> Result<Recorded<TaxRate>> {
    change::set_end(&db, &catalog, request.caller, id.0, request.value.ends_at.flatten().map(to_micros)).await
}

/// Withdraw a tax rate
///
/// One that has not begun, such as one that was set by mistake. A rate that holds is ended instead.
#[utoipa::path(
    tag = "catalog", operation_id = "withdrawTaxRate", params(IfMatch, OptionalKey),
    responses(
        (status = 200, body = TaxRate, description = "The rate as it was"),
        (status = 409, description = "It holds already, or has ended"),
    ),
    extensions(("x-permission" = json!("prices:write"))),
)]
#[delete("/v1/tax-rates/{tax_rate_id}", wrap = "Gate")]
async fn withdraw(
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    id: PathOf<TaxRateId>,
    request: Change<Nothing, OptionalKey, IfMatch>,
) -> Result<Recorded<TaxRate>> {
    change::withdraw(&db, &catalog, request.caller, id.0).await
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(create).service(list).service(show).service(end_rate).service(withdraw);
}

//! The rules by which orders are sourced: what parcels cost, and what other rules would have made of the past.
use super::{
    simulate::{self as simulating, Question, Simulation},
    split::Strategy,
    store::ShippingRate,
};
use crate::{
    inventory::Inventory,
    kernel::{Actor, Channel, Country, Result, actor::Permission},
    platform::{
        db::Db,
        http::{Body, Change, Gate, Listed, OptionalKey, PageInfo, each_once, entries, fault},
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};
use actix_web::{HttpResponse, get, post, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

/// List shipping rates
///
/// From country to country.
#[utoipa::path(
    tag = "sourcing", operation_id = "listRates",
    responses((status = 200, body = Listed<ShippingRate>, description = "The rates")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/sourcing/rates", wrap = "Gate")]
async fn list_rates(actor: Actor, db: web::Data<Db>) -> Result<HttpResponse> {
    actor.require_anywhere(Permission::OrdersRead)?;
    let data = db.read(|db| Ok(super::store::rates(db.conn())?)).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

#[derive(Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PutRates {
    /// The rates, one for each origin, destination and service.
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    #[validate(length(max = 2000, message = "at most 2000 rates"), custom(function = are_rates))]
    #[schema(max_items = 2000)]
    rates: Vec<ShippingRate>,
}

fn are_rates(rates: &[ShippingRate]) -> std::result::Result<(), ValidationError> {
    const MOST: i64 = 1_000_000_000;
    let pairs: Vec<_> = rates.iter().map(|rate| (&rate.from_country, &rate.to_country)).collect();
    let mut faults = each_once(&pairs, "to_country", "each pair of countries is named once");
    let is_country = |text: &str| text == "**" || text.parse::<Country>().is_ok();
    for (at, rate) in rates.iter().enumerate() {
        for (field, country) in [("from_country", &rate.from_country), ("to_country", &rate.to_country)] {
            if !is_country(country) {
                let said = "a country is two capital letters (ISO 3166-1 alpha-2) or **";
                faults.push((format!("/{at}/{field}"), said.to_owned()));
            }
        }
        for (field, minor) in [("parcel_minor", rate.parcel_minor), ("unit_minor", rate.unit_minor)] {
            if !(0..=MOST).contains(&minor) {
                faults.push((format!("/{at}/{field}"), format!("an amount is 0 to {MOST} minor units")));
            }
        }
    }
    entries(faults)
}

/// Set shipping rates
///
/// All rates at once, in place of those before.
#[utoipa::path(
    tag = "sourcing", operation_id = "putRates", request_body = PutRates, params(OptionalKey),
    responses((status = 200, body = PutRates, description = "The rates")),
    extensions(("x-permission" = json!("locations:write"))),
)]
#[put("/v1/sourcing/rates", wrap = "Gate")]
async fn put_rates(db: web::Data<Db>, request: Change<PutRates>) -> Result<Recorded<PutRates>> {
    let (Caller { actor, key, .. }, rates) = (request.caller, request.value.rates);
    actor.require_everywhere(Permission::LocationsWrite)?;
    write_once(&db, actor, Permission::LocationsWrite, key, move |tx, _| {
        super::store::put_rates(tx, &rates)?;
        Ok(Outcome::changed(1, None, PutRates { rates: rates.clone() }))
    })
    .await
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = is_a_time))]
struct Simulate {
    /// Orders placed at or after (RFC 3339).
    from: DateTime<Utc>,
    /// And before.
    to: DateTime<Utc>,
    /// Only from this channel.
    channel: Option<Channel>,
    /// Strategies, the most important first.
    #[validate(length(min = 1, max = 5, message = "must name 1 to 5 strategies"))]
    #[schema(min_items = 1, max_items = 5, inline)]
    chain: Vec<Strategy>,
}

fn is_a_time(body: &Simulate) -> std::result::Result<(), ValidationError> {
    match body.from < body.to {
        true => Ok(()),
        false => fault("/to", "to must come after from"),
    }
}

/// Simulate the sourcing of past orders
///
/// The stock that was looked at then, sourced by the chain that is named: how many parcels it would have been, and what
/// they would cost by today's rates. Orders that named their location are left out. Nothing is changed.
#[utoipa::path(
    tag = "sourcing", operation_id = "simulateSourcing", request_body = Simulate,
    responses((status = 200, body = Simulation, description = "What was, and what would have been")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[post("/v1/sourcing/simulate", wrap = "Gate")]
async fn simulate(actor: Actor, inventory: web::Data<Inventory>, body: Body<Simulate>) -> Result<HttpResponse> {
    actor.require_everywhere(Permission::OrdersRead)?;
    let Simulate { from, to, channel, chain } = body.value;
    Ok(HttpResponse::Ok().json(simulating::simulate(&inventory, Question { from, to, channel, chain }).await?))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list_rates).service(put_rates).service(simulate);
}

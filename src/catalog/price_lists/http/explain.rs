//! The price of a line explained.
use crate::{
    catalog::{
        attributes::Slug,
        cache::Catalog,
        price_lists::{
            explain::{PriceExplanation, explain as explained},
            rules::PriceContext,
        },
    },
    kernel::{Actor, Channel, Code, Country, Currency, Error, LocationId, Quantity, Result, Sku},
    platform::{
        db::Db,
        http::{Commas, Gate, Params},
    },
};
use actix_web::{HttpResponse, get, web};
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ExplainQuery {
    /// The SKU of the variant.
    #[param(inline)]
    sku: Sku,
    /// The channel of sale.
    channel: Channel,
    /// The currency (ISO 4217).
    #[param(inline)]
    currency: Currency,
    /// The units of the line; 1, if absent.
    #[param(minimum = 1, maximum = 1_000_000)]
    quantity: Option<i64>,
    /// The location of the till, or where the order is fetched.
    location_id: Option<LocationId>,
    /// The country where the goods go, or where they are fetched (ISO 3166-1 alpha-2).
    #[param(inline)]
    country: Option<Country>,
    /// The groups of the customer, with commas between them.
    #[param(value_type = Option<String>)]
    customer_groups: Option<Commas<Slug>>,
    /// The moment for which it is explained, such as one at which a change takes effect; now, if absent.
    at: Option<DateTime<Utc>>,
}

/// Explain a price
///
/// The price of one unit in a line, and each price that there is for it with the reason for which it was chosen or
/// passed over: not for this channel, outranked by another list, not begun yet. Orders are priced by the same rule. A
/// price list is looked at in order of its priority; among equal priorities those for customer groups come before those
/// for locations, countries and channels, then the price for the most units, then the list that was made last. The
/// price of the channel holds where no list has one.
#[utoipa::path(
    tag = "catalog", operation_id = "explainPrice", params(ExplainQuery),
    responses(
        (status = 200, body = PriceExplanation, description = "The price with its reasons"),
        (status = 422, description = "An unknown SKU"),
    ),
    extensions(("x-permission" = json!("catalog:read"))),
)]
#[get("/v1/prices/explain", wrap = "Gate")]
async fn explain(
    _: Actor,
    db: web::Data<Db>,
    catalog: web::Data<Catalog>,
    query: Params<ExplainQuery>,
) -> Result<HttpResponse> {
    let ExplainQuery { sku, channel, currency, quantity, location_id, country, customer_groups, at } = query.0;
    let at = at.unwrap_or_else(|| db.clock().now());
    let groups = customer_groups.map_or(vec![], |groups| groups.0);
    if !(1900..=9999).contains(&at.year()) || groups.len() > 10 {
        let said = "at is of the years 1900 to 9999, and a customer has 10 groups at most";
        return Err(Error::refused(Code::InvalidQuery, said));
    }
    let to = PriceContext { channel, currency, location: location_id, country, region: None, groups, at };
    let units = Quantity::new(quantity.unwrap_or(1)).map_err(|why| Error::refused(Code::InvalidQuery, why))?;
    let found = db.read(move |db| explained(db, &catalog, &sku, units, &to));
    Ok(HttpResponse::Ok().json(found.await?))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(explain);
}

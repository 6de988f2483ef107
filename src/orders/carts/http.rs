//! REST for carts.
use super::price::{self as pricing, CartView};
use crate::{
    catalog::{CouponCode, Slug},
    kernel::{Actor, Channel, Currency, LocationId, Result},
    orders::{
        model::{Customer, NewOrder},
        placing::http::{
            PlaceLine, choices_of, lots_of, not_sent, require_coupons_once, require_lots_of_tills, require_told_prices,
        },
        service::Services,
    },
    platform::http::{Body, Gate, entries},
};
use actix_web::{HttpResponse, post, web};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct PriceCart {
    /// The channel of sale.
    channel: Channel,
    /// The currency of all its amounts (ISO 4217).
    currency: Currency,
    /// The location that would fill it: that of a till, or where the customer would fetch it.
    location_id: Option<LocationId>,
    /// The customer would fetch it at `location_id`, which must be named.
    #[serde(default)]
    pickup: bool,
    /// The codes of coupons that the customer shows; refused if one of them takes nothing off the cart.
    #[serde(default)]
    #[validate(length(max = 10, message = "must name at most 10 coupons"))]
    #[schema(max_items = 10)]
    coupons: Vec<CouponCode>,
    /// The code of the shipping method; the default one of the currency, if absent.
    shipping_method: Option<Slug>,
    /// The customer and the delivery address, as far as they are known: prices, taxes and shipping may depend on them.
    /// While the country is not known, lines have no tax (null) and the totals a tax of 0; prices without tax stay so.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::object")]
    #[validate(nested)]
    customer: Customer,
    /// The lines, in order.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    lines: Vec<PlaceLine>,
    /// True if these prices are to be kept: an order of the same cart that names the quote is charged them until it
    /// expires.
    #[serde(default)]
    quote: bool,
}

fn fits_together(body: &PriceCart) -> std::result::Result<(), ValidationError> {
    let mut faults: Vec<(String, String)> = require_coupons_once(&body.coupons);
    if body.pickup && body.location_id.is_none() {
        faults.push(("/location_id".into(), "a pickup needs its location_id".into()));
    }
    if let Some(why) = not_sent(body.channel, body.pickup).filter(|_| body.shipping_method.is_some()) {
        faults.push(("/shipping_method".into(), why.into()));
    }
    faults.extend(require_lots_of_tills(body.channel, &body.lines));
    for (at, _) in body.lines.iter().enumerate().filter(|(_, line)| line.unit_price_minor.is_some()) {
        faults.push((format!("/lines/{at}/unit_price_minor"), "a cart is priced here: leave it out".into()));
    }
    faults.extend(require_told_prices(body.lines.iter().map(|line| (line.unit_price_minor, line.tax_included))));
    entries(faults)
}

/// Price a cart
///
/// Exactly what an order of these goods would be charged now: prices, promotions with coupons, shipping, taxes and the
/// total, with the availability of each line and what each shipping method would charge. Nothing is reserved and
/// nothing is placed. With `quote`, the prices are kept for 15 minutes: an order of the same cart that names the
/// `quote_id` is charged them, though its coupons and budgets count when it is placed.
#[utoipa::path(
    tag = "orders", operation_id = "priceCart", request_body = PriceCart,
    responses(
        (status = 200, body = CartView, description = "The price of the cart"),
        (status = 409, description = "A retired variant, or a coupon that has been used"),
    ),
    extensions(("x-permission" = json!("orders:place"))),
)]
#[post("/v1/carts/price", wrap = "Gate")]
async fn price(actor: Actor, services: web::Data<Services>, body: Body<PriceCart>) -> Result<HttpResponse> {
    let body = body.value;
    let new = NewOrder {
        channel: body.channel,
        currency: body.currency,
        location: body.location_id,
        customer: body.customer,
        unit_prices: vec![],
        choices: choices_of(&body.lines),
        lots: lots_of(&body.lines),
        lines: body.lines.into_iter().map(|line| (line.sku, line.quantity)).collect(),
        exchange_for: None,
        reservation: None,
        external_ref: None,
        is_pickup: body.pickup,
        is_settled_outside: false,
        coupons: body.coupons,
        quote: None,
        is_mere_cart: !body.quote,
        shipping_method: body.shipping_method,
        shipping_minor: None,
    };
    Ok(HttpResponse::Ok().json(pricing::price(&services, &actor, new, body.quote).await?))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(price);
}

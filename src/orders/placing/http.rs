//! REST for placing orders.
use super::submit as submitting;
use crate::{
    catalog::{ChosenPart, CouponCode, Slug},
    kernel::{
        Channel, Code, Currency, Fault, LocationId, Quantity, QuoteId, Refusal, ReservationId, Result, ReturnId, Sku,
        Text, money::MAX_MINOR,
    },
    orders::{
        model::{Customer, NewOrder, ToldPrice},
        read::OrderView,
        service::Services,
    },
    platform::http::{Change, Gate, Located, RequiredKey, entries},
};
use actix_web::{post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct PlaceOrder {
    /// The channel of sale.
    channel: Channel,
    /// The currency of all its amounts (ISO 4217).
    currency: Currency,
    /// The location that fills it. If absent: the first location by priority that has everything; where none has, the
    /// fewest that together do.
    location_id: Option<LocationId>,
    /// A reservation whose goods the order takes over, in the same moment; the order is then filled where they are
    /// held.
    reservation_id: Option<ReservationId>,
    /// The return in whose place it is made.
    exchange_for: Option<ReturnId>,
    /// The name by which the channel knows it, such as a marketplace's number; it exists once in the channel.
    external_ref: Option<Text<100>>,
    /// The customer fetches it at `location_id`, which must be named.
    #[serde(default)]
    pickup: bool,
    /// A marketplace settles its price with the brand: the order is confirmed at once. Needs the right to pay for
    /// orders.
    #[serde(default)]
    settled_outside: bool,
    /// The codes of coupons that the customer shows; refused if one of them takes nothing off the order.
    #[serde(default)]
    #[validate(length(max = 10, message = "must name at most 10 coupons"))]
    #[schema(max_items = 10)]
    coupons: Vec<CouponCode>,
    /// The code of the shipping method; the default one of the currency, if absent.
    shipping_method: Option<Slug>,
    /// The charge for shipping that the marketplace has settled, in minor units; with `settled_outside` alone.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    shipping_minor: Option<i64>,
    /// The quote of `POST /v1/carts/price` whose prices it is charged; of the same cart, and not expired.
    quote_id: Option<QuoteId>,
    /// The customer and the delivery address.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::object")]
    #[validate(nested)]
    customer: Customer,
    /// The lines, in order.
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    #[serde(deserialize_with = "crate::kernel::strict_json::list")]
    lines: Vec<PlaceLine>,
}

fn fits_together(body: &PlaceOrder) -> std::result::Result<(), ValidationError> {
    let mut faults: Vec<(String, String)> = vec![];
    let mut wrong = |pointer: &str, why: &str| faults.push((pointer.to_owned(), why.to_owned()));
    if body.pickup && body.location_id.is_none() {
        wrong("/location_id", "a pickup needs its location_id");
    }
    if body.channel != Channel::Pos && !body.pickup && body.customer.address.is_none() {
        wrong("/customer/address", "what is sent to its customer needs their address; what they fetch is a pickup");
    }
    if body.settled_outside && body.channel != Channel::Marketplace {
        wrong("/settled_outside", "only a marketplace settles elsewhere");
    }
    if body.settled_outside && !body.coupons.is_empty() {
        wrong("/coupons", "the marketplace has settled the price: no coupon applies");
    }
    if body.settled_outside && body.quote_id.is_some() {
        wrong("/quote_id", "the marketplace has settled the price: no quote applies");
    }
    if body.settled_outside && body.shipping_method.is_some() {
        wrong("/shipping_method", "the marketplace has settled the shipping: tell its charge as shipping_minor");
    }
    if !body.settled_outside && body.shipping_minor.is_some() {
        wrong("/shipping_minor", "a charge is told of what a marketplace has settled: name a shipping_method");
    }
    if body.shipping_minor.is_some_and(|minor| !(0..=MAX_MINOR).contains(&minor)) {
        wrong("/shipping_minor", "must be 0 to 2^53 - 1 minor units");
    }
    if let Some(why) = not_sent(body.channel, body.pickup) {
        let named =
            [("/shipping_method", body.shipping_method.is_some()), ("/shipping_minor", body.shipping_minor.is_some())];
        named.iter().filter(|(_, is_named)| *is_named).for_each(|(pointer, _)| wrong(pointer, why));
    }
    if !body.settled_outside {
        let told = body.lines.iter().enumerate().filter(|(_, line)| line.unit_price_minor.is_some());
        for (at, _) in told {
            let why = "a price is told of what a marketplace has settled: set settled_outside";
            wrong(&format!("/lines/{at}/unit_price_minor"), why);
        }
    }
    faults.extend(require_told_prices(body.lines.iter().map(|line| (line.unit_price_minor, line.tax_included))));
    faults.extend(require_lots_of_tills(body.channel, &body.lines));
    faults.extend(require_coupons_once(&body.coupons));
    entries(faults)
}

/// The reason for which an order has no shipping method; none of one that is sent to its customer.
pub fn not_sent(channel: Channel, is_pickup: bool) -> Option<&'static str> {
    match (channel, is_pickup) {
        (_, true) => Some("the customer fetches it: nothing is sent"),
        (Channel::Pos, _) => Some("a till hands its goods over: nothing is sent"),
        _ => None,
    }
}

/// Faults of lines that say of no price if it is with tax.
pub fn require_told_prices(lines: impl Iterator<Item = (Option<i64>, Option<bool>)>) -> Vec<(String, String)> {
    let is_of_none = |(_, (price, tax)): &(usize, (Option<i64>, Option<bool>))| price.is_none() && tax.is_some();
    let fault = |(at, _)| (format!("/lines/{at}/tax_included"), "it is said of unit_price_minor: tell both".to_owned());
    lines.enumerate().filter(is_of_none).map(fault).collect()
}

/// Faults of lots that nobody has read: only a till has packs in its hands.
pub fn require_lots_of_tills(channel: Channel, lines: &[PlaceLine]) -> Vec<(String, String)> {
    let is_read = |(_, line): &(usize, &PlaceLine)| channel != Channel::Pos && line.lot.is_some();
    let fault = |(at, _)| (format!("/lines/{at}/lot"), "only a till (pos) reads the lots of packs".to_owned());
    lines.iter().enumerate().filter(is_read).map(fault).collect()
}

/// Faults of coupons that are named twice, each at its place.
pub fn require_coupons_once(coupons: &[CouponCode]) -> Vec<(String, String)> {
    let is_again = |(at, coupon): &(usize, &CouponCode)| coupons.iter().take(*at).any(|other| other == *coupon);
    let fault = |(at, _)| (format!("/coupons/{at}"), "the coupon is named twice".to_owned());
    coupons.iter().enumerate().filter(is_again).map(fault).collect()
}

/// A line of an order or a cart.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceLine {
    /// The SKU of the variant.
    pub sku: Sku,
    /// Units.
    pub quantity: Quantity,
    /// The parts that are chosen for each unit of a bundle with choices.
    #[serde(default, deserialize_with = "crate::kernel::strict_json::list")]
    #[schema(max_items = 200)]
    pub choices: Vec<ChosenPart>,
    /// The lot that a till has read from the pack; it decides about promotions of packs that expire soon.
    #[serde(default)]
    pub lot: Option<Text<20>>,
    /// The price of one that the marketplace has settled, in minor units, with its tax unless `tax_included` is false;
    /// with `settled_outside` alone. The price of the channel, if absent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub unit_price_minor: Option<i64>,
    /// False if `unit_price_minor` is without tax, which is then added to the price of all units; true, if absent.
    #[serde(default)]
    pub tax_included: Option<bool>,
}

impl PlaceLine {
    fn told_price(&self) -> Option<ToldPrice> {
        self.unit_price_minor.map(|minor| ToldPrice::of(minor, self.tax_included))
    }
}

/// The parts that are chosen for each line; empty if for none.
pub fn choices_of(lines: &[PlaceLine]) -> Vec<Vec<ChosenPart>> {
    match lines.iter().all(|line| line.choices.is_empty()) {
        true => vec![],
        false => lines.iter().map(|line| line.choices.clone()).collect(),
    }
}

/// The lots that a till has read for each line; empty if for none.
pub fn lots_of(lines: &[PlaceLine]) -> Vec<Option<String>> {
    match lines.iter().all(|line| line.lot.is_none()) {
        true => vec![],
        false => lines.iter().map(|line| line.lot.clone().map(String::from)).collect(),
    }
}

/// Place an order
///
/// Priced now, its units held until it is paid or the reservation expires; all lines or none. Two lines of one SKU are
/// one demand. What is to be sent (not a till's sale, not a pickup) needs `customer.address`. A refusal is not kept
/// under the key: the same request may succeed later.
#[utoipa::path(
    tag = "orders", operation_id = "placeOrder", request_body = PlaceOrder, params(RequiredKey),
    responses(
        (status = 201, body = OrderView, description = "The order"),
        (status = 409, description = "Not enough stock, or a retired variant"),
    ),
    extensions(("x-permission" = json!("orders:place"))),
)]
#[post("/v1/orders", wrap = "Gate")]
async fn place(services: web::Data<Services>, request: Change<PlaceOrder, RequiredKey>) -> Result<Located<OrderView>> {
    let body = request.value;
    let fair = |(at, line): (usize, &PlaceLine)| {
        let minor = line.unit_price_minor.filter(|minor| !(0..=MAX_MINOR).contains(minor))?;
        let detail = format!("a price is 0 to 2^53 - 1 minor units, not {minor}");
        Some(Fault::at(&format!("/lines/{at}/unit_price_minor"), "invalid", detail))
    };
    let faults: Vec<_> = body.lines.iter().enumerate().filter_map(fair).collect();
    if let Some(first) = faults.first() {
        return Err(Refusal::new(Code::InvalidBody, first.detail.clone()).with_faults(faults).into());
    }
    let new = NewOrder {
        channel: body.channel,
        currency: body.currency,
        location: body.location_id,
        customer: body.customer,
        unit_prices: body.lines.iter().map(PlaceLine::told_price).collect(),
        choices: choices_of(&body.lines),
        lots: lots_of(&body.lines),
        lines: body.lines.into_iter().map(|line| (line.sku, line.quantity)).collect(),
        exchange_for: body.exchange_for,
        reservation: body.reservation_id,
        external_ref: body.external_ref.map(String::from),
        is_pickup: body.pickup,
        is_settled_outside: body.settled_outside,
        coupons: body.coupons,
        quote: body.quote_id,
        is_mere_cart: false,
        shipping_method: body.shipping_method,
        shipping_minor: body.shipping_minor,
    };
    Ok(submitting::place(&services, request.caller, new).await?.under("/v1/orders"))
}

/// The routes.
pub fn routes(config: &mut ServiceConfig) {
    config.service(place);
}

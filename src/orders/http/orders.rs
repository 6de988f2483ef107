//! Placing orders and looking at them.
use crate::{
    catalog::Catalog,
    inventory::Inventory,
    kernel::{
        Actor, Code, Currency, Error, Fault, LocationId, Moment, OrderId, Page, Quantity, Refusal, ReservationId,
        Result, ReturnId, Sku, Text, actor::Permission, money::MAX_MINOR, words::Channel,
    },
    orders::{
        hand_in as handing_in,
        model::{Customer, NewOrder, OrderStatus, Sort},
        read::{self, OrderFilter, OrderKey, OrderView, orders as orders_page, orders_by_id},
        store::{Decision, OrderEvent},
        timeline,
    },
    platform::{
        config::Config,
        db::Db,
        http::{
            Body, Gate, Params, PathOf, RequiredKey,
            answer::{Listed, PageInfo},
            entries::entries,
            listed,
            params::{page_of, word},
            problem::Problem,
            versioned,
        },
        idempotency::Answer,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_together))]
struct PlaceOrder {
    channel: Channel,
    currency: Currency,
    /// The location that fills it. If absent: the first place by priority that has everything; where none has, the
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
    #[serde(default, deserialize_with = "crate::kernel::object::object")]
    #[validate(nested)]
    customer: Customer,
    #[validate(length(min = 1, max = 500, message = "must have 1 to 500 lines"))]
    #[schema(min_items = 1, max_items = 500)]
    #[serde(deserialize_with = "crate::kernel::object::list")]
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
    if !body.settled_outside {
        let told = body.lines.iter().enumerate().filter(|(_, line)| line.unit_price_minor.is_some());
        for (at, _) in told {
            let why = "a price is told of what a marketplace has settled: set settled_outside";
            wrong(&format!("/lines/{at}/unit_price_minor"), why);
        }
    }
    entries(faults)
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceLine {
    sku: Sku,
    quantity: Quantity,
    /// The price of one that the marketplace has settled, in minor units; with `settled_outside` alone. The price of
    /// the channel, if absent.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unit_price_minor: Option<i64>,
}

/// Place an order
///
/// Priced now, its units held until it is paid or the hold runs out; all lines or none. Two lines of one SKU are one
/// demand. What is to be sent (not a till's sale, not a pickup) needs `customer.address`. A refusal is not kept under
/// the key: the same request may succeed later.
#[utoipa::path(tag = "orders", operation_id = "placeOrder", request_body = PlaceOrder, params(("Idempotency-Key" = String, Header, description = "Makes retries safe; its answer is kept for the days of the setting `retention.answers_days`, usually seven")),
    responses((status = 201, body = OrderView, description = "The order"), (status = 409, description = "Not enough stock, or a retired variant", body = Problem, content_type = "application/problem+json")), extensions(("x-permission" = json!("orders:place"))))]
#[post("/v1/orders", wrap = "Gate")]
pub async fn place(
    actor: Actor,
    inventory: web::Data<Inventory>,
    catalog: web::Data<Catalog>,
    config: web::Data<Config>,
    key: RequiredKey,
    body: Body<PlaceOrder>,
) -> Result<Answer> {
    let key = key.once(&actor, &body);
    let body = body.value;
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
        unit_prices: body.lines.iter().map(|line| line.unit_price_minor).collect(),
        lines: body.lines.into_iter().map(|line| (line.sku, line.quantity)).collect(),
        exchange_for: body.exchange_for,
        reservation: body.reservation_id,
        external_ref: body.external_ref.map(String::from),
        is_pickup: body.pickup,
        is_settled_outside: body.settled_outside,
    };
    handing_in::place((&inventory, &catalog), actor, new, &config.orders, key).await
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    /// Only those filled here.
    #[param(inline)]
    location_id: Option<LocationId>,
    /// Only with one of these, separated by commas.
    status: Option<String>,
    /// Only from this channel.
    #[param(inline)]
    channel: Option<Channel>,
    /// Written down at or after a moment (RFC 3339), or of a business day of its location or a later one.
    #[param(inline)]
    from: Option<Moment>,
    /// Written down before a moment (RFC 3339), or of an earlier business day.
    #[param(inline)]
    to: Option<Moment>,
    /// Only the order with this number.
    #[param(minimum = 1)]
    number: Option<i64>,
    /// Only those that their channel knows by this name.
    external_ref: Option<String>,
    /// Only those of the customer whom you know by this id.
    customer_id: Option<String>,
    /// Only those of the customer with this e-mail address.
    email: Option<String>,
    /// Only those that someone must look at, or only the others.
    needs_review: Option<bool>,
    /// `-created_at` (newest first, the default) or `created_at`.
    #[param(inline)]
    sort: Option<Sort>,
    /// Rows in a page.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before; the first page, if absent.
    cursor: Option<String>,
}

/// List orders
///
/// Those that the caller may see.
#[utoipa::path(tag = "orders", operation_id = "listOrders", params(ListQuery),
    responses((status = 200, body = Listed<OrderView>, description = "A page of orders")), extensions(("x-permission" = json!("orders:read"))))]
#[get("/v1/orders", wrap = "Gate")]
pub async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
    let ListQuery { location_id: location, status, channel, from, to, sort, limit, cursor, .. } = query.0;
    let words = status.as_deref().map(|s| s.split(',')).into_iter().flatten();
    let statuses: Vec<OrderStatus> = words.map(|text| word("status", text)).collect::<Result<_>>()?;
    let sort = sort.unwrap_or(Sort::NewestFirst);
    let ListQuery { number, external_ref, customer_id, email, needs_review, .. } = query.0;
    let filter = OrderFilter {
        location,
        statuses,
        channel,
        from: from.and_then(Moment::at),
        to: to.and_then(Moment::at),
        from_date: from.and_then(Moment::day),
        to_date: to.and_then(Moment::day),
        number,
        external_ref,
        customer_id,
        email,
        needs_review,
    };
    let name = format!("orders {filter:?} {sort}");
    let page = page_of::<OrderKey>(limit, cursor.as_deref(), &name)?;
    let places = actor.places(Permission::OrdersRead);
    let page = db.read(move |db| {
        let Page { rows, has_more } = orders_page(db, &places, &filter, sort, &page)?;
        Ok(Page { rows: read::order_views(db, rows)?, has_more })
    });
    Ok(listed(page.await?, &name, |order| (order.created_at, order.id)))
}

/// Get an order
///
/// With its lines and shipments, if the caller may see its location.
#[utoipa::path(tag = "orders", operation_id = "getOrder", params(("order_id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = OrderView, description = "The order"), (status = 304, description = "Unchanged")), extensions(("x-permission" = json!("orders:read"))))]
#[get("/v1/orders/{order_id}", wrap = "Gate")]
pub async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let places = actor.places(Permission::OrdersRead);
    let view = db.read(move |db| {
        let order = orders_by_id(db, &places, &[id.0])?.pop().ok_or_else(|| Error::not_found("order"))?;
        read::order_view(db, order)
    });
    let view = view.await?;
    versioned(&req, view.version, &view)
}

/// Explain where an order is sourced from
///
/// Every decision with the locations that were looked at, as far as you may see them; none where the location was named
/// when it was placed. The strategies of each channel are the setting `orders.sourcing_web` and its like. Distances
/// need the customer's coordinates, and prices of parcels the shipping rates; both are null where the strategies do not
/// look at them. Decisions are kept for the days of the setting `retention.decisions_days` (400 unless it is changed).
#[utoipa::path(tag = "orders", operation_id = "getOrderSourcing", params(("order_id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = Listed<Decision>, description = "The decisions, in order of time")), extensions(("x-permission" = json!("orders:read"))))]
#[get("/v1/orders/{order_id}/sourcing", wrap = "Gate")]
pub async fn sourcing(actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let places = actor.places(Permission::OrdersRead);
    let data = db.read(move |db| read::decisions_of(db, &places, id.0)).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

/// List the timeline of an order
///
/// One entry for each of its versions: what, who did it, when and why.
#[utoipa::path(tag = "orders", operation_id = "listOrderEvents", params(("order_id" = OrderId, Path, description = "The order")),
    responses((status = 200, body = Listed<OrderEvent>, description = "The timeline, the first entry first")), extensions(("x-permission" = json!("orders:read"))))]
#[get("/v1/orders/{order_id}/events", wrap = "Gate")]
pub async fn events(actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let places = actor.places(Permission::OrdersRead);
    let data = db.read(move |db| timeline::timeline(db, &places, id.0)).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

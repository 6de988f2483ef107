//! REST for orders: list and show them. Each part of the module has the routes of its own.
pub mod lines;

use super::{
    canceling, carts, editing, fulfillment,
    model::{OrderStatus, Sort},
    payment, pickup, placing, pos,
    read::{self, OrderView, orders as orders_page, orders_by_id},
    recall, returns, sourcing as sourced,
    store::{OrderEvent, SourcingDecision},
    timeline,
};
use crate::{
    kernel::{Actor, Channel, Error, LocationId, Moment, OrderId, Page, Result, actor::Permission},
    orders::model::{OrderFilter, OrderKey},
    platform::{
        db::Db,
        http::{Gate, Listed, PageInfo, Params, PathOf, listed, page_of, versioned, word},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of orders.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(placing::http::routes)
        .configure(carts::http::routes)
        .service(list)
        .service(show)
        .service(sourcing)
        .service(events)
        .configure(editing::http::routes)
        .configure(payment::http::routes)
        .configure(canceling::http::routes)
        .configure(fulfillment::http::routes)
        .configure(sourced::http::routes)
        .configure(pickup::http::routes)
        .configure(recall::http::routes)
        .configure(returns::http::routes)
        .configure(pos::http::routes);
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
#[utoipa::path(
    tag = "orders", operation_id = "listOrders", params(ListQuery),
    responses((status = 200, body = Listed<OrderView>, description = "A page of orders")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/orders", wrap = "Gate")]
async fn list(actor: Actor, db: web::Data<Db>, query: Params<ListQuery>) -> Result<HttpResponse> {
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
    let locations = actor.places(Permission::OrdersRead);
    let page = db.read(move |db| {
        let Page { rows, has_more } = orders_page(db, &locations, &filter, sort, &page)?;
        Ok(Page { rows: read::order_views(db, rows)?, has_more })
    });
    listed(page.await?, &name, |order| (order.created_at, order.id))
}

/// Get an order
///
/// With its lines and shipments, if the caller may see its location.
#[utoipa::path(
    tag = "orders", operation_id = "getOrder",
    responses((status = 200, body = OrderView, description = "The order"), (status = 304, description = "Unchanged")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/orders/{order_id}", wrap = "Gate")]
async fn show(req: HttpRequest, actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    let view = db.read(move |db| {
        let order = orders_by_id(db, &locations, &[id.0])?.pop().ok_or_else(|| Error::not_found("order"))?;
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
#[utoipa::path(
    tag = "orders", operation_id = "getOrderSourcing",
    responses((status = 200, body = Listed<SourcingDecision>, description = "The decisions, in order of time")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/orders/{order_id}/sourcing", wrap = "Gate")]
async fn sourcing(actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    let data = db.read(move |db| read::decisions_of(db, &locations, id.0)).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

/// List the timeline of an order
///
/// One entry for each of its versions: what, who did it, when and why.
#[utoipa::path(
    tag = "orders", operation_id = "listOrderEvents",
    responses((status = 200, body = Listed<OrderEvent>, description = "The timeline, the first entry first")),
    extensions(("x-permission" = json!("orders:read"))),
)]
#[get("/v1/orders/{order_id}/events", wrap = "Gate")]
async fn events(actor: Actor, db: web::Data<Db>, id: PathOf<OrderId>) -> Result<HttpResponse> {
    let locations = actor.places(Permission::OrdersRead);
    let data = db.read(move |db| timeline::timeline(db, &locations, id.0)).await?;
    Ok(HttpResponse::Ok().json(Listed { data, page: PageInfo { next_cursor: None, has_more: false } }))
}

//! Reads and locks of orders.
use super::rows::{Order, OrderEvent, OrderLine, Shipment};
use crate::{
    kernel::{
        Actor, Channel, Error, LocationId, OrderId, PageRequest, PrincipalId, Result, ShipmentId, actor::Permission,
    },
    orders::{
        model::{OrderEventKind, OrderFilter, OrderKey, OrderStatus, Sort},
        schema::{
            order_events, order_lines, orders as o, rejections, shipments, shortfalls as s,
            sourcing_decisions as decided,
        },
    },
    platform::db::Write,
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use std::collections::{HashMap, HashSet};

/// The order, locked, if the actor may do this to it; otherwise it does not exist.
pub fn lock(tx: &mut Write, id: OrderId, actor: &Actor, permission: Permission) -> Result<Order> {
    let found: Option<Order> = o::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    let order = found.ok_or_else(|| Error::not_found("order"))?;
    order.require_place(permission, actor)?;
    Ok(order)
}

/// Pending orders whose reservation is due, the longest due first.
pub fn lapsed(conn: &mut PgConnection, now: DateTime<Utc>, most: usize) -> QueryResult<Vec<OrderId>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let waiting = o::table.filter(o::status.eq(OrderStatus::Pending)).filter(o::hold_expires_at.le(now));
    waiting.order((o::hold_expires_at, o::id)).limit(most).select(o::id).load(conn)
}

pub fn orders(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &OrderFilter,
    sort: Sort,
    page: &PageRequest<OrderKey>,
) -> QueryResult<Vec<Order>> {
    let mut query = o::table.limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(o::location_id.eq_any(at.clone()).or(o::also_from.overlaps_with(at)));
    }
    if let Some(location) = filter.location {
        query = query.filter(o::location_id.eq(location).or(o::also_from.contains(vec![location])));
    }
    if !filter.statuses.is_empty() {
        query = query.filter(o::status.eq_any(&filter.statuses));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(o::channel.eq(channel));
    }
    if let Some(from) = filter.from {
        query = query.filter(o::created_at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(o::created_at.lt(to));
    }
    if let Some(from) = filter.from_date {
        query = query.filter(o::business_date.ge(from));
    }
    if let Some(to) = filter.to_date {
        query = query.filter(o::business_date.lt(to));
    }
    if let Some(number) = filter.number {
        query = query.filter(o::number.eq(number));
    }
    if let Some(name) = &filter.external_ref {
        query = query.filter(o::external_ref.eq(name));
    }
    if let Some(id) = &filter.customer_id {
        query = query.filter(sql::<Bool>("customer ->> 'id' = ").bind::<Text, _>(id.clone()));
    }
    if let Some(email) = &filter.email {
        query =
            query.filter(sql::<Bool>("lower(customer ->> 'email') = lower(").bind::<Text, _>(email.clone()).sql(")"));
    }
    if let Some(needs) = filter.needs_review {
        let open = sql::<Bool>("(cardinality(marks) > 0 and reviewed_at is null) = ").bind::<Bool, _>(needs);
        query = query.filter(open);
    }
    let beyond = match sort {
        Sort::NewestFirst => "(created_at, id) < (",
        Sort::OldestFirst => "(created_at, id) > (",
    };
    if let Some((at, id)) = page.after {
        query = query.filter(sql::<Bool>(beyond).bind::<Timestamptz, _>(at).sql(", ").bind::<SqlUuid, _>(id).sql(")"));
    }
    match sort {
        Sort::NewestFirst => query.order((o::created_at.desc(), o::id.desc())).load(conn),
        Sort::OldestFirst => query.order((o::created_at.asc(), o::id.asc())).load(conn),
    }
}

pub fn orders_by_id(conn: &mut PgConnection, ids: &[OrderId]) -> QueryResult<Vec<Order>> {
    o::table.filter(o::id.eq_any(ids)).order(o::id).load(conn)
}

pub fn lines_of(conn: &mut PgConnection, ids: &[OrderId]) -> QueryResult<Vec<OrderLine>> {
    order_lines::table
        .filter(order_lines::order_id.eq_any(ids))
        .order((order_lines::order_id, order_lines::line_no))
        .load(conn)
}

pub fn shipments_of(conn: &mut PgConnection, ids: &[OrderId]) -> QueryResult<Vec<Shipment>> {
    shipments::table.filter(shipments::order_id.eq_any(ids)).order((shipments::order_id, shipments::id)).load(conn)
}

/// Orders that channels know by names of their own.
pub fn by_refs(conn: &mut PgConnection, names: &[(Channel, String)]) -> QueryResult<Vec<((Channel, String), OrderId)>> {
    let texts: Vec<_> = names.iter().map(|(_, name)| name).collect();
    let found: Vec<(Channel, Option<String>, OrderId)> = o::table
        .filter(o::external_ref.eq_any(texts).assume_not_null())
        .select((o::channel, o::external_ref, o::id))
        .load(conn)?;
    let known = found.into_iter().filter_map(|(channel, name, id)| Some(((channel, name?), id)));
    Ok(known.filter(|(name, _)| names.contains(name)).collect())
}

/// Of these parts of orders those that were short before, and until when they are left alone.
pub fn known_shortfalls(
    conn: &mut PgConnection,
    parts: &[(OrderId, LocationId)],
) -> QueryResult<HashMap<(OrderId, LocationId), DateTime<Utc>>> {
    let orders: Vec<_> = parts.iter().map(|part| part.0).collect();
    let of_orders = s::table.filter(s::order_id.eq_any(orders));
    let rows: Vec<(OrderId, LocationId, DateTime<Utc>)> =
        of_orders.select((s::order_id, s::location_id, s::next_at)).load(conn)?;
    Ok(rows.into_iter().map(|(order, location, next_at)| ((order, location), next_at)).collect())
}

/// Locations that could not fill their part of an order.
pub fn rejected_by(conn: &mut PgConnection, id: OrderId) -> QueryResult<Vec<LocationId>> {
    let of_order = rejections::table.filter(rejections::order_id.eq(id)).order(rejections::attempt);
    of_order.select(rejections::location_id).load(conn)
}

/// The number of the last decision about an order; 0 if there is none. Decisions are deleted for their age, and
/// rejections, which have their numbers, are not.
pub fn last_attempt(conn: &mut PgConnection, id: OrderId) -> QueryResult<i32> {
    let of_order = decided::table.filter(decided::order_id.eq(id));
    let decided: Option<i32> = of_order.select(diesel::dsl::max(decided::attempt)).first(conn)?;
    let of_order = rejections::table.filter(rejections::order_id.eq(id));
    let rejected: Option<i32> = of_order.select(diesel::dsl::max(rejections::attempt)).first(conn)?;
    Ok(decided.max(rejected).unwrap_or(0))
}

/// The timelines of orders. That an order was placed is told by the order itself, unless more was noted of it.
pub fn events_of(conn: &mut PgConnection, ids: &[OrderId]) -> QueryResult<Vec<OrderEvent>> {
    let mut events: Vec<OrderEvent> = order_events::table.filter(order_events::order_id.eq_any(ids)).load(conn)?;
    let noted: HashSet<_> = events.iter().filter(|event| event.version == 1).map(|event| event.order_id).collect();
    let others = ids.iter().filter(|id| !noted.contains(id));
    let placed: Vec<(OrderId, PrincipalId, DateTime<Utc>)> =
        o::table.filter(o::id.eq_any(others)).select((o::id, o::placed_by, o::created_at)).load(conn)?;
    events.extend(placed.into_iter().map(|(order_id, by, at)| OrderEvent {
        order_id,
        version: 1,
        event: OrderEventKind::Placed,
        actor_id: Some(by),
        reason: None,
        at,
    }));
    events.sort_unstable_by_key(|event| (event.order_id, event.version));
    Ok(events)
}

pub fn shipments_by_id(conn: &mut PgConnection, ids: &[ShipmentId]) -> QueryResult<Vec<Shipment>> {
    shipments::table.filter(shipments::id.eq_any(ids)).order(shipments::id).load(conn)
}

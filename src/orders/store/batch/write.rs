//! Orders and their events are written in bulk.
use crate::orders::store::{
    lines::insert_lines,
    rows::{Order, OrderEvent, OrderRow},
};
use crate::{
    kernel::LocationId,
    orders::model::Mark,
    platform::db::{Bulk, Statement},
};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Date, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};

/// Writes new orders with their lines.
pub fn insert_orders(bulk: &mut Bulk, rows: &[&OrderRow]) {
    let orders: Vec<_> = rows.iter().map(|row| &row.order).collect();
    bulk.add("new_orders", orders.len(), || {
        Statement::new(include_str!("../../sql/insert_orders.sql"))
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|o| o.id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|o| o.number).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|o| o.channel.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|o| o.currency().code()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|o| o.location_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|o| o.reservation_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|o| o.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|o| o.total_minor).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(orders.iter().map(|o| o.customer.clone()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|o| o.placed_by).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(orders.iter().map(|o| o.hold_expires_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|o| o.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(orders.iter().map(|o| o.created_at).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|o| array_of(&o.also_from)).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(orders.iter().map(|o| o.exchange_for).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(orders.iter().map(|o| o.external_ref.clone()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(orders.iter().map(|o| o.is_pickup).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|o| o.paid_minor).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(orders.iter().map(|o| o.occurred_at).collect::<Vec<_>>())
            .bind::<Array<Date>, _>(orders.iter().map(|o| o.business_date).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|o| array_of_words(&o.marks)).collect::<Vec<_>>())
            .bind::<Array<Nullable<Binary>>, _>(orders.iter().map(|o| o.sale_fingerprint.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(orders.iter().map(|o| o.conflict_with).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|o| o.shipping_minor).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(orders.iter().map(|o| o.shipping.clone()).collect::<Vec<_>>())
    });
    insert_lines(bulk, "new_order_lines", &rows.iter().flat_map(|row| &row.lines).collect::<Vec<_>>());
}

/// Adds to the timelines of orders.
pub fn insert_events(bulk: &mut Bulk, rows: &[OrderEvent]) {
    bulk.add("new_order_events", rows.len(), || {
        Statement::new(include_str!("../../sql/insert_events.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|e| e.order_id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|e| e.version).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|e| e.event.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|e| e.actor_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|e| e.reason.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|e| e.at).collect::<Vec<_>>())
    });
}

/// As PostgreSQL writes an array: `unnest` would flatten arrays of arrays.
pub(super) fn array_of(ids: &[LocationId]) -> String {
    let ids: Vec<_> = ids.iter().map(LocationId::to_string).collect();
    format!("{{{}}}", ids.join(","))
}

pub(super) fn array_of_words(marks: &[Mark]) -> String {
    let words: Vec<_> = marks.iter().map(|mark| mark.as_str()).collect();
    format!("{{{}}}", words.join(","))
}

/// Writes how orders stand after the batch.
pub fn save_orders(bulk: &mut Bulk, orders: &[(&Order, i64)]) {
    bulk.add("saved_orders", orders.len(), || {
        Statement::new(include_str!("../../sql/save_orders.sql"))
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|(o, _)| o.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|(o, _)| o.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.paid_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.refunded_minor).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(orders.iter().map(|(o, _)| o.cancel_reason.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(orders.iter().map(|(o, _)| o.hold_expires_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(orders.iter().map(|(o, _)| o.updated_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(_, before)| *before).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.authorized_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.total_minor).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|(o, _)| o.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(orders.iter().map(|(o, _)| array_of(&o.also_from)).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(orders.iter().map(|(o, _)| o.reservation_id).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(orders.iter().map(|(o, _)| o.customer.clone()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(orders.iter().map(|(o, _)| o.credited_minor).collect::<Vec<_>>())
    });
}

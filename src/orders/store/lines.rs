//! The lines, parcels and rejections of a batch.
use super::{
    choices::Rejection,
    rows::{NewShipment, OrderLine, Shipment},
};
use crate::{
    kernel::{LocationId, OrderId},
    orders::model::ParcelProblem,
    platform::db::{Bulk, Json, Statement},
};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use std::{collections::HashMap, hash::Hash};

/// Writes new lines. Many have the same tax, and the same discounts of goods at one price: each of these is sent and
/// parsed once, and lines name it by its number.
pub fn insert_lines(bulk: &mut Bulk, name: &'static str, lines: &[&OrderLine]) {
    bulk.add(name, lines.len(), || {
        let (taxes, tax_numbers) = numbered(lines.iter().map(|line| line.tax.as_ref()));
        let (discounts, discount_numbers) = numbered(lines.iter().map(|line| line.discounts.as_ref()));
        Statement::new(include_str!("../sql/insert_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.order_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.line_no).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(lines.iter().map(|l| l.sku.clone()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(lines.iter().map(|l| l.name.clone()).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.quantity).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.unit_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.total_minor).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(lines.iter().map(|l| l.parts.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(tax_numbers)
            .bind::<Array<Jsonb>, _>(taxes)
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.discount_minor).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(discount_numbers)
            .bind::<Array<Jsonb>, _>(discounts)
            .bind::<Array<Bool>, _>(lines.iter().map(|l| l.tax_included).collect::<Vec<_>>())
    });
}

/// Documents without those that come again, and for each that was given its number among them, from 1.
fn numbered<'a, T: Clone + Eq + Hash + 'a>(
    documents: impl Iterator<Item = Option<&'a Json<T>>>,
) -> (Vec<Json<T>>, Vec<Option<i32>>) {
    let (mut distinct, mut known) = (vec![], HashMap::new());
    let number = |document: Option<&'a Json<T>>| {
        let Json(value) = document?;
        Some(*known.entry(value).or_insert_with(|| {
            distinct.push(Json(value.clone()));
            i32::try_from(distinct.len()).unwrap_or(i32::MAX)
        }))
    };
    let numbers = documents.map(number).collect();
    (distinct, numbers)
}

/// Writes how lines stand after the batch.
pub fn save_lines(bulk: &mut Bulk, lines: &[&OrderLine]) {
    bulk.add("saved_order_lines", lines.len(), || {
        Statement::new(include_str!("../sql/save_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.order_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.line_no).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.quantity).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.unit_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|l| l.total_minor).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.canceled).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.returned).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(lines.iter().map(|l| l.parts.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(lines.iter().map(|l| l.returned_parts.clone()).collect::<Vec<_>>())
    });
}

/// Writes what locations could not fill.
pub fn insert_rejections(bulk: &mut Bulk, rows: &[Rejection]) {
    bulk.add("new_rejections", rows.len(), || {
        Statement::new(include_str!("../sql/insert_rejections.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.order_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|r| r.attempt).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|r| r.reason.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|r| r.note.clone()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|r| r.actor_id).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|r| r.rejected_at).collect::<Vec<_>>())
    });
}

/// Notes parts of orders that are short, and until when they are left alone.
pub fn keep_shortfalls(bulk: &mut Bulk, rows: &[(OrderId, LocationId, DateTime<Utc>)], now: DateTime<Utc>) {
    bulk.add("kept_shortfalls", rows.len(), || {
        Statement::new(include_str!("../sql/keep_shortfalls.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.0).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.1).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.2).collect::<Vec<_>>())
    });
}

/// Writes shipments.
pub fn insert_shipments(bulk: &mut Bulk, rows: &[NewShipment]) {
    let rows: Vec<_> = rows.iter().map(|row| &row.0).collect();
    bulk.add("new_shipments", rows.len(), || {
        Statement::new(include_str!("../sql/insert_shipments.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|s| s.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|s| s.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|s| s.location_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|s| s.carrier.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|s| s.tracking_number.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|s| s.shipped_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|s| s.delivered_at).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|s| s.units.clone()).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|s| s.lines.clone()).collect::<Vec<_>>())
    });
}

/// Writes why parcels do not arrive.
pub fn save_shipments(bulk: &mut Bulk, rows: &[Shipment]) {
    bulk.add("saved_shipments", rows.len(), || {
        Statement::new(include_str!("../sql/save_shipments.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|s| s.id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(
                rows.iter().map(|s| s.problem.map(ParcelProblem::as_str)).collect::<Vec<_>>(),
            )
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|s| s.problem_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|s| s.return_id).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|s| s.version).collect::<Vec<_>>())
    });
}

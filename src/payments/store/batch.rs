//! The payments of a batch: each table written in one statement of many rows.
use super::rows::{Operation, Payment};
use crate::platform::db::{Bulk, Json, Statement};
use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};

/// Writes new payments, as they stand after the batch.
pub fn insert(bulk: &mut Bulk, rows: &[&Payment], now: DateTime<Utc>) {
    bulk.add("new_payments", rows.len(), || {
        Statement::new(include_str!("../sql/insert.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.location_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.gateway.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.currency.code()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.authorized_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.captured_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.refunded_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.version).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.reference.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.created_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.asked_capture_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.asked_refund_minor).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_released).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_single_capture).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.method.clone()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_extra).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(rows.iter().map(|row| row.tender.map(Json)).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(rows.iter().map(|row| row.taken_at).collect::<Vec<_>>())
    });
}

/// Writes how payments stand after the batch, each with the version it had before.
pub fn save(bulk: &mut Bulk, rows: &[(&Payment, i64)], now: DateTime<Utc>) {
    bulk.add("saved_payments", rows.len(), || {
        Statement::new(include_str!("../sql/save.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|(row, _)| row.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|(row, _)| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.captured_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.refunded_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.asked_capture_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.asked_refund_minor).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|(row, _)| row.is_released).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|(row, _)| row.gateway_ref.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|(row, _)| row.action.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|(row, _)| row.failure.clone()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.version).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(_, before)| *before).collect::<Vec<_>>())
    });
}

/// Writes what is to be asked of gateways.
pub fn insert_operations(bulk: &mut Bulk, rows: &[&Operation]) {
    bulk.add("new_payment_operations", rows.len(), || {
        Statement::new(include_str!("../sql/insert_operations.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.payment_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.amount_minor).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_final).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.state.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.next_at).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.created_at).collect::<Vec<_>>())
    });
}

/// Writes what came of operations.
pub fn save_operations(bulk: &mut Bulk, rows: &[&Operation], now: DateTime<Utc>) {
    bulk.add("saved_payment_operations", rows.len(), || {
        Statement::new(include_str!("../sql/save_operations.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.state.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.next_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.gateway_ref.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.failure.clone()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_final).collect::<Vec<_>>())
    });
}

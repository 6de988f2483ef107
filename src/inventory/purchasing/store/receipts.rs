//! Arrivals in PostgreSQL: written once, never changed.
use crate::{
    inventory::purchasing::{
        ArrivalCondition, Receipt,
        schema::{receipt_lines as rl, receipts as r},
    },
    kernel::{LocationId, LotId, PageRequest, PrincipalId, PurchaseOrderId, ReceiptId, SupplierId, VariantId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The head of an arrival.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Serialize, ToSchema)]
pub struct ReceiptHead {
    /// Identifies the receipt.
    pub id: ReceiptId,
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the purchase order; null for a delivery without one.
    pub purchase_order_id: Option<PurchaseOrderId>,
    /// Identifies the supplier.
    pub supplier_id: Option<SupplierId>,
    /// The delivery note's number, say.
    pub reference: Option<String>,
    /// The user who booked the delivery.
    pub received_by: PrincipalId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// ISO 4217 code of the costs; null if none are known, and for who may not read costs.
    pub currency: Option<String>,
    /// Units of the book currency for one unit of that currency, in billionths.
    #[serde(skip)]
    pub exchange_rate: Option<i64>,
}

/// A line of an arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct ReceiptLine {
    pub receipt_id: ReceiptId,
    pub line_no: i32,
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub accepted: i32,
    pub rejected: i32,
    pub condition: ArrivalCondition,
    /// Minor units of the receipt's currency.
    pub unit_cost_minor: Option<i64>,
}

/// Writes arrivals.
pub fn add_receipts(bulk: &mut Bulk, rows: &[Receipt]) {
    let heads: Vec<_> = rows.iter().map(|row| &row.head).collect();
    bulk.add("new_receipts", heads.len(), || {
        Statement::new(include_str!("../sql/insert_receipts.sql"))
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.location_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(heads.iter().map(|h| h.purchase_order_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(heads.iter().map(|h| h.supplier_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(heads.iter().map(|h| h.reference.clone()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.received_by).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(heads.iter().map(|h| h.created_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(heads.iter().map(|h| h.currency.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(heads.iter().map(|h| h.exchange_rate).collect::<Vec<_>>())
    });
    let lines: Vec<_> = rows.iter().flat_map(|row| &row.lines).copied().collect();
    bulk.add("new_receipt_lines", lines.len(), || {
        Statement::new(include_str!("../sql/insert_receipt_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.receipt_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.line_no).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(lines.iter().map(|l| l.lot_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.accepted).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.rejected).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(lines.iter().map(|l| l.condition.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<BigInt>>, _>(lines.iter().map(|l| l.unit_cost_minor).collect::<Vec<_>>())
    });
}

/// Arrivals at some locations, newest first, at most one more than the page.
pub fn receipts(
    conn: &mut PgConnection,
    location: LocationId,
    page: &PageRequest<ReceiptId>,
) -> QueryResult<Vec<Receipt>> {
    let mut query = r::table.filter(r::location_id.eq(location)).order(r::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(r::id.lt(after));
    }
    let heads = query.load(conn)?;
    with_lines(conn, heads)
}

/// An arrival.
pub fn receipt(conn: &mut PgConnection, id: ReceiptId) -> QueryResult<Option<Receipt>> {
    let head: Option<ReceiptHead> = r::table.find(id).first(conn).optional()?;
    Ok(with_lines(conn, head.into_iter().collect())?.pop())
}

fn with_lines(conn: &mut PgConnection, heads: Vec<ReceiptHead>) -> QueryResult<Vec<Receipt>> {
    let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
    let lines: Vec<ReceiptLine> =
        rl::table.filter(rl::receipt_id.eq_any(&ids)).order((rl::receipt_id, rl::line_no)).load(conn)?;
    let of = |head: ReceiptHead| Receipt {
        lines: lines.iter().filter(|line| line.receipt_id == head.id).copied().collect(),
        head,
    };
    Ok(heads.into_iter().map(of).collect())
}

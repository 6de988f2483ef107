//! Purchase orders in PostgreSQL, and what they and transfers bring.
use crate::{
    inventory::purchasing::{
        Purchase, PurchaseStatus,
        model::PurchaseFilter,
        schema::{purchase_order_lines as pl, purchase_orders as p},
    },
    kernel::{LocationId, PageRequest, PrincipalId, PurchaseOrderId, SupplierId, VariantId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The head of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = p)]
pub struct PurchaseHead {
    /// Identifies the purchase order.
    pub id: PurchaseOrderId,
    /// Identifies the supplier.
    pub supplier_id: SupplierId,
    /// The location to which the goods go.
    pub location_id: LocationId,
    /// The state that it is in.
    pub status: PurchaseStatus,
    /// Your own reference.
    pub reference: Option<String>,
    /// When it is expected to arrive; by the supplier's lead time, if it was not said.
    pub expected_on: Option<NaiveDate>,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was sent to the supplier.
    pub ordered_at: Option<DateTime<Utc>>,
    /// When nothing more was expected.
    pub closed_at: Option<DateTime<Utc>>,
    /// The number that people use.
    pub number: i64,
    /// ISO 4217 code of the costs; null if none are known, and for who may not read costs.
    pub currency: Option<String>,
    /// Units of the book currency for one unit of that currency, in billionths.
    #[serde(skip)]
    pub exchange_rate: Option<i64>,
}

/// A variant of a purchase order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct PurchaseLine {
    pub purchase_order_id: PurchaseOrderId,
    pub variant_id: VariantId,
    pub ordered: i32,
    pub received: i32,
    pub rejected: i32,
    /// Minor units of the order's currency.
    pub unit_cost_minor: Option<i64>,
}

/// A purchase order as it stands.
pub fn purchase(conn: &mut PgConnection, id: PurchaseOrderId) -> QueryResult<Option<Purchase>> {
    let head: Option<PurchaseHead> = p::table.find(id).first(conn).optional()?;
    Ok(whole(conn, head.into_iter().collect())?.pop())
}

/// The same, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: PurchaseOrderId) -> QueryResult<Option<Purchase>> {
    let head: Option<PurchaseHead> = p::table.find(id).for_no_key_update().first(conn).optional()?;
    Ok(whole(conn, head.into_iter().collect())?.pop())
}

/// Purchase orders for some locations, newest first, at most one more than the page.
pub fn purchases(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &PurchaseFilter,
    page: &PageRequest<PurchaseOrderId>,
) -> QueryResult<Vec<Purchase>> {
    let mut query = p::table.order(p::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(p::location_id.eq_any(at));
    }
    if let Some(location) = filter.location {
        query = query.filter(p::location_id.eq(location));
    }
    if let Some(supplier) = filter.supplier {
        query = query.filter(p::supplier_id.eq(supplier));
    }
    if let Some(status) = filter.status {
        query = query.filter(p::status.eq(status));
    }
    if let Some(number) = filter.number {
        query = query.filter(p::number.eq(number));
    }
    if let Some(after) = page.after {
        query = query.filter(p::id.lt(after));
    }
    let heads = query.load(conn)?;
    whole(conn, heads)
}

fn whole(conn: &mut PgConnection, heads: Vec<PurchaseHead>) -> QueryResult<Vec<Purchase>> {
    let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let lines: Vec<PurchaseLine> = pl::table
        .filter(pl::purchase_order_id.eq_any(&ids))
        .order((pl::purchase_order_id, pl::variant_id))
        .load(conn)?;
    let of = |head: PurchaseHead| Purchase {
        lines: lines.iter().filter(|line| line.purchase_order_id == head.id).copied().collect(),
        head,
    };
    Ok(heads.into_iter().map(of).collect())
}

/// Writes a new purchase order.
pub fn insert(conn: &mut PgConnection, purchase: &Purchase) -> QueryResult<()> {
    diesel::insert_into(p::table).values(purchase.head.clone()).execute(conn)?;
    insert_lines(conn, purchase)
}

/// Writes a draft anew.
pub fn rewrite(conn: &mut PgConnection, purchase: &Purchase) -> QueryResult<()> {
    let head = &purchase.head;
    diesel::update(p::table.find(head.id))
        .set((
            p::reference.eq(&head.reference),
            p::expected_on.eq(head.expected_on),
            p::currency.eq(&head.currency),
            p::exchange_rate.eq(head.exchange_rate),
            p::version.eq(head.version),
            p::updated_at.eq(head.updated_at),
        ))
        .execute(conn)?;
    diesel::delete(pl::table.filter(pl::purchase_order_id.eq(head.id))).execute(conn)?;
    insert_lines(conn, purchase)
}

fn insert_lines(conn: &mut PgConnection, purchase: &Purchase) -> QueryResult<()> {
    let row = |line: &PurchaseLine| {
        (
            pl::purchase_order_id.eq(line.purchase_order_id),
            pl::variant_id.eq(line.variant_id),
            pl::ordered.eq(line.ordered),
            pl::unit_cost_minor.eq(line.unit_cost_minor),
        )
    };
    let rows: Vec<_> = purchase.lines.iter().map(row).collect();
    diesel::insert_into(pl::table).values(rows).execute(conn)?;
    Ok(())
}

/// Writes purchase orders as they are after a step. Their heads are locked.
pub fn save(bulk: &mut Bulk, rows: &[Purchase]) {
    let heads: Vec<_> = rows.iter().map(|row| &row.head).collect();
    bulk.add("saved_purchases", heads.len(), || {
        Statement::new(include_str!("../sql/save_purchases.sql"))
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(heads.iter().map(|h| h.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Date>>, _>(heads.iter().map(|h| h.expected_on).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(heads.iter().map(|h| h.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(heads.iter().map(|h| h.updated_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(heads.iter().map(|h| h.ordered_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(heads.iter().map(|h| h.closed_at).collect::<Vec<_>>())
    });
    let lines: Vec<_> = rows.iter().flat_map(|row| &row.lines).copied().collect();
    bulk.add("saved_purchase_lines", lines.len(), || {
        Statement::new(include_str!("../sql/save_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.purchase_order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.received).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|l| l.rejected).collect::<Vec<_>>())
    });
}

/// The expected arrivals of a variant at a location.
#[derive(Debug, Clone, QueryableByName)]
pub struct ExpectedArrival {
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = SqlUuid)]
    pub id: uuid::Uuid,
    #[diesel(sql_type = Nullable<Date>)]
    pub expected_on: Option<NaiveDate>,
    #[diesel(sql_type = BigInt)]
    pub units: i64,
}

/// The units that open purchase orders and transfers bring to a location, by date.
pub fn expected(
    conn: &mut PgConnection,
    location: LocationId,
    variant: VariantId,
) -> QueryResult<Vec<ExpectedArrival>> {
    diesel::sql_query(include_str!("../sql/expected.sql"))
        .bind::<SqlUuid, _>(location)
        .bind::<SqlUuid, _>(variant)
        .load(conn)
}

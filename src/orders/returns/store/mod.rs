//! Returns in PostgreSQL.
use super::model::{Case, Return, ReturnLine, ReturnReason, ReturnStatus};
use crate::{
    kernel::{CaseId, LocationId, LotId, OrderId, PageRequest, PrincipalId, Result, ReturnId, VariantId},
    orders::{
        returns::model::{CaseFilter, CaseKey, ComponentBack, Found, Goods, ReturnFilter, ReturnKey},
        schema::{orders, orders as o, reaction_cases, reaction_cases as c, return_lines as l, returns, returns as r},
    },
    platform::db::{Bulk, Json, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::{exists, sql},
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};

crate::text_enum_in_sql!(ReturnStatus, ReturnReason);
diesel::allow_tables_to_appear_in_same_query!(orders, returns);
diesel::allow_tables_to_appear_in_same_query!(reaction_cases, returns);

/// A reaction to a product, as it was written down.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = reaction_cases)]
pub struct CaseRow {
    pub id: CaseId,
    pub return_id: ReturnId,
    pub order_id: OrderId,
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub note: Option<String>,
    pub opened_by: PrincipalId,
    pub opened_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct Row {
    id: ReturnId,
    number: String,
    order_id: OrderId,
    status: ReturnStatus,
    location_id: Option<LocationId>,
    is_returnless: bool,
    note: Option<String>,
    refund_minor: i64,
    withheld_minor: i64,
    goods: Json<Vec<Goods>>,
    inspection: Json<Vec<Found>>,
    requested_by: PrincipalId,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    rest_of: Option<ReturnId>,
    shipping_minor: i64,
    shipping_tax_minor: i64,
}

#[derive(Queryable)]
struct LineRow {
    return_id: ReturnId,
    line_no: i32,
    quantity: i32,
    reason: ReturnReason,
    unit_minor: i64,
    received: Option<i32>,
    components: Option<Json<Vec<ComponentBack>>>,
    tax_minor: i64,
    worth_minor: Option<i64>,
}

impl From<&LineRow> for ReturnLine {
    fn from(row: &LineRow) -> Self {
        let units = if row.components.is_some() { 0 } else { row.received.unwrap_or(row.quantity) };
        Self {
            line_no: row.line_no,
            quantity: row.quantity,
            reason: row.reason,
            unit_minor: row.unit_minor,
            whole_minor: row.worth_minor.unwrap_or_else(|| row.unit_minor.saturating_mul(units.into())),
            received: row.received,
            components: row.components.clone().map(|Json(components)| components).unwrap_or_default(),
            tax_minor: row.tax_minor,
        }
    }
}

fn whole(conn: &mut PgConnection, rows: Vec<Row>) -> Result<Vec<Return>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<LineRow> =
        l::table.filter(l::return_id.eq_any(&ids)).order((l::return_id, l::line_no)).load(conn)?;
    let made = |row: Row| {
        let of_row = lines.iter().filter(|line| line.return_id == row.id);
        Return {
            id: row.id,
            number: row.number,
            order_id: row.order_id,
            status: row.status,
            location_id: row.location_id,
            is_returnless: row.is_returnless,
            note: row.note,
            refund_minor: row.refund_minor,
            withheld_minor: row.withheld_minor,
            goods: row.goods.0,
            inspection: row.inspection.0,
            requested_by: row.requested_by,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            rest_of: row.rest_of,
            shipping_minor: row.shipping_minor,
            shipping_tax_minor: row.shipping_tax_minor,
            lines: of_row.map(ReturnLine::from).collect(),
        }
    };
    Ok(rows.into_iter().map(made).collect())
}

/// The returns of orders, oldest first.
pub fn of_orders(conn: &mut PgConnection, orders: &[OrderId]) -> Result<Vec<Return>> {
    let rows = r::table.filter(r::order_id.eq_any(orders)).order((r::created_at, r::id)).load(conn)?;
    whole(conn, rows)
}

pub fn by_id(conn: &mut PgConnection, ids: &[ReturnId]) -> Result<Vec<Return>> {
    let rows = r::table.filter(r::id.eq_any(ids)).order(r::id).load(conn)?;
    whole(conn, rows)
}

/// A page of returns, the newest first, of orders at these locations or received there.
pub fn page(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &ReturnFilter,
    page: &PageRequest<ReturnKey>,
) -> Result<Vec<Return>> {
    let mut query = r::table.limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        let here = o::location_id.eq_any(at.clone()).or(o::also_from.overlaps_with(at.clone()));
        let from_here = exists(o::table.filter(o::id.eq(r::order_id)).filter(here));
        query = query.filter(r::location_id.eq_any(at).assume_not_null().or(from_here));
    }
    if let Some(status) = filter.status {
        query = query.filter(r::status.eq(status));
    }
    if let Some(order) = filter.order {
        query = query.filter(r::order_id.eq(order));
    }
    if let Some(location) = filter.location {
        query = query.filter(r::location_id.eq(location));
    }
    if let Some(number) = &filter.number {
        query = query.filter(r::number.eq(number.to_uppercase()));
    }
    if let Some((at, id)) = page.after {
        let beyond = sql::<Bool>("(created_at, id) < (").bind::<Timestamptz, _>(at).sql(", ");
        query = query.filter(beyond.bind::<SqlUuid, _>(id).sql(")"));
    }
    let rows = query.order((r::created_at.desc(), r::id.desc())).load(conn)?;
    whole(conn, rows)
}

/// Whole units have no parts of their own.
fn components(line: &ReturnLine) -> Option<Json<Vec<ComponentBack>>> {
    (!line.components.is_empty()).then(|| Json(line.components.clone()))
}

/// Writes new returns with their lines.
pub fn insert(bulk: &mut Bulk, rows: &[&Return]) {
    bulk.add("new_returns", rows.len(), || {
        Statement::new(include_str!("../sql/insert.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.location_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.note.clone()).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|row| Json(row.goods.clone())).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.requested_by).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.created_at).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.number.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.rest_of).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|row| row.is_returnless).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.refund_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.shipping_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|row| row.shipping_tax_minor).collect::<Vec<_>>())
    });
    let lines: Vec<_> = rows.iter().flat_map(|row| row.lines.iter().map(move |line| (row.id, line))).collect();
    bulk.add("new_return_lines", lines.len(), || {
        Statement::new(include_str!("../sql/insert_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|(_, line)| line.line_no).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|(_, line)| line.quantity).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(lines.iter().map(|(_, line)| line.reason.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|(_, line)| line.unit_minor).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(lines.iter().map(|(_, line)| line.received).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(lines.iter().map(|(_, line)| components(line)).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|(_, line)| line.tax_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|(_, line)| line.whole_minor).collect::<Vec<_>>())
    });
}

/// Writes how returns stand after the batch, each with the version it had before.
pub fn save(bulk: &mut Bulk, rows: &[(&Return, i64)]) {
    bulk.add("saved_returns", rows.len(), || {
        Statement::new(include_str!("../sql/save.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|(row, _)| row.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|(row, _)| row.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|(row, _)| row.location_id).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(rows.iter().map(|(row, _)| row.is_returnless).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|(row, _)| row.note.clone()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.refund_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.withheld_minor).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|(row, _)| Json(row.goods.clone())).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|(row, _)| Json(row.inspection.clone())).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|(row, _)| row.updated_at).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(_, before)| *before).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.shipping_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|(row, _)| row.shipping_tax_minor).collect::<Vec<_>>())
    });
    // What need not come back is priced when that is decided, and never received.
    let is_priced = |row: &Return, line: &ReturnLine| line.received.is_some() || row.is_returnless;
    let lines = rows.iter().flat_map(|(row, _)| row.lines.iter().map(move |line| (*row, line)));
    let lines: Vec<_> = lines.filter(|(row, line)| is_priced(row, line)).map(|(row, line)| (row.id, line)).collect();
    bulk.add("received_return_lines", lines.len(), || {
        Statement::new(include_str!("../sql/receive_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(lines.iter().map(|(_, line)| line.line_no).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(lines.iter().map(|(_, line)| line.received).collect::<Vec<_>>())
            .bind::<Array<Nullable<Jsonb>>, _>(lines.iter().map(|(_, line)| components(line)).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|(_, line)| line.tax_minor).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(lines.iter().map(|(_, line)| line.whole_minor).collect::<Vec<_>>())
    });
}

/// A page of cases, the newest first; of one lot or variant, or of all, whose goods came in at these locations.
pub fn cases(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &CaseFilter,
    page: &PageRequest<CaseKey>,
) -> QueryResult<Vec<CaseRow>> {
    let mut query = c::table.inner_join(r::table.on(r::id.eq(c::return_id))).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(r::location_id.eq_any(at).assume_not_null());
    }
    if let Some(id) = filter.id {
        query = query.filter(c::id.eq(id));
    }
    if let Some(lot) = filter.lot {
        query = query.filter(c::lot_id.eq(lot));
    }
    if let Some(variant) = filter.variant {
        query = query.filter(c::variant_id.eq(variant));
    }
    if let Some((time, id)) = page.after {
        let beyond = sql::<Bool>("(reaction_cases.opened_at, reaction_cases.id) < (").bind::<Timestamptz, _>(time);
        query = query.filter(beyond.sql(", ").bind::<SqlUuid, _>(id).sql(")"));
    }
    query.order((c::opened_at.desc(), c::id.desc())).select(CaseRow::as_select()).load(conn)
}

/// Opens cases.
pub fn insert_cases(bulk: &mut Bulk, rows: &[Case], now: DateTime<Utc>) {
    bulk.add("new_reaction_cases", rows.len(), || {
        Statement::new(include_str!("../sql/insert_cases.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.return_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.variant_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|row| row.lot_id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.note.clone()).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.opened_by).collect::<Vec<_>>())
    });
}

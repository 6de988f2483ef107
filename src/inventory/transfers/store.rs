//! Transfers in PostgreSQL.
use super::{Transfer, TransferStatus};
use crate::{
    inventory::{
        schema::{transfer_lines as tl, transfer_lots as tlo, transfers as t},
        transfers::model::TransferFilter,
    },
    kernel::{LocationId, LotId, PageRequest, PrincipalId, TransferId, VariantId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// The head of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = t)]
pub struct Head {
    /// Identifies the transfer.
    pub id: TransferId,
    /// The location that sends the goods.
    pub from_location_id: LocationId,
    /// The location that receives the goods.
    pub to_location_id: LocationId,
    /// The state that it is in.
    pub status: TransferStatus,
    /// Your own reference.
    pub reference: Option<String>,
    /// When it is expected to arrive.
    pub expected_on: Option<NaiveDate>,
    /// True if nothing more will be sent.
    pub is_shipped_whole: bool,
    /// The user who created it.
    pub created_by: PrincipalId,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When its first goods left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When it was received whole or canceled.
    pub closed_at: Option<DateTime<Utc>>,
    /// The number that people use.
    pub number: i64,
}

/// A variant of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct TransferLine {
    pub transfer_id: TransferId,
    pub variant_id: VariantId,
    pub requested: i32,
    pub shipped: i32,
    pub received: i32,
    pub damaged: i32,
    pub lost: i32,
}

/// A lot among what was shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct LotLine {
    pub transfer_id: TransferId,
    pub lot_id: LotId,
    pub variant_id: VariantId,
    pub shipped: i32,
    pub received: i32,
    pub damaged: i32,
    pub lost: i32,
}

/// A transfer as it stands.
pub fn transfer(conn: &mut PgConnection, id: TransferId) -> QueryResult<Option<Transfer>> {
    let head: Option<Head> = t::table.find(id).first(conn).optional()?;
    Ok(whole(conn, head.into_iter().collect())?.pop())
}

/// The same, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: TransferId) -> QueryResult<Option<Transfer>> {
    let head: Option<Head> = t::table.find(id).for_no_key_update().first(conn).optional()?;
    Ok(whole(conn, head.into_iter().collect())?.pop())
}

/// Transfers that leave or reach one of the locations, newest first, at most one more than the page.
pub fn transfers(
    conn: &mut PgConnection,
    at: Option<Vec<LocationId>>,
    filter: &TransferFilter,
    page: &PageRequest<TransferId>,
) -> QueryResult<Vec<Transfer>> {
    let mut query = t::table.order(t::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(at) = at {
        query = query.filter(t::from_location_id.eq_any(at.clone()).or(t::to_location_id.eq_any(at)));
    }
    if let Some(location) = filter.location {
        query = query.filter(t::from_location_id.eq(location).or(t::to_location_id.eq(location)));
    }
    if let Some(status) = filter.status {
        query = query.filter(t::status.eq(status));
    }
    if let Some(number) = filter.number {
        query = query.filter(t::number.eq(number));
    }
    if let Some(after) = page.after {
        query = query.filter(t::id.lt(after));
    }
    let heads = query.load(conn)?;
    whole(conn, heads)
}

fn whole(conn: &mut PgConnection, heads: Vec<Head>) -> QueryResult<Vec<Transfer>> {
    let ids: Vec<_> = heads.iter().map(|head| head.id).collect();
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let lines: Vec<TransferLine> =
        tl::table.filter(tl::transfer_id.eq_any(&ids)).order((tl::transfer_id, tl::variant_id)).load(conn)?;
    let lots: Vec<LotLine> =
        tlo::table.filter(tlo::transfer_id.eq_any(&ids)).order((tlo::transfer_id, tlo::lot_id)).load(conn)?;
    let of = |head: Head| Transfer {
        lines: lines.iter().filter(|line| line.transfer_id == head.id).copied().collect(),
        lots: lots.iter().filter(|lot| lot.transfer_id == head.id).copied().collect(),
        head,
    };
    Ok(heads.into_iter().map(of).collect())
}

/// Writes a new transfer.
pub fn insert(conn: &mut PgConnection, transfer: &Transfer) -> QueryResult<()> {
    diesel::insert_into(t::table).values(transfer.head.clone()).execute(conn)?;
    insert_lines(conn, transfer)
}

/// Writes a draft anew.
pub fn rewrite(conn: &mut PgConnection, transfer: &Transfer) -> QueryResult<()> {
    let head = &transfer.head;
    diesel::update(t::table.find(head.id))
        .set((
            t::reference.eq(&head.reference),
            t::expected_on.eq(head.expected_on),
            t::version.eq(head.version),
            t::updated_at.eq(head.updated_at),
        ))
        .execute(conn)?;
    diesel::delete(tl::table.filter(tl::transfer_id.eq(head.id))).execute(conn)?;
    insert_lines(conn, transfer)
}

fn insert_lines(conn: &mut PgConnection, transfer: &Transfer) -> QueryResult<()> {
    let row = |line: &TransferLine| {
        (tl::transfer_id.eq(line.transfer_id), tl::variant_id.eq(line.variant_id), tl::requested.eq(line.requested))
    };
    let rows: Vec<_> = transfer.lines.iter().map(row).collect();
    diesel::insert_into(tl::table).values(rows).execute(conn)?;
    Ok(())
}

/// Writes transfers as they are after a step. Their heads are locked.
pub fn save(bulk: &mut Bulk, rows: &[Transfer]) {
    let heads: Vec<_> = rows.iter().map(|row| &row.head).collect();
    bulk.add("saved_transfers", heads.len(), || {
        Statement::new(include_str!("sql/save_transfers.sql"))
            .bind::<Array<SqlUuid>, _>(heads.iter().map(|h| h.id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(heads.iter().map(|h| h.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Bool>, _>(heads.iter().map(|h| h.is_shipped_whole).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(heads.iter().map(|h| h.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(heads.iter().map(|h| h.updated_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(heads.iter().map(|h| h.shipped_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Timestamptz>>, _>(heads.iter().map(|h| h.closed_at).collect::<Vec<_>>())
    });
    let lines: Vec<_> = rows.iter().flat_map(|row| &row.lines).copied().collect();
    let of = |part: fn(&TransferLine) -> i32| lines.iter().map(part).collect::<Vec<_>>();
    bulk.add("saved_transfer_lines", lines.len(), || {
        Statement::new(include_str!("sql/save_lines.sql"))
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.transfer_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lines.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(of(|l| l.shipped))
            .bind::<Array<Integer>, _>(of(|l| l.received))
            .bind::<Array<Integer>, _>(of(|l| l.damaged))
            .bind::<Array<Integer>, _>(of(|l| l.lost))
    });
    let lots: Vec<_> = rows.iter().flat_map(|row| &row.lots).copied().collect();
    let of = |part: fn(&LotLine) -> i32| lots.iter().map(part).collect::<Vec<_>>();
    bulk.add("saved_transfer_lots", lots.len(), || {
        Statement::new(include_str!("sql/save_lots.sql"))
            .bind::<Array<SqlUuid>, _>(lots.iter().map(|l| l.transfer_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lots.iter().map(|l| l.lot_id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(lots.iter().map(|l| l.variant_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(of(|l| l.shipped))
            .bind::<Array<Integer>, _>(of(|l| l.received))
            .bind::<Array<Integer>, _>(of(|l| l.damaged))
            .bind::<Array<Integer>, _>(of(|l| l.lost))
    });
}

crate::text_enum_in_sql!(TransferStatus);

//! Lots and where their units are, as the lanes lock and write them.
mod reads;
mod trace;
use super::LotStatus;
use crate::{
    inventory::{
        lots::model::{LotPiece, Print},
        model::{LevelKey, State},
        schema::lots as l,
    },
    kernel::{LocationId, LotId, SupplierId, Typed, VariantId},
    platform::{
        db::{Bulk, Statement},
        group_commit::Patience,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
pub use reads::{DueLot, LotLocation, due_lots, expiries, lot_by_code, lots_by_id, lots_page, places_of_lots};
use serde::Serialize;
use std::collections::BTreeSet;
pub use trace::{Carried, Reached, carried_by, reached_orders, sent_to_order, uncovered_allocations};
use utoipa::ToSchema;

/// A batch of goods that were made together.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Selectable, Serialize, ToSchema)]
#[diesel(table_name = l)]
pub struct Lot {
    /// Identifies the lot.
    pub id: LotId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// As printed on the pack (GS1 AI 10).
    pub code: String,
    /// The day of manufacture.
    pub made_on: Option<NaiveDate>,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
    /// Period after opening, in months.
    pub pao_months: Option<i32>,
    /// Identifies the supplier.
    pub supplier_id: Option<SupplierId>,
    /// The state that it is in.
    pub status: LotStatus,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Lots by id and by print, locked in order of id; with no patience given, as they stand.
pub fn lock_lots(
    conn: &mut PgConnection,
    ids: &BTreeSet<LotId>,
    prints: &BTreeSet<Print>,
    patience: Option<Patience>,
) -> QueryResult<Vec<Lot>> {
    let sql = match patience {
        Some(Patience::Wait) => concat!(include_str!("sql/lots.sql"), "for no key update of l"),
        Some(Patience::SkipLocked) => concat!(include_str!("sql/lots.sql"), "for no key update of l skip locked"),
        None => include_str!("sql/lots.sql"),
    };
    let (variants, codes): (Vec<_>, Vec<Typed>) = prints.iter().cloned().unzip();
    Statement::new(sql)
        .bind::<Array<SqlUuid>, _>(ids.iter().copied().collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<Text>, _>(codes.into_iter().map(String::from).collect::<Vec<_>>())
        .load(conn)
}

#[derive(QueryableByName)]
struct Lying {
    #[diesel(sql_type = SqlUuid)]
    location_id: LocationId,
    #[diesel(sql_type = Text)]
    condition: String,
    #[diesel(sql_type = Integer)]
    quantity: i32,
    #[diesel(embed)]
    lot: Lot,
}

/// The units of lots at stock rows, and of some lots anywhere.
pub fn lots_of_levels(
    conn: &mut PgConnection,
    level_keys: &[LevelKey],
    whole: &[LotId],
) -> QueryResult<Vec<(LotPiece, i32, Lot)>> {
    let (locations, variants): (Vec<_>, Vec<_>) = level_keys.iter().copied().unzip();
    let rows: Vec<Lying> = Statement::new(include_str!("sql/lots_of_levels.sql"))
        .bind::<Array<SqlUuid>, _>(locations)
        .bind::<Array<SqlUuid>, _>(variants)
        .bind::<Array<SqlUuid>, _>(whole.to_vec())
        .load(conn)?;
    let lying = |row: Lying| {
        let state = State::ALL.iter().copied().find(|state| state.condition() == row.condition)?;
        let piece = LotPiece { location: row.location_id, variant: row.lot.variant_id, lot: row.lot.id, state };
        Some((piece, row.quantity, row.lot))
    };
    Ok(rows.into_iter().filter_map(lying).collect())
}

/// Writes lots that came up in the batch.
pub fn insert_lots(bulk: &mut Bulk, rows: &[Lot]) {
    bulk.add("new_lots", rows.len(), || {
        Statement::new(include_str!("sql/insert_lots.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|lot| lot.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|lot| lot.variant_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|lot| lot.code.clone()).collect::<Vec<_>>())
            .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|lot| lot.made_on).collect::<Vec<_>>())
            .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|lot| lot.expires_on).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(rows.iter().map(|lot| lot.pao_months).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|lot| lot.supplier_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|lot| lot.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|lot| lot.created_at).collect::<Vec<_>>())
    });
}

/// Writes how lots stand after the batch.
pub fn save_lots(bulk: &mut Bulk, rows: &[Lot]) {
    bulk.add("saved_lots", rows.len(), || {
        Statement::new(include_str!("sql/save_lots.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|lot| lot.id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|lot| lot.made_on).collect::<Vec<_>>())
            .bind::<Array<Nullable<Date>>, _>(rows.iter().map(|lot| lot.expires_on).collect::<Vec<_>>())
            .bind::<Array<Nullable<Integer>>, _>(rows.iter().map(|lot| lot.pao_months).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|lot| lot.status.as_str()).collect::<Vec<_>>())
            .bind::<Array<BigInt>, _>(rows.iter().map(|lot| lot.version).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|lot| lot.updated_at).collect::<Vec<_>>())
    });
}

crate::text_enum_in_sql!(LotStatus);

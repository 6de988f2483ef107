//! Units that are set apart because they could not be found.
use crate::{
    inventory::{model::LevelKey, schema::set_apart_units as a},
    kernel::{LocationId, LotId, VariantId},
    platform::db::{Bulk, Statement},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Nullable, Timestamptz, Uuid as SqlUuid},
};

/// Units of a row that are set apart, of one lot or of none.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = a)]
pub struct SetApart {
    pub location_id: LocationId,
    pub variant_id: VariantId,
    pub lot_id: Option<LotId>,
    pub units: i32,
    pub since: DateTime<Utc>,
}

impl SetApart {
    /// The stock row.
    pub fn level_key(&self) -> LevelKey {
        (self.location_id, self.variant_id)
    }
}

/// Those of some rows.
pub fn set_apart_of(conn: &mut PgConnection, level_keys: &[LevelKey]) -> QueryResult<Vec<SetApart>> {
    let locations: Vec<_> = level_keys.iter().map(|level_key| level_key.0).collect();
    let variants: Vec<_> = level_keys.iter().map(|level_key| level_key.1).collect();
    let rows: Vec<SetApart> = a::table
        .filter(a::location_id.eq_any(locations))
        .filter(a::variant_id.eq_any(variants))
        .select(SetApart::as_select())
        .load(conn)?;
    Ok(rows.into_iter().filter(|row| level_keys.contains(&row.level_key())).collect())
}

/// Those of a location that no count has told of yet.
pub fn set_apart_at(conn: &mut PgConnection, location: LocationId) -> QueryResult<Vec<SetApart>> {
    let here = a::table.filter(a::location_id.eq(location)).filter(a::units.gt(0));
    here.order((a::since, a::variant_id)).select(SetApart::as_select()).load(conn)
}

/// Writes how many are set apart after the batch.
pub fn save_set_apart(bulk: &mut Bulk, rows: &[((LevelKey, Option<LotId>), i32)], now: DateTime<Utc>) {
    bulk.add("saved_set_apart", rows.len(), || {
        Statement::new(include_str!("../sql/save_set_apart.sql"))
            .bind::<Timestamptz, _>(now)
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|((level_key, _), _)| level_key.0).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|((level_key, _), _)| level_key.1).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(rows.iter().map(|((_, lot), _)| *lot).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|(_, units)| *units).collect::<Vec<_>>())
    });
}

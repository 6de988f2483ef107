//! Reads of lots.
use super::Lot;
use crate::{
    inventory::{lots::model::LotFilter, schema::lots as l},
    kernel::{LocationId, LotId, PageRequest, Typed, VariantId},
    platform::db::Statement,
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_query,
    sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use std::{collections::HashMap, fmt};
use utoipa::ToSchema;

/// The units of a lot at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema, QueryableByName)]
pub struct LotLocation {
    /// Identifies the location.
    #[diesel(sql_type = SqlUuid)]
    pub location_id: LocationId,
    /// Units that are here and may be sold.
    #[diesel(sql_type = Integer)]
    pub sellable: i32,
    /// Units that are here but damaged.
    #[diesel(sql_type = Integer)]
    pub damaged: i32,
    /// Units that are held for quality control.
    #[diesel(sql_type = Integer)]
    pub quality_hold: i32,
    /// Units that came back and wait for inspection.
    #[diesel(sql_type = Integer)]
    pub returned: i32,
    /// Units past their expiry date.
    #[diesel(sql_type = Integer)]
    pub expired: i32,
}

#[derive(QueryableByName)]
struct Lying {
    #[diesel(sql_type = SqlUuid)]
    lot_id: LotId,
    #[diesel(embed)]
    place: LotLocation,
}

/// The locations of lots, of those one may see.
pub fn places_of_lots(
    conn: &mut PgConnection,
    ids: &[LotId],
    at: Option<Vec<LocationId>>,
) -> QueryResult<Vec<(LotId, LotLocation)>> {
    let rows: Vec<Lying> = sql_query(include_str!("../sql/places_of_lots.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Nullable<Array<SqlUuid>>, _>(at)
        .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.lot_id, row.place)).collect())
}

/// True of lots whose code is the same as the one that follows, however it was written.
const IS_CODE: &str = "upper(normalize(code, NFKC) collate \"C\") = ";

/// A lot by what is printed on it.
pub fn lot_by_code(conn: &mut PgConnection, variant: VariantId, code: &Typed) -> QueryResult<Option<Lot>> {
    l::table
        .filter(l::variant_id.eq(variant))
        .filter(sql::<Bool>(IS_CODE).bind::<Text, _>(code.as_str()))
        .first(conn)
        .optional()
}

/// The days on which lots expire, by variant and code, whoever has them; lots that are not known are missing.
pub fn expiries(
    conn: &mut PgConnection,
    wanted: &[(VariantId, Typed)],
) -> QueryResult<HashMap<(VariantId, Typed), Option<NaiveDate>>> {
    let variants: Vec<_> = wanted.iter().map(|(variant, _)| *variant).collect();
    let codes: Vec<_> = wanted.iter().map(|(_, code)| code.as_str()).collect();
    let is_one =
        sql::<Bool>("upper(normalize(code, NFKC) collate \"C\") = any(").bind::<Array<Text>, _>(codes).sql(")");
    let columns = (l::variant_id, l::code, l::expires_on);
    let rows: Vec<(VariantId, String, Option<NaiveDate>)> =
        l::table.filter(l::variant_id.eq_any(variants)).filter(is_one).select(columns).load(conn)?;
    Ok(rows.into_iter().map(|(variant, code, day)| ((variant, Typed::of(&code)), day)).collect())
}

/// Lots, newest first, at most one more than the page.
pub fn lots_page(conn: &mut PgConnection, filter: &LotFilter, page: &PageRequest<LotId>) -> QueryResult<Vec<Lot>> {
    let mut query = l::table.order(l::id.desc()).limit(page.limit + 1).into_boxed();
    if let Some(after) = page.after {
        query = query.filter(l::id.lt(after));
    }
    if let Some(variant) = filter.variant {
        query = query.filter(l::variant_id.eq(variant));
    }
    if let Some(status) = filter.status {
        query = query.filter(l::status.eq(status));
    }
    if let Some(day) = filter.expires_before {
        query = query.filter(l::expires_on.lt(day));
    }
    if let Some(code) = &filter.code {
        query = query.filter(sql::<Bool>(IS_CODE).bind::<Text, _>(code.as_str()));
    }
    query.load(conn)
}

pub fn lots_by_id(conn: &mut PgConnection, ids: &[LotId]) -> QueryResult<Vec<Lot>> {
    l::table.filter(l::id.eq_any(ids)).order(l::id).load(conn)
}

/// Goods of a lot whose day has come at a location.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct DueLot {
    #[diesel(sql_type = SqlUuid)]
    pub location_id: LocationId,
    #[diesel(sql_type = SqlUuid)]
    pub variant_id: VariantId,
    #[diesel(sql_type = SqlUuid)]
    pub lot_id: LotId,
    /// The day there.
    #[diesel(sql_type = Date)]
    pub today: NaiveDate,
}

impl fmt::Display for DueLot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.lot_id, self.location_id)
    }
}

/// Goods whose day has come, so many at most.
pub fn due_lots(conn: &mut PgConnection, now: DateTime<Utc>, short_days: i32, most: usize) -> QueryResult<Vec<DueLot>> {
    Statement::new(include_str!("../sql/due_lots.sql"))
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(short_days)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX))
        .load(conn)
}

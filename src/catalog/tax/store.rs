//! Rates of tax in PostgreSQL.
use super::model::{NewTaxRate, TaxClass, TaxRate, TaxRates};
use crate::{
    catalog::schema::tax_rates as t,
    kernel::{Error, PageRequest, PrincipalId, Region, Result, TaxRateId},
    platform::db::{Read, Write, remembered},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

crate::text_enum_in_sql!(crate::catalog::tax::model::TaxClass);

#[derive(Queryable)]
struct RateRow {
    id: TaxRateId,
    country: String,
    region: Option<String>,
    tax_class: TaxClass,
    name: String,
    rate_ppm: i32,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    version: i64,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<RateRow> for TaxRate {
    fn from(row: RateRow) -> Self {
        Self {
            id: row.id,
            country: row.country.into(),
            region: row.region.map(Into::into),
            tax_class: row.tax_class,
            name: row.name.into(),
            rate_ppm: row.rate_ppm,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn rates_of(rows: Vec<RateRow>) -> Vec<TaxRate> {
    rows.into_iter().map(TaxRate::from).collect()
}

/// All rates, with how many changes of the catalog are in them.
pub fn all(db: &mut Read) -> Result<TaxRates> {
    let changes = remembered::changes(db)?;
    Ok(TaxRates { rates: rates_of(t::table.order(t::id).load(db.conn())?), changes })
}

/// The numbers of changes of all rates.
pub fn versions(conn: &mut PgConnection) -> QueryResult<Vec<(TaxRateId, i64)>> {
    t::table.order(t::id).select((t::id, t::version)).load(conn)
}

/// The rates of the same country, region and class, locked against others that are set meanwhile.
pub fn of_same(tx: &mut Write, country: &str, region: Option<&str>, class: TaxClass) -> Result<Vec<TaxRate>> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtext('tax_rates'))").execute(tx.conn())?;
    let of_class = t::country.eq(country).and(t::tax_class.eq(class));
    let of_region = t::region.is_not_distinct_from(region);
    Ok(rates_of(t::table.filter(of_class).filter(of_region).order(t::id).load(tx.conn())?))
}

/// Adds a rate.
pub fn insert(tx: &mut Write, new: &NewTaxRate, by: PrincipalId) -> Result<TaxRate> {
    let now = tx.now();
    let row = (
        t::id.eq(TaxRateId::new()),
        t::country.eq(new.country.as_str()),
        t::region.eq(new.region.as_ref().map(Region::as_str)),
        t::tax_class.eq(new.tax_class),
        t::name.eq(&*new.name),
        t::rate_ppm.eq(new.rate_ppm),
        t::starts_at.eq(new.starts_at),
        t::ends_at.eq(new.ends_at),
        t::created_by.eq(by),
        t::created_at.eq(now),
        t::updated_at.eq(now),
    );
    Ok(diesel::insert_into(t::table).values(row).get_result::<RateRow>(tx.conn())?.into())
}

/// A rate, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: TaxRateId) -> Result<TaxRate> {
    diesel::sql_query("select pg_advisory_xact_lock(hashtext('tax_rates'))").execute(tx.conn())?;
    let row: Option<RateRow> = t::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    row.map(TaxRate::from).ok_or_else(|| Error::not_found("tax rate"))
}

/// Writes down when a rate ends.
pub fn set_end(tx: &mut Write, id: TaxRateId, ends_at: Option<DateTime<Utc>>) -> Result<TaxRate> {
    let now = tx.now();
    let ended = (t::ends_at.eq(ends_at), t::version.eq(t::version + 1), t::updated_at.eq(now));
    Ok(diesel::update(t::table.find(id)).set(ended).get_result::<RateRow>(tx.conn())?.into())
}

/// A rate.
pub fn by_id(conn: &mut PgConnection, id: TaxRateId) -> Result<TaxRate> {
    let row: Option<RateRow> = t::table.find(id).first(conn).optional()?;
    row.map(TaxRate::from).ok_or_else(|| Error::not_found("tax rate"))
}

/// A rate's place in the list: by country, then id.
pub type TaxRateKey = (String, TaxRateId);

/// A page of rates, of one country or all.
pub fn page(
    conn: &mut PgConnection,
    country: Option<&str>,
    page: &PageRequest<TaxRateKey>,
) -> QueryResult<Vec<TaxRate>> {
    let mut query = t::table.order((t::country, t::id)).limit(page.limit + 1).into_boxed();
    if let Some(country) = country {
        query = query.filter(t::country.eq(country));
    }
    if let Some((country, id)) = &page.after {
        query = query.filter(t::country.gt(country).or(t::country.eq(country).and(t::id.gt(id))));
    }
    Ok(rates_of(query.load(conn)?))
}

/// Deletes a rate with which nothing was sold.
pub fn delete(tx: &mut Write, id: TaxRateId) -> QueryResult<()> {
    diesel::delete(t::table.find(id)).execute(tx.conn())?;
    Ok(())
}

//! Changes of prices in PostgreSQL.
use super::rules::DatedPrice;
use crate::{
    catalog::schema::{bundle_components as b, price_changes as c, prices, variants as v},
    kernel::{Channel, Currency, PrincipalId, Result, VariantId},
    platform::db::{Statement, Write},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Uuid as SqlUuid},
};

/// A price of a variant, by where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceOf {
    pub variant: VariantId,
    pub channel: Channel,
    pub currency: Currency,
}

/// A change of a price; amounts are minor units.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct PriceChange {
    pub amount_before: Option<i64>,
    pub amount_after: Option<i64>,
    pub changed_by: Option<PrincipalId>,
    pub changed_at: DateTime<Utc>,
}

/// Puts a change of a variant that is locked on record; one that changes nothing is none.
pub fn record(tx: &mut Write, of: PriceOf, after: Option<i64>, by: PrincipalId) -> Result<()> {
    let now = tx.now();
    let before = current(tx.conn(), of)?;
    if before == after {
        return Ok(());
    }
    // A transaction that began earlier may come later: its change has not been before the one that it replaces.
    let latest = changes(tx.conn(), of, 1)?.pop().map_or(now, |latest| latest.changed_at);
    let row = (
        c::variant_id.eq(of.variant),
        c::channel.eq(of.channel),
        c::currency.eq(of.currency.code()),
        c::amount_before.eq(before),
        c::amount_after.eq(after),
        c::changed_by.eq(Some(by)),
        c::changed_at.eq(now.max(latest)),
    );
    diesel::insert_into(c::table).values(row).execute(tx.conn())?;
    Ok(())
}

fn current(conn: &mut PgConnection, of: PriceOf) -> QueryResult<Option<i64>> {
    let key = (of.variant, of.channel, of.currency.code());
    prices::table.find(key).select(prices::amount_minor).first(conn).optional()
}

#[derive(QueryableByName)]
struct BundleRow {
    #[diesel(sql_type = SqlUuid)]
    bundle_id: VariantId,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Text)]
    currency: String,
    #[diesel(sql_type = BigInt)]
    sum_minor: i64,
}

/// The bundles that cost the sum of their parts and have one of these, by id.
pub fn summed_with(conn: &mut PgConnection, parts: &[VariantId]) -> QueryResult<Vec<VariantId>> {
    let with: Vec<VariantId> = b::table.filter(b::component_id.eq_any(parts)).select(b::bundle_id).load(conn)?;
    if with.is_empty() {
        return Ok(vec![]);
    }
    v::table.filter(v::id.eq_any(with).and(v::sum_discount_ppm.is_not_null())).order(v::id).select(v::id).load(conn)
}

/// The prices of the parts of bundles added up, in minor units, where all parts have one.
pub fn sums(conn: &mut PgConnection, bundles: &[VariantId]) -> Result<Vec<(PriceOf, i64)>> {
    let rows: Vec<BundleRow> =
        Statement::new(include_str!("sql/sums.sql")).bind::<Array<SqlUuid>, _>(bundles.to_vec()).load(conn)?;
    let sum = |row: BundleRow| {
        let channel = row.channel.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        let currency = row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        Ok((PriceOf { variant: row.bundle_id, channel, currency }, row.sum_minor))
    };
    rows.into_iter().map(sum).collect()
}

/// Takes a price away; false if there is none.
pub fn delete(tx: &mut Write, of: PriceOf) -> Result<bool> {
    let key = (of.variant, of.channel, of.currency.code());
    Ok(diesel::delete(prices::table.find(key)).execute(tx.conn())? > 0)
}

/// The prices of variants at each of their changes, by variant, channel and currency, the newest first.
pub fn changes_of(conn: &mut PgConnection, variants: &[VariantId]) -> Result<Vec<(PriceOf, DatedPrice)>> {
    type Row = (VariantId, Channel, String, Option<i64>, DateTime<Utc>);
    let rows: Vec<Row> = c::table
        .filter(c::variant_id.eq_any(variants))
        .order((c::variant_id, c::channel, c::currency, c::id.desc()))
        .select((c::variant_id, c::channel, c::currency, c::amount_after, c::changed_at))
        .load(conn)?;
    let dated = |(variant, channel, currency, amount_minor, since): Row| {
        let currency = currency.parse().map_err(|e: String| anyhow::anyhow!(e))?;
        Ok((PriceOf { variant, channel, currency }, DatedPrice { amount_minor, since }))
    };
    rows.into_iter().map(dated).collect()
}

/// The amounts of a price, the newest first.
pub fn dated(conn: &mut PgConnection, of: PriceOf) -> QueryResult<Vec<DatedPrice>> {
    let changes = changes(conn, of, i64::MAX)?.into_iter();
    Ok(changes.map(|one| DatedPrice { amount_minor: one.amount_after, since: one.changed_at }).collect())
}

/// The changes of a price, the newest first.
pub fn changes(conn: &mut PgConnection, of: PriceOf, most: i64) -> QueryResult<Vec<PriceChange>> {
    let it = c::variant_id.eq(of.variant).and(c::channel.eq(of.channel)).and(c::currency.eq(of.currency.code()));
    c::table
        .filter(it)
        .order(c::id.desc())
        .limit(most)
        .select((c::amount_before, c::amount_after, c::changed_by, c::changed_at))
        .load(conn)
}

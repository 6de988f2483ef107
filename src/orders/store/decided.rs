//! Why orders are filled from where they are, and what parcels cost.
use super::choices::Decision;
use crate::{
    kernel::{OrderId, Result, words::Channel},
    orders::schema::{orders, orders as o, shipping_rates as rates, sourcing_decisions, sourcing_decisions as d},
    platform::db::{Bulk, Statement, Write},
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

diesel::allow_tables_to_appear_in_same_query!(orders, sourcing_decisions);

type Row = (OrderId, i32, String, Value, Value, String, DateTime<Utc>, Value, Option<String>);

fn decision(row: Row) -> Result<Decision> {
    let (order_id, attempt, strategy, candidates, parts, reason, decided_at, wanted, country) = row;
    Ok(Decision {
        order_id,
        attempt,
        strategy: strategy.parse().map_err(|_| anyhow::anyhow!("an unknown strategy: {strategy}"))?,
        candidates: serde_json::from_value(candidates).context("reading candidates")?,
        parts: serde_json::from_value(parts).context("reading parts")?,
        reason,
        decided_at,
        wanted: serde_json::from_value(wanted).context("reading what was wanted")?,
        country,
    })
}

/// Why an order is filled from where it is, in order of time.
pub fn decisions_of(conn: &mut PgConnection, id: OrderId) -> Result<Vec<Decision>> {
    let rows: Vec<Row> = d::table.filter(d::order_id.eq(id)).order(d::attempt).load(conn)?;
    rows.into_iter().map(decision).collect()
}

/// First decisions about orders of a time, the newest first, so many at most.
pub fn first_decisions(
    conn: &mut PgConnection,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    channel: Option<Channel>,
    most: i64,
) -> Result<Vec<Decision>> {
    let mut query = d::table.filter(d::attempt.eq(1)).filter(d::decided_at.ge(from)).into_boxed();
    query = query.filter(d::decided_at.lt(to)).order((d::decided_at.desc(), d::order_id)).limit(most);
    if let Some(channel) = channel {
        query = query.filter(d::order_id.eq_any(o::table.filter(o::channel.eq(channel)).select(o::id)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(decision).collect()
}

/// Writes why orders are filled from where they are.
pub fn insert_decisions(bulk: &mut Bulk, rows: &[Decision]) -> Result<()> {
    let json = |value: serde_json::Result<Value>| value.map_err(anyhow::Error::from);
    let candidates: Vec<_> =
        rows.iter().map(|row| json(serde_json::to_value(&row.candidates))).collect::<Result<_, _>>()?;
    let parts: Vec<_> = rows.iter().map(|row| json(serde_json::to_value(&row.parts))).collect::<Result<_, _>>()?;
    bulk.add("new_sourcing_decisions", rows.len(), || {
        Statement::new(include_str!("../sql/insert_decisions.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.attempt).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.strategy.as_str()).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(candidates)
            .bind::<Array<Jsonb>, _>(parts)
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.reason.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.decided_at).collect::<Vec<_>>())
            .bind::<Array<Jsonb>, _>(rows.iter().map(|row| serde_json::json!(row.wanted)).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.country.clone()).collect::<Vec<_>>())
    });
    Ok(())
}

/// What a parcel costs from one country to another; `**` stands for any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Insertable, ToSchema)]
#[diesel(table_name = rates)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// ISO 3166-1 alpha-2, or `**`.
    #[schema(pattern = "^([A-Z]{2}|[*]{2})$")]
    pub from_country: String,
    /// ISO 3166-1 alpha-2, or `**`.
    #[schema(pattern = "^([A-Z]{2}|[*]{2})$")]
    pub to_country: String,
    /// In minor units of the brand's own currency.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub parcel_minor: i64,
    /// For each unit in it.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unit_minor: i64,
}

/// All rates.
pub fn rates(conn: &mut PgConnection) -> QueryResult<Vec<Rate>> {
    rates::table.order((rates::from_country, rates::to_country)).load(conn)
}

/// Puts other rates in place of all.
pub fn put_rates(tx: &mut Write, rows: &[Rate]) -> Result<()> {
    diesel::delete(rates::table).execute(tx.conn())?;
    diesel::insert_into(rates::table).values(rows).execute(tx.conn())?;
    Ok(())
}

//! Why orders are filled from where they are, and what parcels cost.
use super::split::Candidate;
use crate::{
    kernel::{Channel, OrderId, Result},
    orders::{
        schema::{orders, orders as o, shipping_rates as rates, sourcing_decisions, sourcing_decisions as d},
        store::{SourcedPart, SourcingDecision},
    },
    platform::{
        db::{Bulk, Statement, Write},
        packed::{Packed, pack},
    },
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

diesel::allow_tables_to_appear_in_same_query!(orders, sourcing_decisions);

/// The part of a decision that is kept packed.
#[derive(Serialize, Deserialize)]
struct Weighed<C = Vec<Candidate>, P = Vec<SourcedPart>, W = Vec<i32>> {
    candidates: C,
    parts: P,
    wanted: W,
}

/// A decision in the table: packed, or in the columns of before.
#[derive(Queryable, Selectable)]
#[diesel(table_name = d)]
struct Row {
    order_id: OrderId,
    attempt: i32,
    strategy: String,
    candidates: Option<Value>,
    parts: Option<Value>,
    reason: String,
    decided_at: DateTime<Utc>,
    wanted: Option<Value>,
    country: Option<String>,
    packed: Option<Packed>,
}

fn decision(row: Row) -> Result<SourcingDecision> {
    let Row { order_id, attempt, strategy, candidates, parts, reason, decided_at, wanted, country, packed } = row;
    let plain = || {
        let plain = json!({ "candidates": candidates, "parts": parts, "wanted": wanted });
        serde_json::from_value(plain).context("reading a decision")
    };
    let weighed: Weighed = packed.map_or_else(plain, |packed| packed.json())?;
    Ok(SourcingDecision {
        order_id,
        attempt,
        strategy: strategy.parse().map_err(|_| anyhow::anyhow!("an unknown strategy: {strategy}"))?,
        candidates: weighed.candidates,
        parts: weighed.parts,
        reason,
        decided_at,
        wanted: weighed.wanted,
        country,
    })
}

/// Why an order is filled from where it is, in order of time.
pub fn decisions_of(conn: &mut PgConnection, id: OrderId) -> Result<Vec<SourcingDecision>> {
    let rows: Vec<Row> = d::table.filter(d::order_id.eq(id)).order(d::attempt).load(conn)?;
    rows.into_iter().map(decision).collect()
}

/// First decisions about orders of a time, the newest first, so many at most.
pub fn first_decisions(
    conn: &mut PgConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    channel: Option<Channel>,
    most: i64,
) -> Result<Vec<SourcingDecision>> {
    let mut query = d::table.filter(d::attempt.eq(1)).filter(d::decided_at.ge(from)).into_boxed();
    query = query.filter(d::decided_at.lt(to)).order((d::decided_at.desc(), d::order_id)).limit(most);
    if let Some(channel) = channel {
        query = query.filter(d::order_id.eq_any(o::table.filter(o::channel.eq(channel)).select(o::id)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(decision).collect()
}

/// Deletes at most `most` decisions of before a time.
pub fn delete_decisions(conn: &mut PgConnection, before: DateTime<Utc>, most: i64) -> QueryResult<usize> {
    let some = Statement::new(include_str!("sql/delete_decisions.sql"));
    some.bind::<Timestamptz, _>(before).bind::<BigInt, _>(most).execute(conn)
}

/// Writes why orders are filled from where they are.
pub fn insert_decisions(bulk: &mut Bulk, rows: &[SourcingDecision]) -> Result<()> {
    let weighed = |row: &SourcingDecision| {
        let SourcingDecision { candidates, parts, wanted, .. } = row;
        let json = serde_json::to_string(&Weighed { candidates, parts, wanted });
        json.map(|json| pack(&json)).map_err(anyhow::Error::from)
    };
    let weighed = rows.iter().map(weighed).collect::<Result<Vec<_>, _>>()?;
    bulk.add("new_sourcing_decisions", rows.len(), || {
        Statement::new(include_str!("sql/insert_decisions.sql"))
            .bind::<Array<SqlUuid>, _>(rows.iter().map(|row| row.order_id).collect::<Vec<_>>())
            .bind::<Array<Integer>, _>(rows.iter().map(|row| row.attempt).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.strategy.as_str()).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(rows.iter().map(|row| row.reason.clone()).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(rows.iter().map(|row| row.decided_at).collect::<Vec<_>>())
            .bind::<Array<Nullable<Text>>, _>(rows.iter().map(|row| row.country.clone()).collect::<Vec<_>>())
            .bind::<Array<Binary>, _>(weighed)
    });
    Ok(())
}

/// The price of a parcel from one country to another; `**` stands for any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Queryable, Insertable, ToSchema)]
#[diesel(table_name = rates)]
#[serde(deny_unknown_fields)]
pub struct ShippingRate {
    /// ISO 3166-1 alpha-2, or `**`.
    #[schema(pattern = "^([A-Z]{2}|[*]{2})$")]
    pub from_country: String,
    /// ISO 3166-1 alpha-2, or `**`.
    #[schema(pattern = "^([A-Z]{2}|[*]{2})$")]
    pub to_country: String,
    /// In minor units of the book currency.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub parcel_minor: i64,
    /// For each unit in it.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unit_minor: i64,
}

/// All rates.
pub fn rates(conn: &mut PgConnection) -> QueryResult<Vec<ShippingRate>> {
    rates::table.order((rates::from_country, rates::to_country)).load(conn)
}

/// Puts other rates in place of all.
pub fn put_rates(tx: &mut Write, rows: &[ShippingRate]) -> Result<()> {
    diesel::delete(rates::table).execute(tx.conn())?;
    diesel::insert_into(rates::table).values(rows).execute(tx.conn())?;
    Ok(())
}

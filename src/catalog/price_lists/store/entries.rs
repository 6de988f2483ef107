//! The prices of lists in PostgreSQL.
use super::lists;
use crate::{
    catalog::{
        price_lists::model::{ListPrice, ListPriceRecord, PriceList},
        schema::{list_prices as p, variants},
    },
    kernel::{ListPriceId, PageRequest, PriceListId, PrincipalId, Result, VariantId},
    platform::db::{Statement, Write},
};
use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Array, Bool, Nullable, Timestamptz, Uuid as SqlUuid},
};
use std::{collections::HashMap, sync::Arc};

/// A price of a list as it stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = p)]
pub struct Entry {
    pub id: ListPriceId,
    pub price_list_id: PriceListId,
    pub variant_id: VariantId,
    pub min_quantity: i32,
    pub amount_minor: i64,
    pub compare_at_minor: Option<i64>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    pub created_by: PrincipalId,
    pub created_at: DateTime<Utc>,
    pub ended_by: Option<PrincipalId>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Entry {
    /// The same as clients read it.
    pub fn record(self, sku: String) -> ListPriceRecord {
        ListPriceRecord {
            id: self.id,
            variant_id: self.variant_id,
            sku,
            min_quantity: self.min_quantity,
            amount_minor: self.amount_minor,
            compare_at_minor: self.compare_at_minor,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            created_by: self.created_by,
            created_at: self.created_at,
            ended_by: self.ended_by,
            withdrawn_at: self.withdrawn_at,
        }
    }
}

/// The prices of variants in a list that hold at a moment or later.
pub fn standing(tx: &mut Write, list: PriceListId, of: &[VariantId], after: DateTime<Utc>) -> QueryResult<Vec<Entry>> {
    p::table
        .filter(p::price_list_id.eq(list).and(p::variant_id.eq_any(of)).and(p::withdrawn_at.is_null()))
        .filter(p::ends_at.is_null().or(p::ends_at.gt(after)))
        .order(p::id)
        .load(tx.conn())
}

/// A price of a list.
pub fn entry(tx: &mut Write, list: PriceListId, id: ListPriceId) -> QueryResult<Option<Entry>> {
    p::table.find(id).filter(p::price_list_id.eq(list)).first(tx.conn()).optional()
}

/// Writes down when prices end, or that they never began, and who decided it.
pub fn end(tx: &mut Write, entries: &[&Entry]) -> QueryResult<()> {
    let statement = Statement::new(include_str!("../sql/end_prices.sql"))
        .bind::<Array<SqlUuid>, _>(entries.iter().map(|entry| entry.id).collect::<Vec<_>>())
        .bind::<Array<Nullable<Timestamptz>>, _>(entries.iter().map(|entry| entry.ends_at).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(entries.iter().map(|entry| entry.ended_by).collect::<Vec<_>>())
        .bind::<Array<Nullable<Timestamptz>>, _>(entries.iter().map(|entry| entry.withdrawn_at).collect::<Vec<_>>());
    statement.execute(tx.conn())?;
    Ok(())
}

/// Adds prices.
pub fn insert(tx: &mut Write, entries: &[Entry]) -> QueryResult<()> {
    diesel::insert_into(p::table).values(entries).execute(tx.conn())?;
    Ok(())
}

/// A price's place in the list: by id.
pub type EntryKey = (ListPriceId, ListPriceId);

/// The prices of a list that are listed: of a variant or all, with those that are over or not.
#[derive(Debug, Clone, Copy)]
pub struct EntryFilter {
    pub list: PriceListId,
    pub variant: Option<VariantId>,
    /// Only those that hold then or later; all if none.
    pub after: Option<DateTime<Utc>>,
}

/// A page of prices in the order in which they were set.
pub fn page(
    conn: &mut PgConnection,
    of: EntryFilter,
    page: &PageRequest<EntryKey>,
) -> QueryResult<Vec<ListPriceRecord>> {
    let mut query = p::table
        .inner_join(variants::table.on(variants::id.eq(p::variant_id)))
        .filter(p::price_list_id.eq(of.list))
        .order(p::id)
        .limit(page.limit + 1)
        .select((Entry::as_select(), variants::sku))
        .into_boxed();
    if let Some(variant) = of.variant {
        query = query.filter(p::variant_id.eq(variant));
    }
    if let Some(after) = of.after {
        query = query.filter(p::withdrawn_at.is_null()).filter(p::ends_at.is_null().or(p::ends_at.gt(after)));
    }
    if let Some((_, id)) = page.after {
        query = query.filter(p::id.gt(id));
    }
    let rows: Vec<(Entry, String)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(entry, sku)| entry.record(sku)).collect())
}

/// The prices of variants in all lists that hold, will hold, or ended in the last 35 days: a till may tell late of a
/// sale.
pub fn remembered(conn: &mut PgConnection, of: &[VariantId]) -> Result<Vec<ListPrice>> {
    let entries = p::table
        .filter(p::variant_id.eq_any(of).and(p::withdrawn_at.is_null()))
        .filter(p::ends_at.is_null().or(sql::<Bool>("ends_at > now() - interval '35 days'")))
        .order(p::id)
        .load(conn)?;
    with_lists(conn, entries)
}

/// The prices of variants in all lists that hold at a moment or later, by variant, list and number of units.
pub fn of_variants(conn: &mut PgConnection, of: &[VariantId], after: DateTime<Utc>) -> Result<Vec<ListPrice>> {
    let entries = p::table
        .filter(p::variant_id.eq_any(of).and(p::withdrawn_at.is_null()))
        .filter(p::ends_at.is_null().or(p::ends_at.gt(after)))
        .order((p::variant_id, p::price_list_id, p::min_quantity, p::starts_at))
        .load(conn)?;
    with_lists(conn, entries)
}

/// All prices of a variant in lists, whenever they held.
pub fn ever(conn: &mut PgConnection, of: VariantId) -> Result<Vec<ListPrice>> {
    let entries = p::table.filter(p::variant_id.eq(of).and(p::withdrawn_at.is_null())).order(p::id).load(conn)?;
    with_lists(conn, entries)
}

fn with_lists(conn: &mut PgConnection, entries: Vec<Entry>) -> Result<Vec<ListPrice>> {
    if entries.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<_> = entries.iter().map(|entry| entry.price_list_id).collect();
    let lists = lists::by_id(conn, &ids)?.into_iter();
    let lists: HashMap<_, Arc<PriceList>> = lists.map(|list| (list.id, Arc::new(list))).collect();
    let price = |entry: Entry| {
        Some(ListPrice {
            list: lists.get(&entry.price_list_id)?.clone(),
            variant_id: entry.variant_id,
            min_quantity: entry.min_quantity,
            amount_minor: entry.amount_minor,
            compare_at_minor: entry.compare_at_minor,
            starts_at: entry.starts_at,
            ends_at: entry.ends_at,
        })
    };
    Ok(entries.into_iter().filter_map(price).collect())
}

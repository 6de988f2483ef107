//! Price lists in PostgreSQL.
use crate::{
    catalog::{
        price_lists::model::{AppliesTo, NewPriceList, PriceList},
        schema::{list_prices as p, price_lists as l},
    },
    kernel::{Code, Country, Error, LocationId, PageRequest, PriceListId, Result},
    platform::db::{Json, Read, Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{Array, Nullable, Text, Uuid as SqlUuid},
};

/// A row as it stands in the table.
#[derive(Queryable)]
pub(super) struct ListRow {
    id: PriceListId,
    code: String,
    name: String,
    currency: String,
    applies_to: Json<AppliesTo>,
    priority: i32,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    tax_included: bool,
}

impl TryFrom<ListRow> for PriceList {
    type Error = Error;
    fn try_from(row: ListRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name,
            currency: row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?,
            tax_included: row.tax_included,
            applies_to: row.applies_to.0,
            priority: row.priority,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

fn lists_of(rows: Vec<ListRow>) -> Result<Vec<PriceList>> {
    rows.into_iter().map(PriceList::try_from).collect()
}

/// A price list's place in the list of all: by code.
pub type PriceListKey = (String, PriceListId);

/// Adds a price list; its code is unique.
pub fn insert(tx: &mut Write, new: NewPriceList) -> Result<PriceList> {
    let now = tx.now();
    let list = PriceList {
        id: PriceListId::new(),
        code: new.code.as_str().to_owned(),
        name: new.name.into(),
        currency: new.currency,
        tax_included: new.tax_included,
        applies_to: new.applies_to,
        priority: new.priority,
        starts_at: new.starts_at.unwrap_or(now),
        ends_at: new.ends_at,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = (
        l::id.eq(list.id),
        l::code.eq(&list.code),
        l::name.eq(&list.name),
        l::currency.eq(list.currency.code()),
        l::applies_to.eq(Json(&list.applies_to)),
        l::priority.eq(list.priority),
        l::starts_at.eq(list.starts_at),
        l::ends_at.eq(list.ends_at),
        l::created_at.eq(now),
        l::updated_at.eq(now),
        l::tax_included.eq(list.tax_included),
    );
    let done = diesel::insert_into(l::table).values(row).execute(tx.conn());
    done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "price_lists_code_key") {
        true => Error::at(Code::PriceListCodeTaken, "/code", format!("a price list has the code {}", list.code)),
        false => error.into(),
    })?;
    Ok(list)
}

/// The locations among these that do not exist.
pub fn unknown_locations(tx: &mut Write, ids: &[LocationId]) -> Result<Vec<LocationId>> {
    #[derive(QueryableByName)]
    struct Unknown {
        #[diesel(sql_type = SqlUuid)]
        id: LocationId,
    }
    let query = sql_query("select id from unknown_locations($1) as u (id)").bind::<Array<SqlUuid>, _>(ids);
    Ok(query.load::<Unknown>(tx.conn())?.into_iter().map(|row| row.id).collect())
}

/// The country of a location; none if there is no such location.
pub fn country_of(db: &mut Read, id: LocationId) -> Result<Option<Country>> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = Nullable<Text>)]
        country: Option<String>,
    }
    let query = sql_query("select country_of_location($1) as country").bind::<SqlUuid, _>(id);
    Ok(query.get_result::<Found>(db.conn())?.country.and_then(|country| country.parse().ok()))
}

/// A price list, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: PriceListId) -> Result<PriceList> {
    let row: Option<ListRow> = l::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    row.ok_or_else(|| Error::not_found("price list"))?.try_into()
}

/// The price list with a code, locked until the transaction ends.
pub fn lock_named(tx: &mut Write, code: &str) -> Result<Option<PriceList>> {
    let row: Option<ListRow> = l::table.filter(l::code.eq(code)).for_no_key_update().first(tx.conn()).optional()?;
    row.map(PriceList::try_from).transpose()
}

/// Writes a changed price list over the one that was locked.
pub fn save(tx: &mut Write, list: &PriceList) -> Result<()> {
    let changed = (
        l::name.eq(&list.name),
        l::priority.eq(list.priority),
        l::ends_at.eq(list.ends_at),
        l::version.eq(list.version),
        l::updated_at.eq(list.updated_at),
    );
    diesel::update(l::table.find(list.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// Deletes a price list that never held, with its prices.
pub fn delete(tx: &mut Write, id: PriceListId) -> QueryResult<()> {
    diesel::delete(p::table.filter(p::price_list_id.eq(id))).execute(tx.conn())?;
    diesel::delete(l::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Price lists by id.
pub fn by_id(conn: &mut PgConnection, ids: &[PriceListId]) -> Result<Vec<PriceList>> {
    lists_of(l::table.filter(l::id.eq_any(ids)).order(l::id).load(conn)?)
}

/// A page of the price lists, by code.
pub fn page(conn: &mut PgConnection, page: &PageRequest<PriceListKey>) -> Result<Vec<PriceList>> {
    let mut query = l::table.order(l::code).limit(page.limit + 1).into_boxed();
    if let Some((code, _)) = &page.after {
        query = query.filter(l::code.gt(code));
    }
    lists_of(query.load(conn)?)
}

/// The versions of price lists.
pub fn versions_of(conn: &mut PgConnection, ids: &[PriceListId]) -> QueryResult<Vec<(PriceListId, i64)>> {
    l::table.filter(l::id.eq_any(ids)).select((l::id, l::version)).load(conn)
}

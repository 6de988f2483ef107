//! Shipping methods in PostgreSQL.
use super::model::{NewShippingMethod, ShippingMethod, ShippingMethods, ShippingZone};
use crate::{
    catalog::{schema::shipping_methods as s, tax::TaxClass},
    kernel::{Channel, Code, Currency, Error, Page, PageRequest, PrincipalId, Result, ShippingMethodId},
    platform::db::{Json, Read, Write, remembered as changes, violated},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::sync::Arc;

/// A row as it stands in the table.
#[derive(Queryable, Insertable)]
#[diesel(table_name = s)]
struct MethodRow {
    id: ShippingMethodId,
    code: String,
    name: String,
    currency: String,
    channels: Json<Vec<Channel>>,
    zones: Json<Vec<ShippingZone>>,
    carries_dangerous_goods: bool,
    tax_class: TaxClass,
    refund_rate_ppm: i32,
    is_default: bool,
    min_days: Option<i32>,
    max_days: Option<i32>,
    retired_at: Option<DateTime<Utc>>,
    version: i64,
    created_by: PrincipalId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<MethodRow> for ShippingMethod {
    type Error = Error;
    fn try_from(row: MethodRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            code: row.code,
            name: row.name,
            currency: row.currency.parse().map_err(|e: String| anyhow::anyhow!(e))?,
            channels: row.channels.0,
            zones: row.zones.0,
            carries_dangerous_goods: row.carries_dangerous_goods,
            tax_class: row.tax_class,
            refund_rate_ppm: row.refund_rate_ppm,
            is_default: row.is_default,
            min_days: row.min_days,
            max_days: row.max_days,
            retired_at: row.retired_at,
            version: row.version,
            created_by: row.created_by,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// Adds a shipping method; its code is unique.
pub fn insert(tx: &mut Write, new: &NewShippingMethod, by: PrincipalId) -> Result<ShippingMethod> {
    let now = tx.now();
    let row = MethodRow {
        id: ShippingMethodId::new(),
        code: new.code.as_str().to_owned(),
        name: new.name.to_string(),
        currency: new.currency.code().to_owned(),
        channels: Json(new.channels.clone()),
        zones: Json(new.zones.clone()),
        carries_dangerous_goods: new.carries_dangerous_goods,
        tax_class: new.tax_class,
        refund_rate_ppm: new.refund_rate_ppm,
        is_default: new.is_default,
        min_days: new.min_days,
        max_days: new.max_days,
        retired_at: None,
        version: 1,
        created_by: by,
        created_at: now,
        updated_at: now,
    };
    let done = diesel::insert_into(s::table).values(row).get_result::<MethodRow>(tx.conn());
    let code = new.code.as_str();
    let row = done.map_err(|error| match violated(&error).is_some_and(|it| it.0 == "shipping_methods_code_key") {
        true => Error::at(Code::ShippingMethodCodeTaken, "/code", format!("a shipping method has the code {code}")),
        false => error.into(),
    });
    row?.try_into()
}

/// A shipping method, locked until the transaction ends.
pub fn lock(tx: &mut Write, id: ShippingMethodId) -> Result<ShippingMethod> {
    let row: Option<MethodRow> = s::table.find(id).for_no_key_update().first(tx.conn()).optional()?;
    row.ok_or_else(|| Error::not_found("shipping method"))?.try_into()
}

/// Writes a changed method over the one that was locked.
pub fn save(tx: &mut Write, method: &ShippingMethod) -> Result<()> {
    let changed = (
        s::name.eq(&method.name),
        s::channels.eq(Json(method.channels.clone())),
        s::zones.eq(Json(method.zones.clone())),
        s::carries_dangerous_goods.eq(method.carries_dangerous_goods),
        s::tax_class.eq(method.tax_class),
        s::refund_rate_ppm.eq(method.refund_rate_ppm),
        s::is_default.eq(method.is_default),
        s::min_days.eq(method.min_days),
        s::max_days.eq(method.max_days),
        s::retired_at.eq(method.retired_at),
        s::version.eq(method.version),
        s::updated_at.eq(method.updated_at),
    );
    diesel::update(s::table.find(method.id)).set(changed).execute(tx.conn())?;
    Ok(())
}

/// The method that is the default of a currency, locked.
pub fn lock_default(tx: &mut Write, currency: Currency) -> Result<Option<ShippingMethod>> {
    let is_it = s::currency.eq(currency.code()).and(s::is_default).and(s::retired_at.is_null());
    let row: Option<MethodRow> = s::table.filter(is_it).for_no_key_update().first(tx.conn()).optional()?;
    row.map(ShippingMethod::try_from).transpose()
}

/// A shipping method.
pub fn by_id(conn: &mut PgConnection, id: ShippingMethodId) -> Result<ShippingMethod> {
    let row: Option<MethodRow> = s::table.find(id).first(conn).optional()?;
    row.ok_or_else(|| Error::not_found("shipping method"))?.try_into()
}

/// A method's place in the list of all: by code.
pub type ShippingMethodKey = (String, ShippingMethodId);

/// A page of the methods, by code.
pub fn shipping_methods(db: &mut Read, page: &PageRequest<ShippingMethodKey>) -> Result<Page<ShippingMethod>> {
    let mut query = s::table.order(s::code).limit(page.limit + 1).into_boxed();
    if let Some((code, _)) = &page.after {
        query = query.filter(s::code.gt(code));
    }
    let rows: Vec<MethodRow> = query.load(db.conn())?;
    Ok(Page::of(rows.into_iter().map(ShippingMethod::try_from).collect::<Result<_>>()?, page.limit))
}

/// All methods, with how many changes of the catalog are in them.
pub fn all(db: &mut Read) -> Result<ShippingMethods> {
    let changes = changes::changes(db)?;
    let rows: Vec<MethodRow> = s::table.order(s::code).load(db.conn())?;
    let list: Vec<_> = rows.into_iter().map(|row| Ok(Arc::new(row.try_into()?))).collect::<Result<_>>()?;
    Ok(ShippingMethods { list, changes })
}

/// The numbers of changes of all methods, by code.
pub fn versions(conn: &mut PgConnection) -> QueryResult<Vec<(ShippingMethodId, i64)>> {
    s::table.order(s::code).select((s::id, s::version)).load(conn)
}

//! Suppliers in PostgreSQL.
use crate::{
    inventory::purchasing::{model::NewSupplier, schema::suppliers as s},
    kernel::{Code, Error, PageRequest, Result, SupplierId},
    platform::db::{Write, violated},
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

/// Someone from whom goods are bought.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, Serialize, ToSchema)]
#[diesel(table_name = s)]
pub struct Supplier {
    /// Identifies the supplier.
    pub id: SupplierId,
    /// A short code that people use, unique.
    pub code: String,
    /// The name that people read.
    pub name: String,
    /// Days until goods that are ordered arrive.
    pub lead_days: i32,
    /// Units that an order must have at least.
    pub minimum_units: i32,
    /// True if anything may still be ordered.
    pub is_active: bool,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// Adds a supplier; the code is unique.
pub fn insert_supplier(tx: &mut Write, new: &NewSupplier) -> Result<Supplier> {
    let now = tx.now();
    let row = Supplier {
        id: SupplierId::new(),
        code: new.code.clone(),
        name: new.name.clone(),
        lead_days: new.lead_days,
        minimum_units: new.minimum_units,
        is_active: true,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(s::table).values(row.clone()).execute(tx.conn()).map_err(|error| match violated(&error) {
        Some(constraint) if constraint.0.starts_with("suppliers_code") => {
            Error::refused(Code::SupplierCodeTaken, format!("the supplier code {} is in use", new.code))
        }
        _ => error.into(),
    })?;
    Ok(row)
}

pub fn lock_supplier(conn: &mut PgConnection, id: SupplierId) -> QueryResult<Option<Supplier>> {
    s::table.find(id).for_no_key_update().first(conn).optional()
}

pub fn save_supplier(conn: &mut PgConnection, row: &Supplier) -> QueryResult<usize> {
    diesel::update(s::table.find(row.id))
        .set((
            s::name.eq(&row.name),
            s::lead_days.eq(row.lead_days),
            s::minimum_units.eq(row.minimum_units),
            s::is_active.eq(row.is_active),
            s::version.eq(row.version),
            s::updated_at.eq(row.updated_at),
        ))
        .execute(conn)
}

pub fn suppliers(conn: &mut PgConnection, page: &PageRequest<String>) -> QueryResult<Vec<Supplier>> {
    let mut query = s::table.order(s::code).limit(page.limit + 1).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(s::code.gt(after));
    }
    query.load(conn)
}

pub fn suppliers_by_id(conn: &mut PgConnection, ids: &[SupplierId]) -> QueryResult<Vec<Supplier>> {
    s::table.filter(s::id.eq_any(ids)).order(s::id).load(conn)
}

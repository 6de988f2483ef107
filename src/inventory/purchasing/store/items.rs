//! The assortments of suppliers in PostgreSQL.
use crate::{
    inventory::purchasing::schema::supplier_items as i,
    kernel::{Code, Error, PageRequest, Result, SupplierId, VariantId},
    platform::db::violated,
};
use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};

/// A variant that a supplier delivers, and on which terms.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = i)]
pub struct SupplierItem {
    pub supplier_id: SupplierId,
    pub variant_id: VariantId,
    /// The supplier's own number for it.
    pub supplier_sku: Option<String>,
    /// It is delivered in multiples of so many units.
    pub pack_size: i32,
    /// Units that a line of an order must have at least.
    pub minimum_units: i32,
    /// Days until it arrives; those of the supplier, if it has none of its own.
    pub lead_days: Option<i32>,
    pub unit_cost_minor: Option<i64>,
    pub currency: Option<String>,
    /// True for the supplier from whom it is bought first.
    pub is_preferred: bool,
    /// True while it may still be bought there.
    pub is_active: bool,
    pub version: i64,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The terms of some suppliers for some variants.
pub fn items_of(
    conn: &mut PgConnection,
    suppliers: &[SupplierId],
    variants: &[VariantId],
) -> QueryResult<Vec<SupplierItem>> {
    i::table
        .filter(i::supplier_id.eq_any(suppliers).and(i::variant_id.eq_any(variants)))
        .order((i::variant_id, i::supplier_id))
        .load(conn)
}

/// A variant of a supplier, locked until the transaction ends.
pub fn lock_item(conn: &mut PgConnection, key: (SupplierId, VariantId)) -> QueryResult<Option<SupplierItem>> {
    i::table.find(key).for_no_key_update().first(conn).optional()
}

/// Writes a variant of a supplier; a preferred one takes the place of the one before.
pub fn save_item(conn: &mut PgConnection, row: &SupplierItem) -> Result<()> {
    if row.is_preferred && row.is_active {
        let others = i::variant_id.eq(row.variant_id).and(i::supplier_id.ne(row.supplier_id)).and(i::is_preferred);
        diesel::update(i::table.filter(others))
            .set((i::is_preferred.eq(false), i::version.eq(i::version + 1), i::updated_at.eq(row.updated_at)))
            .execute(conn)?;
    }
    let done = diesel::insert_into(i::table)
        .values(row.clone())
        .on_conflict((i::supplier_id, i::variant_id))
        .do_update()
        .set((
            i::supplier_sku.eq(excluded(i::supplier_sku)),
            i::pack_size.eq(excluded(i::pack_size)),
            i::minimum_units.eq(excluded(i::minimum_units)),
            i::lead_days.eq(excluded(i::lead_days)),
            i::unit_cost_minor.eq(excluded(i::unit_cost_minor)),
            i::currency.eq(excluded(i::currency)),
            i::is_preferred.eq(excluded(i::is_preferred)),
            i::is_active.eq(excluded(i::is_active)),
            i::version.eq(excluded(i::version)),
            i::updated_at.eq(excluded(i::updated_at)),
        ))
        .execute(conn);
    done.map(|_| ()).map_err(|error| match violated(&error) {
        Some(constraint) if constraint.0 == "supplier_items_preferred_key" => {
            Error::refused(Code::Conflict, "another supplier has just become the preferred one; try again")
        }
        _ => error.into(),
    })
}

/// A choice of what suppliers deliver.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    pub supplier: Option<SupplierId>,
    pub variant: Option<VariantId>,
    /// With this number of the supplier's.
    pub supplier_sku: Option<String>,
}

/// The assortments of suppliers, in order of supplier and variant, at most one more than the page.
pub fn items(
    conn: &mut PgConnection,
    filter: &ItemFilter,
    page: &PageRequest<(SupplierId, VariantId)>,
) -> QueryResult<Vec<SupplierItem>> {
    let mut query = i::table.order((i::supplier_id, i::variant_id)).limit(page.limit + 1).into_boxed();
    if let Some(supplier) = filter.supplier {
        query = query.filter(i::supplier_id.eq(supplier));
    }
    if let Some(variant) = filter.variant {
        query = query.filter(i::variant_id.eq(variant));
    }
    if let Some(sku) = &filter.supplier_sku {
        query = query.filter(i::supplier_sku.eq(sku));
    }
    if let Some((supplier, variant)) = page.after {
        let later = i::supplier_id.eq(supplier).and(i::variant_id.gt(variant));
        query = query.filter(i::supplier_id.gt(supplier).or(later));
    }
    query.load(conn)
}

//! Suppliers: from whom goods are bought, and on which terms.
use super::store::{self, Supplier};
use crate::{
    inventory::purchasing::model::NewSupplier,
    kernel::{Error, Result, SupplierId, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded, write_once},
    },
};

/// The changes of a supplier; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct SupplierChange {
    pub name: Option<String>,
    pub lead_days: Option<i32>,
    pub minimum_units: Option<i32>,
    pub is_active: Option<bool>,
}

/// Adds a supplier.
pub(super) async fn create(db: &Db, caller: Caller, new: NewSupplier) -> Result<Recorded<Supplier>> {
    let Caller { actor, key, .. } = caller;
    actor.require_everywhere(Permission::SuppliersWrite)?;
    write_once(db, actor, Permission::SuppliersWrite, key, move |tx, _| {
        let supplier = store::insert_supplier(tx, &new)?;
        Ok(Outcome::created(supplier.id, supplier.version, None, supplier))
    })
    .await
}

/// Changes a supplier's terms, or whether anything is bought there.
pub(super) async fn change(
    db: &Db,
    caller: Caller,
    id: SupplierId,
    change: SupplierChange,
) -> Result<Recorded<Supplier>> {
    let Caller { actor, key, expected } = caller;
    actor.require_everywhere(Permission::SuppliersWrite)?;
    write_once(db, actor, Permission::SuppliersWrite, key, move |tx, _| {
        let found = store::lock_supplier(tx.conn(), id)?.ok_or_else(|| Error::not_found("supplier"))?;
        expected.check("the supplier", found.version)?;
        let change = change.clone();
        let supplier = Supplier {
            name: change.name.unwrap_or(found.name),
            lead_days: change.lead_days.unwrap_or(found.lead_days),
            minimum_units: change.minimum_units.unwrap_or(found.minimum_units),
            is_active: change.is_active.unwrap_or(found.is_active),
            version: found.version + 1,
            updated_at: tx.now(),
            ..found
        };
        store::save_supplier(tx.conn(), &supplier)?;
        Ok(Outcome::changed(supplier.version, None, supplier))
    })
    .await
}

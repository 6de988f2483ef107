//! New shipping methods.
use super::{
    model::{NewShippingMethod, ShippingMethod},
    store,
};
use crate::{
    catalog::{cache::Catalog, events},
    kernel::{Currency, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Makes a shipping method; a default one takes the place of the one before it.
pub async fn create(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    new: NewShippingMethod,
) -> Result<Recorded<ShippingMethod>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            if new.is_default {
                replace_default(tx, new.currency)?;
            }
            let method = store::insert(tx, &new, by)?;
            events::shipping_method_changed(tx, &method)?;
            Ok(Outcome::created(method.id, method.version, None, method))
        })
        .await
}

/// The default of a currency is one no more.
pub(super) fn replace_default(tx: &mut Write, currency: Currency) -> Result<()> {
    let Some(before) = store::lock_default(tx, currency)? else { return Ok(()) };
    let after = ShippingMethod { is_default: false, version: before.version + 1, updated_at: tx.now(), ..before };
    store::save(tx, &after)?;
    events::shipping_method_changed(tx, &after)
}

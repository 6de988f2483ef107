//! Withdrawing a price.
use super::{
    store::{self as changes, PriceOf},
    summed,
};
use crate::{
    catalog::{
        cache::Catalog,
        events,
        read::{self, VariantView},
        store,
    },
    kernel::{Error, Result, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Takes the price of a variant in a channel and currency away: it is not sold there any more.
pub async fn withdraw(db: &Db, catalog: &Catalog, caller: Caller, of: PriceOf) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let id = of.variant;
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            found.require_own_prices()?;
            changes::record(tx, of, None, by)?;
            if !changes::delete(tx, of)? {
                return Err(Error::not_found("price"));
            }
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::price_withdrawn(tx, variant.version, of)?;
            summed::follow(tx, &[id], by)?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

//! Withdrawing a price.
use super::store::{self as changes, PriceOf};
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
        events::{Subject, publish},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Takes the price of a variant in a channel and currency away: it is not sold there any more.
pub async fn withdraw(db: &Db, catalog: &Catalog, caller: Caller, of: PriceOf) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    let by = actor.id;
    catalog
        .write(db, actor, Permission::PricesWrite, key, move |tx| {
            let PriceOf { variant: id, channel, currency } = of;
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            changes::record(tx, of, None, by)?;
            if !changes::delete(tx, of)? {
                return Err(Error::not_found("price"));
            }
            let variant = store::touch_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            let subject = Subject { aggregate: "variant", id: id.0, version: variant.version, location: None };
            publish(tx, subject, &events::PriceWithdrawn { variant_id: id, channel, currency })?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

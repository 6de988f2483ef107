//! Changing what describes a product or variant; only the version that was read may be changed.
use super::{
    cache::Catalog,
    events,
    groups::assign,
    model::{ProductChange, VariantChange},
    read, store,
};
use crate::{
    catalog::read::{ProductView, VariantView},
    kernel::{Error, ProductId, Result, VariantId, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Changes a product.
pub async fn product(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    change: ProductChange,
) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            let named = change.brand.as_ref().and_then(Option::as_ref);
            let category = change.category_id.flatten();
            let brand = assign::checked(tx, found.category, named.map(|name| &**name), category)?;
            let product = store::change_product(tx, id, &change, brand.as_ref())?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// Changes a variant.
pub async fn variant(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: VariantId,
    change: VariantChange,
) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            let variant = store::change_variant(tx, id, &change)?;
            store::touch_product(tx, variant.product_id)?;
            events::variant_changed(tx, &variant)?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

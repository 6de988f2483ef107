//! New products and variants.
use super::{
    cache::Catalog,
    events,
    model::{NewPrice, NewProduct, NewVariant},
    read::{self, ProductView, VariantView},
    store::{self, Variant},
};
use crate::{
    kernel::{Error, Money, ProductId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Makes a product with its first variants.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewProduct) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, .. } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let product = store::insert_product(tx, &new)?;
            events::product_changed(tx, &product)?;
            for variant in &new.variants {
                add(tx, product.id, variant)?;
            }
            let view: ProductView = read::product_view(tx, product.id)?;
            Ok(Outcome::created(product.id, product.version, None, view))
        })
        .await
}

/// Adds a variant to a product that is still sold.
pub async fn add_variant(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    product: ProductId,
    new: NewVariant,
) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, .. } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_product(tx.conn(), product)?.ok_or_else(|| Error::not_found("product"))?;
            found.require_sold()?;
            let variant = add(tx, product, &new)?;
            store::touch_product(tx, product)?;
            let view: VariantView = read::variant_view(tx, variant.id)?;
            Ok(Outcome::created(variant.id, variant.version, None, view))
        })
        .await
}

fn add(tx: &mut Write, product: ProductId, new: &NewVariant) -> Result<Variant> {
    let variant = store::insert_variant(tx, product, new)?;
    for price in &new.prices {
        let NewPrice { channel, currency, amount_minor } = *price;
        store::set_price(tx, variant.id, channel, Money::new(amount_minor, currency)?)?;
    }
    events::variant_changed(tx, &variant)?;
    Ok(variant)
}

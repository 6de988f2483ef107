//! Taking products and variants off sale, and bringing them back. Nothing is deleted: history refers to them.
use super::{cache::Catalog, classification::Status, events, read, store};
use crate::{
    catalog::read::{ProductView, VariantView},
    kernel::{Code, Error, ProductId, Result, VariantId, actor::Permission},
    platform::{
        db::Db,
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Retires a product and all its variants.
pub async fn product(db: &Db, catalog: &Catalog, caller: Caller, id: ProductId) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            found.require_sold()?;
            for variant in store::retire_variants_of(tx, id)? {
                events::variant_changed(tx, &variant)?;
            }
            let product = store::retire_product(tx, id)?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// Retires a variant.
pub async fn variant(db: &Db, catalog: &Catalog, caller: Caller, id: VariantId) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            if found.status == Status::Retired {
                return Err(Error::refused(Code::VariantRetired, format!("{} is retired already", found.sku)));
            }
            let variant = store::retire_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::variant_changed(tx, &variant)?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

/// Brings a product back, with the variants that were retired with it.
pub async fn reinstate_product(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            if found.status == Status::Active {
                return Err(Error::refused(Code::NotRetired, format!("{} is not retired", found.name)));
            }
            let variants = found.retired_at.map(|at| store::reinstate_variants_of(tx, id, at)).transpose()?;
            for variant in variants.unwrap_or_default() {
                events::variant_changed(tx, &variant)?;
            }
            let product = store::reinstate_product(tx, id)?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// Brings a variant back, of a product that is sold.
pub async fn reinstate_variant(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: VariantId,
) -> Result<Recorded<VariantView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_variant(tx.conn(), id)?.ok_or_else(|| Error::not_found("variant"))?;
            expected.check("the variant", found.version)?;
            if found.status == Status::Active {
                return Err(Error::refused(Code::NotRetired, format!("{} is not retired", found.sku)));
            }
            let product =
                store::lock_product(tx.conn(), found.product_id)?.ok_or_else(|| Error::not_found("product"))?;
            product.require_sold()?;
            let variant = store::reinstate_variant(tx, id)?;
            store::touch_product(tx, variant.product_id)?;
            events::variant_changed(tx, &variant)?;
            Ok(Outcome::changed(variant.version, None, read::variant_view(tx, id)?))
        })
        .await
}

impl super::store::Product {
    pub(super) fn require_sold(&self) -> Result<()> {
        match self.status {
            Status::Active => Ok(()),
            Status::Retired => Err(Error::refused(Code::ProductRetired, format!("{} is retired", self.name))),
        }
    }
}

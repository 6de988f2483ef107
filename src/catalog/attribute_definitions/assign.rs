//! Setting the attributes of a product.
use super::{rules, store, values::Attributes};
use crate::{
    catalog::{
        cache::Catalog,
        events, groups,
        read::{self, ProductView},
        store as products,
    },
    kernel::{Error, ProductId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Puts other attributes in place of all of a product; refused with each that is not defined for it or has a value
/// that its definition does not allow.
pub async fn put(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    attributes: Attributes,
) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = products::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            let kept = checked(tx, &found, &attributes)?;
            let product = store::set_attributes(tx, id, kept)?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// The attributes of a product as they are kept; refused where they do not fit it. Definitions stay until the
/// transaction ends.
pub fn checked(tx: &mut Write, product: &products::Product, attributes: &Attributes) -> Result<Attributes> {
    let codes: Vec<_> = attributes.keys().cloned().collect();
    let definitions = store::kept(tx.conn(), &codes)?;
    let above = match product.category_id {
        Some(category) => groups::store::upwards(tx.conn(), category)?,
        None => vec![],
    };
    let categories: Vec<_> = above.into_iter().map(|group| group.id).collect();
    rules::checked(&definitions, product, &categories, attributes)
}

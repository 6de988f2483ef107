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
            check(tx, &found, &attributes)?;
            let product = store::assign(tx, id, attributes.clone())?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// Refuses attributes that do not fit a product, by definitions that stay until the transaction ends.
pub fn check(tx: &mut Write, product: &products::Product, attributes: &Attributes) -> Result<()> {
    let definitions = store::all_kept(tx.conn())?;
    let above = match product.category_id {
        Some(category) => groups::store::upwards(tx.conn(), category)?,
        None => vec![],
    };
    let categories: Vec<_> = above.into_iter().map(|group| group.id).collect();
    rules::check(&definitions, product, &categories, attributes)
}

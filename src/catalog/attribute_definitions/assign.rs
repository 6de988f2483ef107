//! Setting the attributes of a product.
use super::{rules, store, values::Attributes};
use crate::{
    catalog::{
        cache::Catalog,
        content::edit::edit,
        groups,
        read::ProductView,
        store::{self as products, Product},
    },
    kernel::{ProductId, Result},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Recorded},
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
    edit(db, catalog, caller, id, move |tx, product| {
        let kept = checked(tx, product, &attributes)?;
        products::keep_attributes(tx.conn(), id, kept)?;
        Ok(())
    })
    .await
}

/// The attributes of a product as they are kept; refused where they do not fit it. Definitions stay until the
/// transaction ends.
pub fn checked(tx: &mut Write, product: &Product, attributes: &Attributes) -> Result<Attributes> {
    let codes: Vec<_> = attributes.keys().cloned().collect();
    let definitions = store::kept(tx.conn(), &codes)?;
    let above = match product.category_id {
        Some(category) => groups::store::upwards(tx.conn(), category)?,
        None => vec![],
    };
    let categories: Vec<_> = above.into_iter().map(|group| group.id).collect();
    rules::checked(&definitions, product, &categories, attributes)
}

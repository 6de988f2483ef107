//! Changing brands, categories and collections; only the version that was read may be changed.
use super::{
    create::categories_above,
    model::{GroupChange, GroupKind},
    rules,
    store::{self, Group},
};
use crate::{
    catalog::{cache::Catalog, events, read, store as products},
    kernel::{Code, Error, Faults, GroupId, ProductId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};
use std::collections::{BTreeSet, HashSet};

/// A group of a kind.
#[derive(Debug, Clone, Copy)]
pub struct GroupRef {
    pub kind: GroupKind,
    pub id: GroupId,
}

/// Changes a group; the products of a brand bear its new name at once.
pub async fn change(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    of: GroupRef,
    change: GroupChange,
) -> Result<Recorded<Group>> {
    let Caller { actor, key, expected } = caller;
    let GroupRef { kind, id } = of;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let before = store::lock(tx.conn(), kind, id)?.ok_or_else(|| Error::not_found(kind.as_str()))?;
            expected.check(kind.as_str(), before.version)?;
            let after = changed(tx, &before, &change)?;
            store::save(tx, &after)?;
            if kind == GroupKind::Brand && after.name != before.name {
                store::rename_brand(tx, &after)?;
            }
            events::group_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

fn changed(tx: &mut Write, before: &Group, change: &GroupChange) -> Result<Group> {
    let mut after = before.clone();
    if let Some(parent) = change.parent {
        store::lock_tree(tx.conn())?;
        let above = parent.map(|parent| categories_above(tx, parent)).transpose()?.unwrap_or_default();
        rules::require_parent(Some(before), &above, store::levels_below(tx.conn(), before.id)?)?;
        after.parent_id = parent;
    }
    if let Some(name) = &change.name {
        (after.name, after.name_key) = (name.to_string(), name.to_lowercase());
    }
    if let Some(slug) = &change.slug {
        slug.as_str().clone_into(&mut after.slug);
    }
    if let Some(description) = &change.description {
        after.description = description.as_deref().map(str::to_owned);
    }
    after.position = change.position.unwrap_or(after.position);
    (after.version, after.updated_at) = (before.version + 1, tx.now());
    Ok(after)
}

/// Puts other products in place of all of a collection, in this order; refused with each that is unknown or named
/// twice.
pub async fn put_products(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: GroupId,
    ids: Vec<ProductId>,
) -> Result<Recorded<Group>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let kind = GroupKind::Collection;
            let before = store::lock(tx.conn(), kind, id)?.ok_or_else(|| Error::not_found(kind.as_str()))?;
            expected.check(kind.as_str(), before.version)?;
            require_known(tx, &ids)?;
            let earlier = store::products_in(tx.conn(), id)?;
            store::put_products(tx.conn(), id, &ids)?;
            // In one order, so that two collections that are set at once do not wait for each other in a circle.
            let touched: BTreeSet<_> = earlier.iter().chain(&ids).copied().collect();
            let kept = |product: &&ProductId| earlier.contains(product) && ids.contains(product);
            for product in touched.iter().filter(|product| !kept(product)) {
                products::touch_product(tx, *product)?;
            }
            let after = Group { version: before.version + 1, updated_at: tx.now(), ..before };
            store::save(tx, &after)?;
            events::group_changed(tx, &after)?;
            Ok(Outcome::changed(after.version, None, after))
        })
        .await
}

fn require_known(tx: &mut Write, ids: &[ProductId]) -> Result<()> {
    let known: HashSet<_> = read::products_by_id(tx, ids)?.into_iter().map(|product| product.id).collect();
    let (mut seen, mut faults) = (HashSet::new(), Faults::default());
    for (at, id) in ids.iter().enumerate() {
        let pointer = format!("/product_ids/{at}");
        if !known.contains(id) {
            faults.add(Code::UnknownProduct, &pointer, format!("there is no product {id}"));
        } else if !seen.insert(id) {
            faults.add(Code::InvalidBody, &pointer, format!("the product {id} is named twice"));
        }
    }
    faults.require_none()
}

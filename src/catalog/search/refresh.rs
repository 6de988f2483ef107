//! The documents of products that have changed are written anew.
use super::{documents, store};
use crate::{
    catalog::{attribute_definitions, groups, price_lists, read},
    kernel::{Result, VariantId},
    platform::db::{Db, Write},
};
use std::collections::HashMap;

/// Products in one transaction at most.
const TOGETHER: i64 = 500;

/// Writes the documents of all products that have changed, and returns of how many. One instance does it at a time.
pub async fn refresh(db: &Db) -> Result<usize> {
    let mut all = 0;
    while db.read(|db| store::has_stale(db.conn()).map_err(Into::into)).await? {
        match db.write(some).await? {
            0 => break,
            done => all += done,
        }
    }
    Ok(all)
}

fn some(tx: &mut Write) -> Result<usize> {
    if !store::lock_documents(tx.conn())? {
        return Ok(0);
    }
    let ids = store::take_stale(tx.conn(), TOGETHER)?;
    let products = read::products_by_id(tx, &ids)?;
    let views: Vec<_> = read::with_variants(tx, products)?.into_iter().map(documents::sold).collect();
    let groups = groups::store::named_by(tx.conn(), &ids)?;
    let groups: HashMap<_, _> = groups.into_iter().map(|group| (group.id, group)).collect();
    let definitions = attribute_definitions::all(tx)?;
    let passages: Vec<_> = views.iter().flat_map(|view| documents::passages(view, &groups, &definitions)).collect();
    let variants: Vec<_> = views.iter().flat_map(|view| &view.variants).map(|one| one.variant.id).collect();
    let mut list_prices = HashMap::<_, Vec<_>>::new();
    for price in price_lists::remembered(tx.conn(), &variants)? {
        list_prices.entry(price.variant_id).or_default().push(price);
    }
    let facts: Vec<_> =
        views.into_iter().map(|view| documents::facts(view, &groups, &definitions, &list_prices)).collect();
    store::write(tx.conn(), passages, &facts)?;
    Ok(ids.len())
}

/// Writes the units that each variant has sold lately in place of those before, forgets words that no
/// document has any more, and returns of how many products the sales changed;
/// none if another instance writes documents at the moment.
pub fn count_sales(tx: &mut Write, sold: Vec<(VariantId, i64)>) -> Result<Option<usize>> {
    match store::lock_documents(tx.conn())? {
        true => {
            store::forget_words(tx.conn())?;
            Ok(Some(store::count_sales(tx.conn(), sold)?))
        }
        false => Ok(None),
    }
}

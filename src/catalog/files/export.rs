//! Rows of the catalog on their way out, a page at a time. Each has the columns that an import of its kind reads.
use super::{kinds::CatalogRows, store};
use crate::{
    catalog::{
        groups::store as groups,
        price_lists,
        read::{ProductView, VariantView, with_variants},
        store::{prices_of, variants_by_id},
    },
    kernel::{GroupId, ProductId, Result, VariantId},
    platform::db::Read,
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Products or variants in a page.
const PAGE: i64 = 500;

/// Some rows, and the place after which the next ones are.
#[derive(Debug)]
pub struct CatalogPage {
    pub rows: Vec<Value>,
    /// None if there are no more.
    pub next: Option<Uuid>,
}

/// The rows after a place, in the order in which products and variants were made.
pub fn export(db: &mut Read, kind: CatalogRows, after: Option<Uuid>, now: DateTime<Utc>) -> Result<CatalogPage> {
    if kind == CatalogRows::Prices {
        let ids = store::variants_after(db.conn(), after.map(VariantId), PAGE)?;
        return Ok(CatalogPage { rows: prices(db, &ids, now)?, next: next(ids.iter().map(|id| id.0)) });
    }
    let products = store::products_after(db.conn(), after.map(ProductId), PAGE)?;
    let next = next(products.iter().map(|product| product.id.0));
    let categories = categories(db, products.iter().filter_map(|product| product.category_id).collect())?;
    let views = with_variants(db, products)?;
    let rows = views.iter().map(|view| match kind {
        CatalogRows::Translations => translations(view),
        CatalogRows::Media => media(view),
        CatalogRows::Products | CatalogRows::Prices => variants(view, &categories),
    });
    Ok(CatalogPage { rows: rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect(), next })
}

/// The last of a page that is full.
fn next(ids: impl ExactSizeIterator<Item = Uuid>) -> Option<Uuid> {
    let is_full = i64::try_from(ids.len()).is_ok_and(|count| count == PAGE);
    ids.last().filter(|_| is_full)
}

fn categories(db: &mut Read, ids: Vec<GroupId>) -> Result<HashMap<GroupId, String>> {
    let found = groups::by_id(db.conn(), &ids)?;
    Ok(found.into_iter().map(|group| (group.id, group.slug)).collect())
}

/// A record with the columns of its kind, and no others.
fn row(columns: &[&str], records: &[&Value]) -> Value {
    let cell = |name: &&str| records.iter().find_map(|record| record.get(*name)).cloned().unwrap_or(Value::Null);
    Value::Object(columns.iter().map(|name| ((*name).to_owned(), cell(name))).collect::<Map<_, _>>())
}

fn as_json(record: impl Serialize) -> Result<Value> {
    Ok(serde_json::to_value(record).context("a record is JSON")?)
}

fn variants(view: &ProductView, categories: &HashMap<GroupId, String>) -> Result<Vec<Value>> {
    let product = &view.product;
    let category = product.category_id.and_then(|id| categories.get(&id));
    let of_product = json!({
        "product": product.slug, "category_slug": category, "product_status": product.status, "product_id": product.id,
    });
    let columns = [CatalogRows::Products.columns().read, CatalogRows::Products.columns().told].concat();
    let product = as_json(product)?;
    let one = |variant: Option<&VariantView>| {
        // The status and the id of a variant are its own.
        let own = variant.map(|view| json!({ "status": view.variant.status, "variant_id": view.variant.id }));
        let own = own.unwrap_or_else(|| json!({ "status": null }));
        let variant = variant.map(|view| as_json(&view.variant)).transpose()?.unwrap_or_default();
        Ok(row(&columns, &[&own, &of_product, &variant, &product]))
    };
    match view.variants.is_empty() {
        true => Ok(vec![one(None)?]),
        false => view.variants.iter().map(|variant| one(Some(variant))).collect(),
    }
}

fn translations(view: &ProductView) -> Result<Vec<Value>> {
    let of_product = json!({ "product": view.product.slug });
    let one = |text| Ok(row(CatalogRows::Translations.columns().read, &[&of_product, &as_json(text)?]));
    view.translations.iter().map(one).collect()
}

fn media(view: &ProductView) -> Result<Vec<Value>> {
    let of_variant = |id| view.variants.iter().find(|one| one.variant.id == id).map(|one| &one.variant.sku);
    let one = |media: &crate::catalog::content::Media| {
        let of_product = json!({ "product": view.product.slug, "sku": media.variant_id.and_then(of_variant) });
        Ok(row(CatalogRows::Media.columns().read, &[&of_product, &as_json(media)?]))
    };
    view.media.iter().map(one).collect()
}

/// The prices of channels and those of lists that hold or will hold. Bundles that cost the sum of their parts have none
/// that could be read again.
fn prices(db: &mut Read, ids: &[VariantId], now: DateTime<Utc>) -> Result<Vec<Value>> {
    let variants = variants_by_id(db.conn(), ids)?;
    let own: Vec<_> = variants.iter().filter(|one| one.sum_discount_ppm.is_none()).map(|one| one.id).collect();
    let skus: HashMap<_, _> = variants.into_iter().map(|one| (one.id, one.sku)).collect();
    let columns = CatalogRows::Prices.columns().read;
    let sku = |id| json!({ "sku": skus.get(&id) });
    let mut rows = vec![];
    for price in prices_of(db.conn(), &own)? {
        rows.push(row(columns, &[&sku(price.variant_id), &as_json(price)?]));
    }
    for price in price_lists::of_variants(db.conn(), ids, now)? {
        let list = json!({
            "price_list": price.list.code, "currency": price.list.currency,
            "tax_included": price.list.tax_included, "min_quantity": price.min_quantity,
            "amount_minor": price.amount_minor, "compare_at_minor": price.compare_at_minor,
            "starts_at": price.starts_at, "ends_at": price.ends_at,
        });
        rows.push(row(columns, &[&sku(price.variant_id), &list]));
    }
    Ok(rows)
}

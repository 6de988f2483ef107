//! A row of products, done.
use super::{
    changes,
    known::{Done, KnownProducts},
};
use crate::{
    catalog::{
        attribute_definitions::{self, Attributes},
        classification::{Category, Status},
        content::Publication,
        events,
        files::{
            rows::{ProductRow, refuse},
            store::category_named,
        },
        groups::{Group, assign},
        model::{NewProduct, ProductChange, VariantChange},
        store::{self, Product, Variant},
        tax::TaxClass,
    },
    kernel::{Code, Error, Result},
    platform::db::{Json, Write},
};

/// Makes or changes the product and the variant of a row. Nothing is done where all of it is so already.
pub fn work(tx: &mut Write, known: &KnownProducts, row: ProductRow) -> Result<Done> {
    if row.sku.is_none() && row.is_of_variant() {
        return refuse("sku is missing or empty, but the row says something of a variant");
    }
    let variant = row.sku.as_ref().and_then(|sku| known.variant(sku.key()));
    let found = product_of(known, &row, variant)?;
    let mut done = match found {
        Some(product) => change(tx, known, &row, product)?,
        None => make(tx, &row)?,
    };
    let product = done.product.clone().or_else(|| found.cloned());
    let Some(product) = product else { return Ok(done) };
    let sells_product = row.product_status.unwrap_or(product.status);
    if product.status == Status::Retired && sells_product == Status::Active {
        reinstate_product(tx, &product, &mut done)?;
    }
    let is_sold = sells_product == Status::Active;
    match variant {
        Some(variant) => change_variant(tx, (&row, is_sold), variant, &mut done)?,
        None => add_variant(tx, row, (&product, is_sold), &mut done)?,
    }
    if product.status == Status::Active && !is_sold {
        retire_product(tx, &product, &mut done)?;
    }
    Ok(done)
}

/// The product that a row names by its slug or by a SKU of it; none if it is to be made.
fn product_of<'a>(
    known: &'a KnownProducts,
    row: &ProductRow,
    variant: Option<&'a Variant>,
) -> Result<Option<&'a Product>> {
    let of_variant = variant.and_then(|variant| known.product_of(variant));
    match (&row.product, of_variant) {
        (None, Some(product)) => Ok(Some(product)),
        (Some(slug), Some(product)) if product.slug.as_deref() == Some(slug.as_str()) => Ok(Some(product)),
        (Some(slug), Some(product)) => {
            let theirs = product.slug.as_deref().unwrap_or(&product.name);
            refuse(format!("{} is a variant of {theirs}, not of {slug}", variant.map_or("it", |v| &v.sku)))
        }
        (Some(slug), None) => Ok(known.product(slug.as_str())),
        (None, None) => match &row.sku {
            Some(sku) => refuse(format!("there is no SKU {sku}: a new variant needs the slug of its product")),
            None => refuse("a row names a product by its slug, a variant by its SKU, or both"),
        },
    }
}

fn make(tx: &mut Write, row: &ProductRow) -> Result<Done> {
    let Some(slug) = row.product.clone() else { return refuse("product is missing or empty") };
    let (Some(name), Some(category)) = (row.name.clone(), row.category) else {
        return refuse(format!("there is no product {slug}: a new one needs name and category"));
    };
    let brand = row.brand.clone().flatten();
    let group = category_of(tx, row, category)?;
    let found = assign::checked(tx, category, brand.as_deref(), None)?;
    changes::require_months(row.pao_months.flatten())?;
    let new = NewProduct {
        name,
        brand,
        description: row.description.clone().flatten(),
        category,
        category_id: group.as_ref().map(|group| group.id),
        slug: None,
        inci: row.inci.clone().flatten(),
        pao_months: row.pao_months.flatten(),
        tax_class: row.tax_class.unwrap_or(TaxClass::Standard),
        publications: row.publications.clone().flatten(),
        attributes: Attributes::default(),
        variants: vec![],
    };
    Publication::check(new.publications.as_deref().unwrap_or_default())?;
    let mut product = store::insert_product(tx, &new, found.as_ref(), slug.as_str())?;
    if let Some(said) = row.attributes.as_ref().filter(|said| !said.is_empty()) {
        let kept = attribute_definitions::checked(tx, &product, said)?;
        store::keep_attributes(tx.conn(), product.id, kept.clone())?;
        product.attributes = Json(kept);
    }
    events::product_changed(tx, &product)?;
    Ok(Done { product: Some(product), is_made: true, category: group, variants: vec![] })
}

/// The category below a kind of product that a row names.
fn category_of(tx: &mut Write, row: &ProductRow, kind: Category) -> Result<Option<Group>> {
    let Some(slug) = row.category_slug.as_ref().and_then(Option::as_ref) else { return Ok(None) };
    let unknown = || Error::refused(Code::UnknownCategory, format!("{kind} has no category {slug}"));
    Ok(Some(category_named(tx.conn(), kind, slug.as_str())?.ok_or_else(unknown)?))
}

fn change(tx: &mut Write, known: &KnownProducts, row: &ProductRow, is: &Product) -> Result<Done> {
    if let Some(kind) = row.category.filter(|kind| *kind != is.category) {
        return refuse(format!("the category of {} is {} and never changes to {kind}", is.name, is.category));
    }
    let mut wanted = changes::of_product(row, is)?;
    let mut category = None;
    if changes::moves_category(row, is, known) {
        category = category_of(tx, row, is.category)?;
        wanted.category_id = Some(category.as_ref().map(|group| group.id));
    }
    let mut product = None;
    if wanted != ProductChange::default() {
        let named = wanted.brand.as_ref().and_then(Option::as_ref);
        let brand = assign::checked(tx, is.category, named.map(|name| &**name), None)?;
        let changed = store::change_product(tx, is.id, &wanted, brand.as_ref())?;
        events::product_changed(tx, &changed)?;
        product = Some(changed);
    }
    if let Some(published) = publish(tx, row, is)? {
        product = Some(published);
    }
    if let Some(described) = describe(tx, row, product.as_ref().unwrap_or(is))? {
        product = Some(described);
    }
    Ok(Done { product, category, ..Done::default() })
}

/// Publishes the product as a row says, if it is not so already.
fn publish(tx: &mut Write, row: &ProductRow, is: &Product) -> Result<Option<Product>> {
    let Some(said) = row.publications.as_ref().filter(|said| said.as_deref() != is.publications()) else {
        return Ok(None);
    };
    Publication::check(said.as_deref().unwrap_or_default())?;
    let product = store::publish_product(tx, is.id, said.clone())?;
    events::product_changed(tx, &product)?;
    Ok(Some(product))
}

/// Sets the attributes of the product that a row says, if they are others.
fn describe(tx: &mut Write, row: &ProductRow, is: &Product) -> Result<Option<Product>> {
    let Some(said) = row.attributes.as_ref().filter(|said| **said != is.attributes.0) else { return Ok(None) };
    let kept = attribute_definitions::checked(tx, is, said)?;
    if kept == is.attributes.0 {
        return Ok(None);
    }
    let product = attribute_definitions::set_attributes(tx, is.id, kept)?;
    events::product_changed(tx, &product)?;
    Ok(Some(product))
}

fn add_variant(tx: &mut Write, row: ProductRow, of: (&Product, bool), done: &mut Done) -> Result<()> {
    let (product, is_sold) = of;
    let Some(sku) = row.sku.clone() else { return Ok(()) };
    // A variant of a product that is retired is, too, until the product is sold again.
    let is_retired = row.status == Some(Status::Retired) || (product.status == Status::Retired && !is_sold);
    let variant = store::insert_variant(tx, product.id, &changes::new_variant(row, sku)?)?;
    let variant = if is_retired { store::retire_variant(tx, variant.id)? } else { variant };
    events::variant_changed(tx, &variant)?;
    done.variants.push(variant);
    Ok(())
}

fn change_variant(tx: &mut Write, says: (&ProductRow, bool), is: &Variant, done: &mut Done) -> Result<()> {
    let (row, is_sold) = says;
    let wanted = changes::of_variant(row, is)?;
    // Reinstating its product may have brought it back.
    let back = done.variants.iter().position(|variant| variant.id == is.id).map(|at| done.variants.remove(at));
    let mut now = back.clone().unwrap_or_else(|| is.clone());
    let before = now.version;
    if wanted != VariantChange::default() {
        now = store::change_variant(tx, is.id, &wanted)?;
    }
    match row.status {
        Some(Status::Retired) if now.status == Status::Active && is_sold => now = store::retire_variant(tx, is.id)?,
        Some(Status::Active) if now.status == Status::Retired && is_sold => {
            now = store::reinstate_variant(tx, is.id)?;
        }
        _ => {}
    }
    if now.version > before {
        events::variant_changed(tx, &now)?;
    }
    done.variants.extend((now.version > is.version).then_some(now));
    Ok(())
}

fn reinstate_product(tx: &mut Write, is: &Product, done: &mut Done) -> Result<()> {
    if let Some(at) = is.retired_at {
        done.variants = store::reinstate_variants_of(tx, is.id, at)?;
        for variant in &done.variants {
            events::variant_changed(tx, variant)?;
        }
    }
    let product = store::reinstate_product(tx, is.id)?;
    events::product_changed(tx, &product)?;
    done.product = Some(product);
    Ok(())
}

/// Retires a product with its variants, those of this row among them.
fn retire_product(tx: &mut Write, is: &Product, done: &mut Done) -> Result<()> {
    for variant in store::retire_variants_of(tx, is.id)? {
        events::variant_changed(tx, &variant)?;
        done.variants.retain(|other| other.id != variant.id);
        done.variants.push(variant);
    }
    let product = store::retire_product(tx, is.id)?;
    events::product_changed(tx, &product)?;
    done.product = Some(product);
    Ok(())
}

//! New products and variants.
use super::{
    attribute_definitions,
    cache::Catalog,
    content::Publication,
    events,
    groups::{another_slug, assign, slug_of},
    model::{NewPrice, NewProduct, NewVariant},
    prices::store::{self as changes, PriceOf},
    read::{self, ProductView, VariantView},
    store::{self, Variant},
};
use crate::{
    kernel::{Error, Money, PrincipalId, ProductId, Result, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Makes a product with its first variants.
pub async fn create(db: &Db, catalog: &Catalog, caller: Caller, new: NewProduct) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, .. } = caller;
    let by = actor.id;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            Publication::check(new.publications.as_deref().unwrap_or_default())?;
            let brand = assign::checked(tx, new.category, new.brand.as_deref(), new.category_id)?;
            let slug = slug_for(tx, &new)?;
            let product = store::insert_product(tx, &new, brand.as_ref(), &slug)?;
            if !new.attributes.is_empty() {
                let kept = attribute_definitions::checked(tx, &product, &new.attributes)?;
                store::keep_attributes(tx.conn(), product.id, kept)?;
            }
            events::product_changed(tx, &product)?;
            for variant in &new.variants {
                add(tx, product.id, variant, by)?;
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
    let by = actor.id;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = store::lock_product(tx.conn(), product)?.ok_or_else(|| Error::not_found("product"))?;
            found.require_sold()?;
            let variant = add(tx, product, &new, by)?;
            store::touch_product(tx, product)?;
            let view: VariantView = read::variant_view(tx, variant.id)?;
            Ok(Outcome::created(variant.id, variant.version, None, view))
        })
        .await
}

/// The slug that is said, or one of the name that is free.
fn slug_for(tx: &mut Write, new: &NewProduct) -> Result<String> {
    if let Some(slug) = &new.slug {
        return Ok(slug.as_str().to_owned());
    }
    let slug = slug_of(&new.name);
    let is_taken = store::has_slug(tx.conn(), &slug)?;
    Ok(if is_taken { another_slug(&slug) } else { slug })
}

fn add(tx: &mut Write, product: ProductId, new: &NewVariant, by: PrincipalId) -> Result<Variant> {
    let variant = store::insert_variant(tx, product, new)?;
    for price in &new.prices {
        let NewPrice { channel, currency, amount_minor, .. } = *price;
        Money::new(amount_minor, currency)?;
        changes::record(tx, PriceOf { variant: variant.id, channel, currency }, Some(amount_minor), by)?;
        store::set_price(tx, variant.id, *price)?;
    }
    events::variant_changed(tx, &variant)?;
    Ok(variant)
}

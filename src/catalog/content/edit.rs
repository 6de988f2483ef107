//! Setting the media and translations of a product.
use super::{
    model::{Language, NewMedia, NewTranslation},
    publications::Publication,
    store,
};
use crate::{
    catalog::{
        cache::Catalog,
        events,
        read::{self, ProductView},
        store::{self as products, Product},
    },
    kernel::{Code, Error, Faults, ProductId, Result, Typed, VariantId, actor::Permission},
    platform::{
        db::{Db, Write},
        idempotency::{Caller, Outcome, Recorded},
    },
};

/// Puts other media in place of all of a product; refused with each SKU that is none of it.
pub async fn put_media(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    media: Vec<NewMedia>,
) -> Result<Recorded<ProductView>> {
    edit(db, catalog, caller, id, move |tx, _| {
        let named = variants_named(tx, id, &media)?;
        store::put_media(tx, id, &media.iter().cloned().zip(named).collect::<Vec<_>>())
    })
    .await
}

fn variants_named(tx: &mut Write, id: ProductId, media: &[NewMedia]) -> Result<Vec<Option<VariantId>>> {
    let variants = products::variants_of(tx.conn(), &[id])?;
    let (mut named, mut faults) = (vec![], Faults::default());
    for (at, one) in media.iter().enumerate() {
        let of = |sku: &crate::kernel::Sku| variants.iter().find(|variant| Typed::of(&variant.sku) == *sku.key());
        let found = one.sku.as_ref().map(|sku| (sku, of(sku)));
        if let Some((sku, None)) = found {
            faults.add(Code::UnknownSku, &format!("/media/{at}/sku"), format!("the product has no SKU {sku}"));
        }
        named.push(found.and_then(|(_, variant)| variant).map(|variant| variant.id));
    }
    faults.require_none()?;
    Ok(named)
}

/// Sets the texts of a product in a language.
pub async fn translate(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    new: NewTranslation,
) -> Result<Recorded<ProductView>> {
    edit(db, catalog, caller, id, move |tx, _| store::put_translation(tx, id, &new)).await
}

/// Removes the texts of a product in a language.
pub async fn remove_translation(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    language: Language,
) -> Result<Recorded<ProductView>> {
    edit(db, catalog, caller, id, move |tx, _| match store::delete_translation(tx.conn(), id, language.as_str())? {
        true => Ok(()),
        false => Err(Error::not_found("translation")),
    })
    .await
}

/// Publishes a product in some channels, each with its time, or in all of them at all times.
pub async fn publish(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    publications: Option<Vec<Publication>>,
) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    Publication::check(publications.as_deref().unwrap_or_default())?;
    catalog
        .write(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = products::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            let product = products::publish_product(tx, id, publications.clone())?;
            events::product_changed(tx, &product)?;
            Ok(Outcome::changed(product.version, None, read::product_view(tx, id)?))
        })
        .await
}

/// Changes what belongs to a product and is remembered nowhere, such as its content: `work` gets it locked.
pub async fn edit(
    db: &Db,
    catalog: &Catalog,
    caller: Caller,
    id: ProductId,
    work: impl Fn(&mut Write, &Product) -> Result<()> + Send + 'static,
) -> Result<Recorded<ProductView>> {
    let Caller { actor, key, expected } = caller;
    catalog
        .add(db, actor, Permission::CatalogWrite, key, move |tx| {
            let found = products::lock_product(tx.conn(), id)?.ok_or_else(|| Error::not_found("product"))?;
            expected.check("the product", found.version)?;
            work(tx, &found)?;
            products::touch_product(tx, id)?;
            let view = read::product_view(tx, id)?;
            events::product_changed(tx, &view.product)?;
            Ok(Outcome::changed(view.product.version, None, view))
        })
        .await
}

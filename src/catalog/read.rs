//! Reads of the catalog, batch-shaped: many ids in, one query.
use super::{
    content::{self, Language, Media, Translation},
    groups::{self, Group, GroupKind, store::GroupKey},
    model::{Gtin, Offer, Price, ProductSort},
    store::{self, Component, Product, Variant},
};
use crate::{
    catalog::classification::{Category, Status},
    kernel::{Channel, Error, GroupId, Page, PageRequest, ProductId, Result, Typed, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;

/// Which products.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Only of this category.
    pub category: Option<Category>,
    /// Only with this status.
    pub status: Option<Status>,
    /// Only with these characters in their name, in any case.
    pub name: Option<String>,
    /// Only with this slug.
    pub slug: Option<String>,
    /// Only of this brand.
    pub brand: Option<GroupId>,
    /// Only of this category and those below it.
    pub group: Option<GroupId>,
    /// Only in this collection.
    pub collection: Option<GroupId>,
    /// Only what is published in this channel now.
    pub published_in: Option<Channel>,
}

/// A product's place in the list: by name, then id.
pub type ProductKey = (String, ProductId);

/// A product with its variants.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductView {
    #[serde(flatten)]
    pub product: Product,
    /// The default name, by which it is listed in every language.
    #[serde(skip)]
    pub listed_as: String,
    /// The collections that it is in.
    pub collection_ids: Vec<GroupId>,
    /// The language of its name and description; null for the default one.
    pub language: Option<String>,
    /// Its pictures and films, in their order.
    pub media: Vec<Media>,
    /// Its texts in other languages.
    pub translations: Vec<Translation>,
    /// The variants of the product.
    pub variants: Vec<VariantView>,
}

impl ProductView {
    /// The same with its texts in the nearest language that there is (RFC 4647).
    pub fn told_in(mut self, language: Option<&Language>) -> Self {
        let nearest = |wanted: &Language| {
            content::rules::nearest(wanted.as_str(), &self.translations, |one: &Translation| &one.language).cloned()
        };
        if let Some(found) = language.and_then(nearest) {
            self.product.name = found.name;
            self.product.description = found.description.or(self.product.description);
            self.language = Some(found.language);
        }
        self
    }
}

/// A variant with its prices and, of a bundle, its parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct VariantView {
    #[serde(flatten)]
    pub variant: Variant,
    /// The prices by channel and currency.
    pub prices: Vec<Price>,
    /// The variants that one bundle consists of, with their units.
    pub components: Vec<Component>,
}

/// A page of products by name, as they are published at a moment.
pub fn products(
    db: &mut Read,
    filter: &ProductFilter,
    sort: ProductSort,
    page: &PageRequest<ProductKey>,
    now: DateTime<Utc>,
) -> Result<Page<Product>> {
    Ok(Page::of(store::products(db.conn(), filter, sort, page, now)?, page.limit))
}

/// The media of products, in their order.
pub fn media_of(db: &mut Read, ids: &[ProductId]) -> Result<Vec<Media>> {
    Ok(content::store::media_of(db.conn(), ids)?)
}

/// The texts of products in other languages.
pub fn translations_of(db: &mut Read, ids: &[ProductId]) -> Result<Vec<Translation>> {
    Ok(content::store::translations_of(db.conn(), ids)?)
}

/// Brands, categories and collections by id.
pub fn groups_by_id(db: &mut Read, ids: &[GroupId]) -> Result<Vec<Group>> {
    Ok(groups::store::by_id(db.conn(), ids)?)
}

/// A page of the brands, categories or collections by name.
pub fn groups_by_name(db: &mut Read, kind: GroupKind, page: &PageRequest<GroupKey>) -> Result<Page<Group>> {
    Ok(Page::of(groups::store::page(db.conn(), kind, page)?, page.limit))
}

/// Products by id.
pub fn products_by_id(db: &mut Read, ids: &[ProductId]) -> Result<Vec<Product>> {
    Ok(store::products_by_id(db.conn(), ids)?)
}

/// Variants by id.
pub fn variants_by_id(db: &mut Read, ids: &[VariantId]) -> Result<Vec<Variant>> {
    Ok(store::variants_by_id(db.conn(), ids)?)
}

/// Those of some variants that are retired, alone or with their products.
pub fn retired_among(db: &mut Read, ids: &[VariantId]) -> Result<HashSet<VariantId>> {
    Ok(store::retired_among(db.conn(), ids)?.into_iter().collect())
}

/// The variants of a category.
pub fn variants_in(db: &mut Read, category: Category) -> Result<Vec<VariantId>> {
    Ok(store::variants_in(db.conn(), category)?)
}

/// A variant by its SKU.
pub fn variant_by_sku(db: &mut Read, sku: &str) -> Result<Option<Variant>> {
    let ids: Vec<_> = store::ids_of_skus(db.conn(), &[&Typed::of(sku)])?.into_iter().map(|(_, id)| id).collect();
    Ok(store::variants_by_id(db.conn(), &ids)?.pop())
}

/// The variant with a GTIN, however many digits of it were written down: shorter ones have zeros in front of them (GS1
/// General Specifications §3.3.2).
pub fn variant_by_gtin(db: &mut Read, gtin: &Gtin) -> Result<Option<Variant>> {
    Ok(store::variant_with_gtin(db.conn(), &gtin.forms())?)
}

/// The variants of products, by SKU.
pub fn variants_of(db: &mut Read, products: &[ProductId]) -> Result<Vec<Variant>> {
    Ok(store::variants_of(db.conn(), products)?)
}

/// A product with all that belongs to it.
pub fn product_view(db: &mut Read, id: ProductId) -> Result<ProductView> {
    let products = store::products_by_id(db.conn(), &[id])?;
    with_variants(db, products)?.pop().ok_or_else(|| Error::not_found("product"))
}

/// A variant with all that belongs to it.
pub fn variant_view(db: &mut Read, id: VariantId) -> Result<VariantView> {
    let variants = store::variants_by_id(db.conn(), &[id])?;
    variant_views(db, variants)?.pop().ok_or_else(|| Error::not_found("variant"))
}

impl From<&Offer> for VariantView {
    fn from(offer: &Offer) -> Self {
        Self { variant: offer.variant.clone(), prices: offer.prices.clone(), components: offer.components.clone() }
    }
}

/// Products with their variants, prices and parts, in the order given.
pub fn with_variants(db: &mut Read, products: Vec<Product>) -> Result<Vec<ProductView>> {
    let ids: Vec<_> = products.iter().map(|p| p.id).collect();
    let variants = store::variants_of(db.conn(), &ids)?;
    let collections = groups::store::collections_of(db.conn(), &ids)?;
    let mut media = grouped(content::store::media_of(db.conn(), &ids)?, |one| one.product_id);
    let mut translations = grouped(content::store::translations_of(db.conn(), &ids)?, |one| one.product_id);
    let mut views = variant_views(db, variants)?;
    let of = |product: Product| {
        let (variants, rest) = std::mem::take(&mut views).into_iter().partition(|v| v.variant.product_id == product.id);
        views = rest;
        let in_it = collections.iter().filter(|(of, _)| *of == product.id);
        ProductView {
            collection_ids: in_it.map(|(_, id)| *id).collect(),
            listed_as: product.name.clone(),
            language: None,
            media: media.remove(&product.id).unwrap_or_default(),
            translations: translations.remove(&product.id).unwrap_or_default(),
            product,
            variants,
        }
    };
    Ok(products.into_iter().map(of).collect())
}

fn grouped<T>(rows: Vec<T>, of: impl Fn(&T) -> ProductId) -> HashMap<ProductId, Vec<T>> {
    let mut groups = HashMap::<_, Vec<_>>::new();
    for row in rows {
        groups.entry(of(&row)).or_default().push(row);
    }
    groups
}

fn variant_views(db: &mut Read, variants: Vec<Variant>) -> Result<Vec<VariantView>> {
    let ids: Vec<_> = variants.iter().map(|v| v.id).collect();
    let prices = store::prices_of(db.conn(), &ids)?;
    let components = store::components_of(db.conn(), &ids)?;
    let view = |variant: Variant| VariantView {
        prices: prices.iter().filter(|p| p.variant_id == variant.id).copied().collect(),
        components: components.iter().filter(|c| c.bundle_id == variant.id).copied().collect(),
        variant,
    };
    Ok(variants.into_iter().map(view).collect())
}

//! The products and variants that rows name, as they are after the rows before.
use crate::{
    catalog::{
        files::store,
        groups::{Group, store as groups},
        store::{Product, Variant},
    },
    kernel::{GroupId, ProductId, Result, Typed, VariantId},
    platform::db::Write,
};
use std::collections::{HashMap, HashSet};

/// Records that rows name, locked until the transaction ends.
#[derive(Default)]
pub struct KnownProducts {
    products: HashMap<ProductId, Product>,
    by_slug: HashMap<String, ProductId>,
    variants: HashMap<VariantId, Variant>,
    by_sku: HashMap<Typed, VariantId>,
    categories: HashMap<GroupId, Group>,
    /// Products that were made by these rows.
    made: HashSet<ProductId>,
    /// Products that got variants.
    touched: HashSet<ProductId>,
}

/// The records that a row has changed, as they are now.
#[derive(Default)]
pub struct Done {
    pub product: Option<Product>,
    pub is_made: bool,
    /// The category that it was put in.
    pub category: Option<Group>,
    pub variants: Vec<Variant>,
}

impl KnownProducts {
    /// Reads and locks the records.
    pub fn read(tx: &mut Write, slugs: &[&str], skus: &[&Typed]) -> Result<Self> {
        let mut known = Self::default();
        let (products, variants) = store::lock(tx.conn(), slugs, skus)?;
        let ids: Vec<_> = products.iter().filter_map(|product| product.category_id).collect();
        let categories = groups::by_id(tx.conn(), &ids)?;
        known.categories = categories.into_iter().map(|group| (group.id, group)).collect();
        for product in products {
            known.keep_product(product);
        }
        for variant in variants {
            known.keep_variant(variant);
        }
        Ok(known)
    }

    fn keep_product(&mut self, product: Product) {
        if let Some(slug) = &product.slug {
            self.by_slug.insert(slug.clone(), product.id);
        }
        self.products.insert(product.id, product);
    }

    fn keep_variant(&mut self, variant: Variant) {
        self.by_sku.insert(Typed::of(&variant.sku), variant.id);
        self.variants.insert(variant.id, variant);
    }

    /// True if none of them is there.
    pub fn is_empty(&self) -> bool {
        self.products.is_empty()
    }

    /// The product with a slug.
    pub fn product(&self, slug: &str) -> Option<&Product> {
        self.products.get(self.by_slug.get(slug)?)
    }

    /// The product of a variant.
    pub fn product_of(&self, variant: &Variant) -> Option<&Product> {
        self.products.get(&variant.product_id)
    }

    /// The variant with a SKU.
    pub fn variant(&self, sku: &Typed) -> Option<&Variant> {
        self.variants.get(self.by_sku.get(sku)?)
    }

    /// The slug of a product's category.
    pub fn category_slug(&self, product: &Product) -> Option<&str> {
        self.categories.get(&product.category_id?).map(|group| group.slug.as_str())
    }

    /// Takes in what a row has changed; false if nothing.
    pub fn learn(&mut self, done: Done) -> bool {
        let Done { product, is_made, category, variants } = done;
        let is_done = product.is_some() || !variants.is_empty();
        for variant in variants {
            if product.is_none() {
                self.touched.insert(variant.product_id);
            }
            self.keep_variant(variant);
        }
        self.categories.extend(category.map(|group| (group.id, group)));
        if let Some(product) = product {
            if is_made {
                self.made.insert(product.id);
            }
            self.keep_product(product);
        }
        is_done
    }

    /// Products that were there before and whose variants have changed: their pages show them.
    pub fn touched(&self) -> Vec<ProductId> {
        let mut ids: Vec<_> = self.touched.difference(&self.made).copied().collect();
        ids.sort();
        ids
    }
}

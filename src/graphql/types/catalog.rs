//! Products, variants, prices and bundles.
mod promotions;
mod shipping_methods;
pub use promotions::Promotion;
pub use shipping_methods::ShippingMethod;

use super::{
    content::{Media, ProductAttribute, Publication, translation},
    groups::{CatalogGroup, group},
    variants::Variant,
};
use crate::{
    catalog,
    graphql::{
        context::loaders,
        errors::shared,
        ids,
        loaders::{AttributeNamed, MediaOf, VariantsOf},
        scalars::Long,
    },
    kernel::{self},
    platform::db::Db,
};
use async_graphql::{Context, Enum, ID, Object, Result};

/// The kind of product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::Category")]
pub enum Category {
    Cosmetics,
    Skincare,
    Haircare,
    Fragrance,
    Tools,
    Bundle,
}

/// The sales status of a product or variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::Status", name = "CatalogStatus")]
pub enum Status {
    Active,
    Retired,
}

/// The order of a list of products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::ProductSort", name = "ProductSort")]
pub enum Sorting {
    ByName,
    ByNameDescending,
}

/// The channel from which an order comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "kernel::Channel")]
pub enum Channel {
    Web,
    Mobile,
    Pos,
    Marketplace,
}

/// The class by which goods are taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::TaxClass")]
pub enum TaxClass {
    Standard,
    Reduced,
    SuperReduced,
    Zero,
}

/// A product, such as a lipstick in all its shades.
pub struct Product(pub catalog::Product);

/// A product, such as a lipstick in all its shades.
#[Object]
impl Product {
    /// Its global id.
    pub async fn id(&self) -> ID {
        ids::global("Product", self.0.id.0)
    }
    /// Its name, in the nearest language that there is.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A BCP 47 language tag; the default language, if absent.")] language: Option<String>,
    ) -> Result<String> {
        let told = translation(ctx, self.0.id, language).await?;
        Ok(told.map_or_else(|| self.0.name.clone(), |told| told.name))
    }
    /// Its pictures and films, in their order.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn media(&self, ctx: &Context<'_>) -> Result<Vec<Media>> {
        let found = loaders(ctx).load_one(MediaOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(Media::from).collect())
    }
    /// Its brand.
    async fn brand(&self) -> Option<&str> {
        self.0.brand.as_deref()
    }
    /// The name in addresses, unique.
    async fn slug(&self) -> Option<&str> {
        self.0.slug.as_deref()
    }
    /// Its category below the kind of product.
    async fn category_group(&self, ctx: &Context<'_>) -> Result<Option<CatalogGroup>> {
        group(ctx, self.0.category_id).await
    }
    /// Its brand, with slug and description.
    async fn brand_group(&self, ctx: &Context<'_>) -> Result<Option<CatalogGroup>> {
        group(ctx, self.0.brand_id).await
    }
    /// The description, in a few sentences, in the nearest language that there is.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A BCP 47 language tag; the default language, if absent.")] language: Option<String>,
    ) -> Result<Option<String>> {
        let told = translation(ctx, self.0.id, language).await?.and_then(|told| told.description);
        Ok(told.or_else(|| self.0.description.clone()))
    }
    /// The kind of product.
    async fn category(&self) -> Category {
        self.0.category.into()
    }
    /// Ingredients by their INCI names.
    async fn inci(&self) -> Option<&str> {
        self.0.inci.as_deref()
    }
    /// Period after opening, in months.
    async fn pao_months(&self) -> Option<i32> {
        self.0.pao_months
    }
    /// The class by which it is taxed.
    async fn tax_class(&self) -> TaxClass {
        self.0.tax_class.into()
    }
    /// The sales status: active or retired.
    async fn status(&self) -> Status {
        self.0.status.into()
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// Its attributes, such as finish or SPF, in order of their codes.
    async fn attributes(&self, ctx: &Context<'_>) -> Result<Vec<ProductAttribute>> {
        let told = &self.0.attributes.0;
        let codes = told.keys().map(|code| AttributeNamed(code.clone()));
        let known = loaders(ctx).load_many(codes).await.map_err(shared)?;
        let attribute = |(code, value): (&String, &catalog::AttributeValue)| {
            let of = known.get(&AttributeNamed(code.clone()));
            ProductAttribute {
                code: code.clone(),
                name: of.map_or_else(|| code.clone(), |of| of.name.clone()),
                unit: of.and_then(|of| of.unit.clone()),
                values: value.words(),
            }
        };
        Ok(told.iter().map(attribute).collect())
    }
    /// The channels in which it is published, each with its time; null for all channels at all times.
    async fn publications(&self) -> Option<Vec<Publication>> {
        self.0.publications().map(|all| all.iter().copied().map(Publication::from).collect())
    }
    /// True if it is published in a channel now.
    async fn is_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The channel that shows it.")] channel: Channel,
    ) -> bool {
        self.0.is_published(channel.into(), ctx.data_unchecked::<Db>().clock().now())
    }
    /// Its variants, by SKU.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn variants(&self, ctx: &Context<'_>) -> Result<Vec<Variant>> {
        let found = loaders(ctx).load_one(VariantsOf(self.0.id)).await.map_err(shared)?;
        Ok(found.unwrap_or_default().into_iter().map(Variant).collect())
    }
}

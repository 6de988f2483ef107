//! Products, variants, prices and bundles.
use super::{
    content::{Media, translation},
    groups::{CatalogGroup, group},
    inventory::{Location, StockLevel},
};
use crate::{
    catalog,
    graphql::{
        connection,
        context::loaders,
        errors::shared,
        ids,
        loaders::{
            AvailabilityOf, ComponentsOf, LocationById, MediaOf, PricesOf, ProductById, StockOf, VariantById,
            VariantsOf,
        },
        scalars::{Long, Money},
    },
    inventory::{self, ChannelOffer},
    kernel::{self, LocationId, VariantId},
    platform::config::Config,
};
use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};

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

/// The family of colors to which a shade belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::attributes::ShadeFamily")]
pub enum ShadeFamily {
    Nude,
    Pink,
    Red,
    Coral,
    Brown,
    Plum,
    Blue,
    Green,
    Gold,
    Silver,
    Black,
    Clear,
    Multicolor,
}

/// The undertone of a complexion shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::attributes::Undertone")]
pub enum Undertone {
    Cool,
    Neutral,
    Warm,
    Olive,
}

/// The use that a variant is stocked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::attributes::Purpose")]
pub enum Purpose {
    Sale,
    Sample,
    Tester,
}

/// The facts that must be known of goods when they arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::LotControl")]
pub enum LotControl {
    None,
    Lot,
    Expiry,
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
    /// The sales status: active or retired.
    async fn status(&self) -> Status {
        self.0.status.into()
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// Its variants, by SKU.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn variants(&self, ctx: &Context<'_>) -> Result<Vec<Variant>> {
        let found = loaders(ctx).load_one(VariantsOf(self.0.id)).await.map_err(shared)?;
        Ok(found.unwrap_or_default().into_iter().map(Variant).collect())
    }
}

/// A variant: what is counted, priced and sold.
pub struct Variant(pub catalog::Variant);

/// A variant: what is counted, priced and sold.
#[Object]
impl Variant {
    /// Its global id.
    pub async fn id(&self) -> ID {
        ids::global("Variant", self.0.id.0)
    }
    /// Its stock keeping unit.
    async fn sku(&self) -> &str {
        &self.0.sku
    }
    /// Its GTIN.
    async fn gtin(&self) -> Option<&str> {
        self.0.gtin.as_deref()
    }
    /// Its shade.
    async fn shade(&self) -> Option<&str> {
        self.0.shade.as_deref()
    }
    /// Its size, as printed on the pack.
    async fn size(&self) -> Option<&str> {
        self.0.size.as_deref()
    }
    /// The sales status: active or retired.
    async fn status(&self) -> Status {
        self.0.status.into()
    }
    /// The facts that must be known of goods when they arrive.
    async fn lot_control(&self) -> LotControl {
        self.0.lot_control.into()
    }
    /// The brand's own code of the shade.
    async fn shade_code(&self) -> Option<&str> {
        self.0.shade_code.as_deref()
    }
    /// The family of colors of the shade.
    async fn shade_family(&self) -> Option<ShadeFamily> {
        self.0.shade_family.map(Into::into)
    }
    /// The undertone of a complexion shade.
    async fn undertone(&self) -> Option<Undertone> {
        self.0.undertone.map(Into::into)
    }
    /// The color of the shade on a screen, such as `#B3122D`.
    async fn swatch(&self) -> Option<&str> {
        self.0.swatch.as_deref()
    }
    /// The weight of one unit as it is shipped, in grams.
    async fn weight_grams(&self) -> Option<i32> {
        self.0.weight_grams
    }
    /// Days from manufacture to expiry.
    async fn shelf_life_days(&self) -> Option<i32> {
        self.0.shelf_life_days
    }
    /// The class of dangerous goods, as the UN numbers them; null if it is not dangerous.
    async fn dangerous_goods(&self) -> Option<&str> {
        self.0.dangerous_goods.map(catalog::attributes::DangerousGoods::as_str)
    }
    /// The code of the Harmonized System for customs.
    async fn hs_code(&self) -> Option<&str> {
        self.0.hs_code.as_deref()
    }
    /// The use that it is stocked for; samples and testers are not sold.
    async fn purpose(&self) -> Purpose {
        self.0.purpose.into()
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// The product it belongs to.
    async fn product(&self, ctx: &Context<'_>) -> Result<Option<Product>> {
        Ok(loaders(ctx).load_one(ProductById(self.0.product_id)).await.map_err(shared)?.map(Product))
    }
    /// Its prices, in one channel or currency if asked.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn prices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this channel.")] channel: Option<Channel>,
        #[graphql(desc = "Only in this currency, as ISO 4217 writes it.")] currency: Option<String>,
    ) -> Result<Vec<Price>> {
        let found = loaders(ctx).load_one(PricesOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        let channel = channel.map(kernel::Channel::from);
        let wanted = |p: &catalog::Price| {
            channel.is_none_or(|c| c == p.channel) && currency.as_deref().is_none_or(|c| c == p.amount.currency.code())
        };
        Ok(found
            .into_iter()
            .filter(wanted)
            .map(|p| Price { channel: p.channel.into(), amount: p.amount.into() })
            .collect())
    }
    /// The components, if it is a bundle.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn components(&self, ctx: &Context<'_>) -> Result<Vec<Component>> {
        let found = loaders(ctx).load_one(ComponentsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(|part| Component { quantity: part.quantity, part: part.variant_id }).collect())
    }
    /// The stock of it, at one location or at the first so many that the caller may see.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only at this location, by its global id.")] location_id: Option<ID>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
    ) -> Result<Vec<StockLevel>> {
        let first = connection::request::<()>(first, None, "")?.limit;
        let at = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let found = loaders(ctx).load_one(StockOf { variant: self.0.id, at, first }).await.map_err(shared)?;
        Ok(found.unwrap_or_default().into_iter().map(StockLevel).collect())
    }
    /// Locations that may sell it to a channel: one, or the first so many that have some, by code. Of a bundle,
    /// the least over its parts, in whole sets.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The channel that asks; without it, what some channel may be promised.")] channel: Option<
            Channel,
        >,
        #[graphql(desc = "Only at this location, by its global id.")] location_id: Option<ID>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
    ) -> Result<Vec<Availability>> {
        let first = connection::request::<()>(first, None, "")?.limit;
        let at = location_id.map(|id| ids::expect("Location", &id)).transpose()?.map(LocationId);
        let to = ChannelOffer::to(ctx.data_unchecked::<Config>(), channel.map(Into::into));
        let found = loaders(ctx).load_one(AvailabilityOf { variant: self.0.id, at, to }).await.map_err(shared)?;
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let row = |row: inventory::Availability| Availability {
            quantity_available: row.quantity_available,
            location: row.location_id,
        };
        Ok(found.unwrap_or_default().into_iter().take(most).map(row).collect())
    }
}

/// Units that may be sold at a location.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Availability {
    /// Units that may be promised; of a bundle, whole sets. Never negative.
    quantity_available: i32,
    #[graphql(skip)]
    location: LocationId,
}

#[ComplexObject]
impl Availability {
    /// The location.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        Ok(loaders(ctx).load_one(LocationById(self.location)).await.map_err(shared)?.map(Location))
    }
}

/// A price in one channel and currency.
#[derive(SimpleObject)]
pub struct Price {
    /// The channel in which it holds.
    channel: Channel,
    /// The amount.
    amount: Money,
}

/// A part of a bundle.
#[derive(SimpleObject)]
#[graphql(complex, name = "BundleComponent")]
pub struct Component {
    /// Units of the part in one bundle.
    quantity: i32,
    #[graphql(skip)]
    part: VariantId,
}

#[ComplexObject]
impl Component {
    /// The part.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.part)).await.map_err(shared)?.map(Variant))
    }
}

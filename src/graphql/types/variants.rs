//! Variants, their prices, components and availability.
mod choices;
mod offers;

use super::{
    catalog::{Channel, Product, Status},
    inventory::StockLevel,
};
use crate::{
    catalog,
    graphql::{
        connection,
        context::loaders,
        errors::shared,
        ids,
        loaders::{AvailabilityOf, ComponentsOf, LocationById, OfferOf, PricesOf, ProductById, StockOf},
        scalars::Long,
    },
    inventory::{self, ChannelOffer},
    kernel::{self, LocationId},
    platform::{config::Config, db::Db},
};
use async_graphql::{Context, Enum, ID, Object, Result};
use choices::BundleChoice;
use offers::{Availability, Component, EffectivePrice, Price, PriceFor};

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
    /// Millionths off the sum of its parts' prices, of a bundle whose prices are that sum; null where it has its own.
    async fn sum_discount_ppm(&self) -> Option<i32> {
        self.0.sum_discount_ppm
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
            .map(|price| Price {
                channel: price.channel.into(),
                amount: price.amount.into(),
                compare_at: price.compare_at().map(Into::into),
                price,
            })
            .collect())
    }
    /// The price of one unit that holds now in some circumstances, whether it is from a price list or the channel's;
    /// null if it has none there. Orders are priced by the same rule.
    async fn effective_price(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "for", desc = "The circumstances of the sale.")] of: PriceFor,
    ) -> Result<Option<EffectivePrice>> {
        let offer = loaders(ctx).load_one(OfferOf(self.0.id)).await.map_err(shared)?;
        let place = match (&of.country, of.place()?) {
            (None, Some(id)) => loaders(ctx).load_one(LocationById(id)).await.map_err(shared)?,
            _ => None,
        };
        let (context, units) =
            of.in_country(place.map(|place| place.country)).read(ctx.data_unchecked::<Db>().clock().now())?;
        let found = offer.and_then(|offer| offer.effective_price(&context, units));
        Ok(found.map(|price| EffectivePrice {
            amount: price.amount.into(),
            compare_at: price.compare_at.map(Into::into),
            tax_included: price.tax_included,
            price_list_id: price.list.map(|id| ids::global("PriceList", id.0)),
        }))
    }
    /// The components, if it is a bundle.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn components(&self, ctx: &Context<'_>) -> Result<Vec<Component>> {
        let found = loaders(ctx).load_one(ComponentsOf(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(|part| Component { quantity: part.quantity, part: part.variant_id }).collect())
    }
    /// The parts that the customer chooses, of a bundle that has such.
    #[graphql(complexity = "10 * child_complexity + 1")]
    async fn choices(&self) -> Vec<BundleChoice> {
        self.0.choices().iter().cloned().map(BundleChoice).collect()
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
    /// the least over its parts and over the options of each choice together, in whole sets.
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

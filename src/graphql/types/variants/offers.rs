//! Prices, components and availability of variants.
use crate::graphql::types::{catalog::Channel, inventory::Location, variants::Variant};
use crate::{
    catalog,
    graphql::{
        context::loaders,
        errors::shared,
        loaders::{LocationById, PriorPricesOf, VariantById},
        scalars::Money,
    },
    kernel::{LocationId, VariantId},
};
use async_graphql::{ComplexObject, Context, Result, SimpleObject};

/// Units that may be sold at a location.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Availability {
    /// Units that may be promised; of a bundle, whole sets. Never negative.
    pub(super) quantity_available: i32,
    #[graphql(skip)]
    pub(super) location: LocationId,
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
#[graphql(complex)]
pub struct Price {
    /// The channel in which it holds.
    pub(super) channel: Channel,
    /// The amount.
    pub(super) amount: Money,
    #[graphql(skip)]
    pub(super) price: catalog::Price,
}

#[ComplexObject]
impl Price {
    /// The lowest price of the 30 days before this one took effect, which is to be shown beside a reduction (directive
    /// 98/6/EC, Art. 6a); null if there was none.
    async fn lowest_prior(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let of = &self.price;
        let found = loaders(ctx).load_one(PriorPricesOf(of.variant_id)).await.map_err(shared)?.unwrap_or_default();
        let is_it =
            |prior: &&catalog::PriorPrice| prior.channel == of.channel && prior.amount.currency == of.amount.currency;
        Ok(found.iter().find(is_it).map(|prior| prior.amount.into()))
    }
}

/// A part of a bundle.
#[derive(SimpleObject)]
#[graphql(complex, name = "BundleComponent")]
pub struct Component {
    /// Units of the part in one bundle.
    pub(super) quantity: i32,
    #[graphql(skip)]
    pub(super) part: VariantId,
}

#[ComplexObject]
impl Component {
    /// The part.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.part)).await.map_err(shared)?.map(Variant))
    }
}

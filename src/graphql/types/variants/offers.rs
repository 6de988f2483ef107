//! Prices, components and availability of variants.
use crate::graphql::types::{catalog::Channel, inventory::Location, variants::Variant};
use crate::{
    graphql::{
        context::loaders,
        errors::shared,
        loaders::{LocationById, VariantById},
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
pub struct Price {
    /// The channel in which it holds.
    pub(super) channel: Channel,
    /// The amount.
    pub(super) amount: Money,
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

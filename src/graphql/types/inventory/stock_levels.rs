//! Levels of stock, as they are and as they were.
use crate::graphql::types::{catalog::Channel, inventory::Location, variants::Variant};
use crate::{
    graphql::{
        context::loaders,
        errors::{coded, shared},
        loaders::{LocationById, VariantById},
        scalars::Long,
    },
    inventory,
    kernel::VariantId,
    platform::config::Config,
};
use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// The units that were physically at a location at a moment.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct PastStockLevel {
    #[graphql(skip)]
    variant_id: VariantId,
    /// The moment that is told of, by when things happened.
    as_of: DateTime<Utc>,
    /// The moment up to which was written down what this knows.
    known_at: DateTime<Utc>,
    /// Everything that was physically there.
    on_hand: i32,
    /// There, but damaged.
    damaged: i32,
    /// There, but held back for quality.
    quality_hold: i32,
    /// There, returned and not yet inspected.
    returned: i32,
    /// There, but past its date.
    expired: i32,
}

#[ComplexObject]
impl PastStockLevel {
    /// The variant.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.variant_id)).await.map_err(shared)?.map(Variant))
    }
}

impl From<inventory::PastLevel> for PastStockLevel {
    fn from(level: inventory::PastLevel) -> Self {
        let inventory::PastLevel {
            variant_id, as_of, known_at, on_hand, damaged, quality_hold, returned, expired, ..
        } = level;
        Self { variant_id, as_of, known_at, on_hand, damaged, quality_hold, returned, expired }
    }
}

/// The units of a variant at a location; all are whole.
pub struct StockLevel(pub inventory::DatedLevel);

/// The units of a variant at a location; all are whole.
#[Object]
impl StockLevel {
    /// Units that may be promised to a channel: without what expires too soon for it and what it leaves to others.
    /// Without a channel, what some channel may be promised. Never negative.
    #[expect(clippy::unused_async, reason = "a field with a context is asynchronous")]
    async fn quantity_available(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The channel that asks; without it, what some channel may be promised.")] channel: Option<
            Channel,
        >,
    ) -> Result<i32> {
        let offer = inventory::ChannelOffer::to(ctx.data_unchecked::<Config>(), channel.map(Into::into));
        let offered = self.0.offered(offer.good_for_days).map_err(coded)?;
        Ok(offered.available().saturating_sub(offer.buffer).max(0))
    }
    /// Promised beyond what is here, within the backorder limit or uncovered.
    async fn backordered(&self) -> i32 {
        self.0.available().saturating_neg().max(0)
    }
    /// The same as `reserved`.
    async fn quantity_reserved(&self) -> i32 {
        self.0.reserved
    }
    /// Everything that is physically here.
    async fn on_hand(&self) -> i32 {
        self.0.on_hand
    }
    /// Held for a while.
    async fn reserved(&self) -> i32 {
        self.0.reserved
    }
    /// Promised to orders.
    async fn allocated(&self) -> i32 {
        self.0.allocated
    }
    /// On its way here.
    async fn in_transit(&self) -> i32 {
        self.0.in_transit
    }
    /// Here, but damaged.
    async fn damaged(&self) -> i32 {
        self.0.damaged
    }
    /// Here, but held back for quality.
    async fn quality_hold(&self) -> i32 {
        self.0.quality_hold
    }
    /// Here, returned and not yet inspected.
    async fn returned(&self) -> i32 {
        self.0.returned
    }
    /// Here, but past its date.
    async fn expired(&self) -> i32 {
        self.0.expired
    }
    /// Promised although its goods had to be withdrawn: recalled, expired, or not found by a count.
    async fn uncovered(&self) -> i32 {
        self.0.uncovered
    }
    /// Kept back from sale.
    async fn safety_stock(&self) -> i32 {
        self.0.safety_stock
    }
    /// Order more when available falls to this.
    async fn reorder_threshold(&self) -> i32 {
        self.0.reorder_threshold
    }
    /// The units to order then.
    async fn reorder_quantity(&self) -> i32 {
        self.0.reorder_quantity
    }
    /// The units that may be promised below zero.
    async fn backorder_limit(&self) -> i32 {
        self.0.backorder_limit
    }
    /// The version at which all this was read; for `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// Of what.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.0.variant_id)).await.map_err(shared)?.map(Variant))
    }
    /// The location.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        Ok(loaders(ctx).load_one(LocationById(self.0.location_id)).await.map_err(shared)?.map(Location))
    }
}

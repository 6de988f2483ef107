//! Locations, stock levels and reservations.
use super::catalog::{Channel, Variant};
use crate::{
    graphql::{
        connection,
        connection::{Connected, connection, request},
        context::{loaders, read},
        errors::{coded, shared},
        ids,
        loaders::{HeldBy, LocationById, StockAt, VariantById},
        scalars::Long,
    },
    inventory,
    kernel::{Page, VariantId},
    platform::{config::Config, db::Db},
};
use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};

/// The kind of location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inventory::LocationKind")]
pub enum LocationKind {
    Store,
    Warehouse,
}

/// The status of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inventory::ReservationStatus")]
pub enum ReservationStatus {
    Active,
    Converted,
    Released,
    Expired,
}

/// A store or warehouse.
pub struct Location(pub inventory::Location);

/// A store or warehouse.
#[Object]
impl Location {
    /// Its global id.
    pub async fn id(&self) -> ID {
        ids::global("Location", self.0.id.0)
    }
    /// The id that REST uses.
    async fn location_id(&self) -> String {
        self.0.id.to_string()
    }
    /// A short code that people use.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The kind of location.
    async fn kind(&self) -> LocationKind {
        self.0.kind.into()
    }
    /// Orders without a location go to the lowest number that can fill them.
    async fn priority(&self) -> i32 {
        self.0.priority
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> &str {
        &self.0.country
    }
    /// IANA time zone.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }
    /// When it was closed; null while it is open.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.closed_at
    }
    /// For `If-Match`.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// The stock here.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn stock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
    ) -> Result<Connected<StockLevel>> {
        let page = request::<VariantId>(first, after.as_deref(), "stock")?;
        let key = StockAt { location: self.0.id, first: page.limit, after: page.after };
        let rows = loaders(ctx).load_one(key).await.map_err(shared)?.unwrap_or_default();
        connection(Page::of(rows, page.limit), "stock", after.is_some(), |level| level.variant_id, StockLevel)
    }
    /// Stock that was physically here at a moment, by when things happened, as far as was written down by `knownAt`
    /// (now, if absent). It asks the database once for each location.
    #[graphql(complexity = "10 * connection::cost(first, child_complexity)")]
    async fn stock_as_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A moment of the past, by when things happened.")] as_of: DateTime<Utc>,
        #[graphql(desc = "As far as it had been written down by then.")] known_at: Option<DateTime<Utc>>,
        #[graphql(desc = "Rows in a page, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Where to go on: the end cursor of the page before.")] after: Option<String>,
    ) -> Result<Connected<PastStockLevel>> {
        let now = ctx.data_unchecked::<Db>().clock().now();
        let (list, location) = (format!("stock as of {as_of} {known_at:?}"), self.0.id);
        let known_at = known_at.unwrap_or(now);
        inventory::require_past("asOf", as_of, now).map_err(coded)?;
        inventory::require_past("knownAt", known_at, now).map_err(coded)?;
        let page = request::<VariantId>(first, after.as_deref(), &list)?;
        let at = inventory::AsOf { moment: as_of, known_at };
        let found = read(ctx, move |db| inventory::levels_as_of(db, location, None, &page, at)).await?;
        connection(found, &list, after.is_some(), |level| level.variant_id, PastStockLevel::from)
    }
}

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

/// A reservation of stock, which expires.
pub struct Reservation(pub inventory::Reservation);

/// A reservation of stock, which expires.
#[Object]
impl Reservation {
    /// Its global id.
    pub async fn id(&self) -> ID {
        ids::global("Reservation", self.0.id.0)
    }
    /// The status.
    async fn status(&self) -> ReservationStatus {
        self.0.status.into()
    }
    /// The caller's own reference.
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }
    /// Until when, unless it ends before.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
    /// When it ended.
    async fn closed_at(&self) -> Option<DateTime<Utc>> {
        self.0.closed_at
    }
    /// Its version.
    async fn version(&self) -> Long {
        Long(self.0.version)
    }
    /// The location.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        Ok(loaders(ctx).load_one(LocationById(self.0.location_id)).await.map_err(shared)?.map(Location))
    }
    /// Of what.
    #[graphql(complexity = "4 * child_complexity + 1")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<ReservationLine>> {
        let found = loaders(ctx).load_one(HeldBy(self.0.id)).await.map_err(shared)?.unwrap_or_default();
        Ok(found.into_iter().map(ReservationLine).collect())
    }
}

/// A variant's part of a reservation.
pub struct ReservationLine(inventory::ReservationLine);

/// A variant's part of a reservation.
#[Object]
impl ReservationLine {
    /// Units held.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }
    /// Of what.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        Ok(loaders(ctx).load_one(VariantById(self.0.variant_id)).await.map_err(shared)?.map(Variant))
    }
}

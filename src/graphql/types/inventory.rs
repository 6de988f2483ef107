//! Locations, stock levels and reservations.
mod stock_levels;

use crate::{
    graphql::{
        connection,
        connection::{Connected, connection, request},
        context::{loaders, read},
        errors::{coded, shared},
        ids,
        loaders::StockAt,
        scalars::Long,
    },
    inventory,
    kernel::{Page, VariantId},
    platform::db::Db,
};
use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use stock_levels::PastStockLevel;
pub use stock_levels::StockLevel;

/// The kind of location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inventory::LocationKind")]
pub enum LocationKind {
    Store,
    Warehouse,
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

//! Lots and the locations of their goods.
use super::{
    inventory::Location,
    supply::{location, variant},
    variants::Variant,
};
use crate::{inventory, kernel::LocationId};
use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::NaiveDate;

/// A batch of goods that were made together.
pub struct Lot(pub inventory::LotView);

/// A batch of goods that were made together.
#[Object]
impl Lot {
    /// The id that REST uses.
    async fn lot_id(&self) -> String {
        self.0.lot.id.to_string()
    }
    /// As printed on the pack.
    async fn code(&self) -> &str {
        &self.0.lot.code
    }
    /// The status of the lot: released, quarantined or recalled. Only goods of released lots may be sold.
    async fn status(&self) -> &str {
        self.0.lot.status.as_str()
    }
    /// When it was made.
    async fn made_on(&self) -> Option<NaiveDate> {
        self.0.lot.made_on
    }
    /// The last day on which it may be sold.
    async fn expires_on(&self) -> Option<NaiveDate> {
        self.0.lot.expires_on
    }
    /// The variant of the lot.
    async fn variant(&self, ctx: &Context<'_>) -> Result<Option<Variant>> {
        variant(ctx, self.0.lot.variant_id).await
    }
    /// The locations of its goods, as far as one may see.
    async fn locations(&self) -> Vec<LotPlace> {
        let location = |location: &inventory::LotLocation| LotPlace {
            location_id: location.location_id,
            sellable: location.sellable,
            damaged: location.damaged,
            quality_hold: location.quality_hold,
            returned: location.returned,
            expired: location.expired,
        };
        self.0.locations.iter().map(location).collect()
    }
}

/// The units of a lot at a location.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct LotPlace {
    #[graphql(skip)]
    location_id: LocationId,
    /// The units that may be sold.
    sellable: i32,
    /// Here, but damaged.
    damaged: i32,
    /// Here, but held back for quality.
    quality_hold: i32,
    /// Here, returned and not yet inspected.
    returned: i32,
    /// Here, but past its date.
    expired: i32,
}

#[ComplexObject]
impl LotPlace {
    /// The location.
    async fn location(&self, ctx: &Context<'_>) -> Result<Option<Location>> {
        location(ctx, self.location_id).await
    }
}

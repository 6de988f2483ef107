//! Reservations and their lines.
use super::{inventory::Location, variants::Variant};
use crate::{
    graphql::{
        context::loaders,
        errors::shared,
        ids,
        loaders::{HeldBy, LocationById, VariantById},
        scalars::Long,
    },
    inventory,
};
use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};

/// The status of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "inventory::ReservationStatus")]
pub enum ReservationStatus {
    Active,
    Converted,
    Released,
    Expired,
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

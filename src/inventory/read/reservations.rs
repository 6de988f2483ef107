//! Reads of reservations, with their SKUs.
use crate::inventory::{
    model::ReservationStatus,
    reservations::{Reservation, ReservationLine},
};
use crate::{
    catalog,
    inventory::reservations::model::ReservationFilter,
    kernel::{LocationId, Locations, OrderId, Page, PageRequest, ReservationId, Result, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A reservation with its lines.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationView {
    /// Identifies the reservation.
    pub id: ReservationId,
    /// Identifies the location.
    pub location_id: LocationId,
    /// The state that it is in.
    pub status: ReservationStatus,
    /// The caller's own reference.
    pub reference: Option<String>,
    /// Identifies the order.
    pub order_id: Option<OrderId>,
    /// The lines, in order.
    pub lines: Vec<ReservationLineView>,
    /// When the reservation ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it ended; null while it is open.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
}

/// A line of a reservation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReservationLineView {
    /// The SKU of the variant.
    pub sku: String,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// Units.
    pub quantity: i32,
    /// The stock level's version after the reservation, or, in the answer to a release, after that: its place in the
    /// level's history.
    pub version: i64,
}

/// Reservations by id, as far as one may see them.
pub fn reservations_by_id(db: &mut Read, locations: &Locations, ids: &[ReservationId]) -> Result<Vec<Reservation>> {
    let found = crate::inventory::reservations::reservations_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|r| locations.include(r.location_id)).collect())
}

/// A page of the reservations one may see, the newest first.
pub(in crate::inventory) fn reservation_views(
    db: &mut Read,
    locations: &Locations,
    filter: &ReservationFilter,
    page: &PageRequest<ReservationId>,
) -> Result<Page<ReservationView>> {
    let Page { rows, has_more } = Page::of(
        crate::inventory::reservations::reservations_page(db.conn(), locations.ids(), filter, page)?,
        page.limit,
    );
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let lines = crate::inventory::reservations::reservation_lines(db.conn(), &ids)?;
    let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    let skus: std::collections::HashMap<_, _> =
        catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    let view = |row: &Reservation| {
        let of: Vec<_> = lines.iter().filter(|line| line.reservation_id == row.id).copied().collect();
        ReservationView::of(row, &of, |id| skus.get(&id).cloned().unwrap_or_default())
    };
    Ok(Page { rows: rows.iter().map(view).collect(), has_more })
}

/// The reservations of orders, as far as one may see them.
pub fn reservations_of(db: &mut Read, locations: &Locations, orders: &[OrderId]) -> Result<Vec<Reservation>> {
    let found = crate::inventory::reservations::reservations_of(db.conn(), orders)?;
    Ok(found.into_iter().filter(|r| locations.include(r.location_id)).collect())
}

/// The lines of reservations.
pub fn reservation_lines_of(db: &mut Read, ids: &[ReservationId]) -> Result<Vec<ReservationLine>> {
    Ok(crate::inventory::reservations::reservation_lines(db.conn(), ids)?)
}

/// A reservation as the interface shows it.
pub(in crate::inventory) fn reservation_view(db: &mut Read, reservation: &Reservation) -> Result<ReservationView> {
    let lines = crate::inventory::reservations::reservation_lines(db.conn(), &[reservation.id])?;
    let ids: Vec<_> = lines.iter().map(|l| l.variant_id).collect();
    let variants = catalog::variants_by_id(db, &ids)?;
    let sku_of = |id| variants.iter().find(|v| v.id == id).map(|v| v.sku.clone()).unwrap_or_default();
    Ok(ReservationView::of(reservation, &lines, sku_of))
}

impl ReservationView {
    pub(in crate::inventory) fn of(
        reservation: &Reservation,
        lines: &[ReservationLine],
        sku_of: impl Fn(VariantId) -> String,
    ) -> Self {
        let line = |l: &ReservationLine| ReservationLineView {
            sku: sku_of(l.variant_id),
            variant_id: l.variant_id,
            quantity: l.quantity,
            version: l.level_version,
        };
        Self {
            id: reservation.id,
            location_id: reservation.location_id,
            status: reservation.status,
            reference: reservation.reference.clone(),
            order_id: reservation.order_id,
            lines: lines.iter().map(line).collect(),
            expires_at: reservation.expires_at,
            closed_at: reservation.closed_at,
            created_at: reservation.created_at,
            version: reservation.version,
        }
    }
}

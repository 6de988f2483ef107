//! Reads of stock, batch-shaped, each limited to the locations the caller may see.
use super::{
    locations::Location,
    lots::ChannelOffer,
    model::ReservationStatus,
    purchasing,
    reservations::{Reservation, ReservationLine},
    rules::Offered,
};
use crate::{
    catalog,
    inventory::{
        levels::store::DatedLevel,
        locations::model::{LocationFilter, LocationKey},
        reservations::model::ReservationFilter,
    },
    kernel::{
        Code, Error, LocationId, Locations, LotId, OrderId, Page, PageRequest, ReservationId, Result, SupplierId,
        VariantId,
    },
    platform::db::{Read, Write},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A stock level as the interface shows it. Units are whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LevelView {
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The units that may be promised to the channel that was asked about: on_hand − damaged − quality_hold − returned
    /// − expired − allocated − reserved − safety_stock, less what expires too soon for the channel and what it leaves
    /// to others. Never negative.
    pub quantity_available: i32,
    /// Units that are promised beyond what is here, within the backorder limit or uncovered.
    pub backordered: i32,
    /// The same as `reserved`.
    pub quantity_reserved: i32,
    /// Everything that is physically here, in all states.
    pub on_hand: i32,
    /// Here, but damaged.
    pub damaged: i32,
    /// Here, but held back for quality, recalled, or not found and waiting for a count.
    pub quality_hold: i32,
    /// Here, returned and not yet inspected.
    pub returned: i32,
    /// Here, but past its date.
    pub expired: i32,
    /// Promised to paid orders and not yet sent.
    pub allocated: i32,
    /// Held for orders and baskets that are not paid.
    pub reserved: i32,
    /// On its way here from another location.
    pub in_transit: i32,
    /// Units that are never offered for sale.
    pub safety_stock: i32,
    /// Stock that runs low at or below so many available units.
    pub reorder_threshold: i32,
    /// Units to order at least when stock runs low.
    pub reorder_quantity: i32,
    /// Units that may be sold before they have arrived.
    pub backorder_limit: i32,
    /// Units that are promised although their goods had to be withdrawn: recalled, expired, or not found by a count.
    pub uncovered: i32,
    /// The number of its changes; send it back in `If-Match`.
    pub version: i64,
}

impl LevelView {
    /// As it is offered to someone who leaves so many units to others.
    pub fn of(offered: Offered, buffer: i32, sku: String) -> Self {
        let level = offered.level;
        Self {
            quantity_available: offered.available().saturating_sub(buffer).max(0),
            backordered: level.available().saturating_neg().max(0),
            quantity_reserved: level.reserved,
            location_id: level.location_id,
            variant_id: level.variant_id,
            sku,
            on_hand: level.on_hand,
            damaged: level.damaged,
            quality_hold: level.quality_hold,
            returned: level.returned,
            expired: level.expired,
            allocated: level.allocated,
            reserved: level.reserved,
            in_transit: level.in_transit,
            safety_stock: level.safety_stock,
            reorder_threshold: level.reorder_threshold,
            reorder_quantity: level.reorder_quantity,
            backorder_limit: level.backorder_limit,
            uncovered: level.uncovered,
            version: level.version,
        }
    }
}

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

/// A page of the locations one may see, by priority.
pub fn locations(
    db: &mut Read,
    places: &Locations,
    filter: &LocationFilter,
    page: &PageRequest<LocationKey>,
) -> Result<Page<Location>> {
    Ok(Page::of(super::locations::locations_page(db.conn(), places.ids(), filter, page)?, page.limit))
}

/// Locations by id, as far as one may see them.
pub fn locations_by_id(db: &mut Read, places: &Locations, ids: &[LocationId]) -> Result<Vec<Location>> {
    let seen: Vec<_> = ids.iter().copied().filter(|id| places.include(*id)).collect();
    Ok(super::locations::locations_by_id(db.conn(), &seen)?)
}

/// A location by its code.
pub fn location_by_code(db: &mut Read, code: &str) -> Result<Option<Location>> {
    Ok(super::locations::location_by_code(db.conn(), code)?)
}

/// Refuses unless the location exists.
pub fn require_location(db: &mut Read, id: LocationId) -> Result<Location> {
    super::locations::locations_by_id(db.conn(), &[id])?.pop().ok_or_else(|| Error::not_found("location"))
}

/// The same of one that is not closed until the transaction ends.
pub fn hold_open_location(tx: &mut Write, id: LocationId) -> Result<Location> {
    let now = tx.now();
    super::locations::hold_places(tx.conn(), &[id], now)?;
    require_open_location(tx, id)
}

/// The codes of locations, lots and suppliers, by id.
pub fn names_of(db: &mut Read, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let locations: Vec<_> = ids.iter().copied().map(LocationId).collect();
    let lots: Vec<_> = ids.iter().copied().map(LotId).collect();
    let suppliers: Vec<_> = ids.iter().copied().map(SupplierId).collect();
    let locations = super::locations::locations_by_id(db.conn(), &locations)?.into_iter().map(|of| (of.id.0, of.code));
    let lots = super::lots::lots_by_id(db, &lots)?.into_iter().map(|of| (of.id.0, of.code));
    let suppliers = purchasing::suppliers_by_id(db.conn(), &suppliers)?.into_iter().map(|of| (of.id.0, of.code));
    Ok(locations.chain(lots).chain(suppliers).collect())
}

/// The same of one that is not closed.
pub fn require_open_location(db: &mut Read, id: LocationId) -> Result<Location> {
    let location = require_location(db, id)?;
    match location.closed_at {
        None => Ok(location),
        Some(_) => Err(Error::refused(Code::LocationClosed, format!("location {} is closed", location.code))),
    }
}

/// The levels that are read: of which locations, of which variants or all, and the moment that decides what is expired.
#[derive(Debug, Clone, Copy)]
pub struct LevelsAt<'a> {
    pub locations: &'a [LocationId],
    pub only: Option<&'a [VariantId]>,
    pub now: DateTime<Utc>,
}

/// For each location a page of its levels, in order of variant; one query for many locations.
pub fn levels_at(
    db: &mut Read,
    places: &Locations,
    of: LevelsAt<'_>,
    page: &PageRequest<VariantId>,
) -> Result<Vec<DatedLevel>> {
    let LevelsAt { locations, only, now } = of;
    let seen: Vec<_> = locations.iter().copied().filter(|id| places.include(*id)).collect();
    Ok(crate::inventory::levels::store::levels_at(db.conn(), &seen, only, page, now)?)
}

/// The levels of variants at the locations that one may see; at most so many locations each.
pub fn levels_of(
    db: &mut Read,
    locations: &Locations,
    variants: &[VariantId],
    most: i64,
    now: DateTime<Utc>,
) -> Result<Vec<DatedLevel>> {
    Ok(crate::inventory::levels::store::levels_of(db.conn(), variants, locations.ids(), most, now)?)
}

/// Reservations by id, as far as one may see them.
pub fn reservations_by_id(db: &mut Read, locations: &Locations, ids: &[ReservationId]) -> Result<Vec<Reservation>> {
    let found = super::reservations::reservations_by_id(db.conn(), ids)?;
    Ok(found.into_iter().filter(|r| locations.include(r.location_id)).collect())
}

/// A page of the reservations one may see, the newest first.
pub(super) fn reservation_views(
    db: &mut Read,
    locations: &Locations,
    filter: &ReservationFilter,
    page: &PageRequest<ReservationId>,
) -> Result<Page<ReservationView>> {
    let Page { rows, has_more } =
        Page::of(super::reservations::reservations_page(db.conn(), locations.ids(), filter, page)?, page.limit);
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let lines = super::reservations::reservation_lines(db.conn(), &ids)?;
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
    let found = super::reservations::reservations_of(db.conn(), orders)?;
    Ok(found.into_iter().filter(|r| locations.include(r.location_id)).collect())
}

/// The lines of reservations.
pub fn reservation_lines_of(db: &mut Read, ids: &[ReservationId]) -> Result<Vec<ReservationLine>> {
    Ok(super::reservations::reservation_lines(db.conn(), ids)?)
}

/// A reservation as the interface shows it.
pub(super) fn reservation_view(db: &mut Read, reservation: &Reservation) -> Result<ReservationView> {
    let lines = super::reservations::reservation_lines(db.conn(), &[reservation.id])?;
    let ids: Vec<_> = lines.iter().map(|l| l.variant_id).collect();
    let variants = catalog::variants_by_id(db, &ids)?;
    let sku_of = |id| variants.iter().find(|v| v.id == id).map(|v| v.sku.clone()).unwrap_or_default();
    Ok(ReservationView::of(reservation, &lines, sku_of))
}

impl ReservationView {
    pub(super) fn of(
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

/// Levels with their SKUs, as they are offered to a channel.
pub(super) fn with_skus(db: &mut Read, levels: Vec<DatedLevel>, offer: ChannelOffer) -> Result<Vec<LevelView>> {
    let ids: Vec<_> = levels.iter().map(|l| l.variant_id).collect();
    let variants: std::collections::HashMap<_, _> =
        catalog::variants_by_id(db, &ids)?.into_iter().map(|v| (v.id, v.sku)).collect();
    let view = |level: DatedLevel| {
        let sku = variants.get(&level.variant_id).cloned().unwrap_or_default();
        Ok(LevelView::of(level.offered(offer.good_for_days)?, offer.buffer, sku))
    };
    levels.into_iter().map(view).collect()
}

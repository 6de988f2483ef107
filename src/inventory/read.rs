//! Reads of stock, batch-shaped, each limited to the locations the caller may see.
mod reservations;
pub use reservations::{ReservationView, reservation_lines_of, reservations_by_id, reservations_of};
pub(super) use reservations::{reservation_view, reservation_views};

use super::{locations::Location, lots::ChannelOffer, purchasing, rules::Offered};
use crate::{
    catalog,
    inventory::{
        levels::store::DatedLevel,
        locations::model::{LocationFilter, LocationKey},
        store::counters::Counters,
    },
    kernel::{Code, Error, LocationId, Locations, LotId, Page, PageRequest, Result, SupplierId, VariantId},
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
    #[serde(flatten)]
    pub counters: Counters,
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
            counters: level.counters,
            safety_stock: level.safety_stock,
            reorder_threshold: level.reorder_threshold,
            reorder_quantity: level.reorder_quantity,
            backorder_limit: level.backorder_limit,
            uncovered: level.uncovered,
            version: level.version,
        }
    }
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

//! Stock in time: what was there at any moment, why it is what it is now, and the closing of days.
use super::store::{MoveRow, UnitsByState};
use crate::{
    catalog,
    inventory::{costs::UnitCost, ledger::store::AsOf},
    kernel::{Code, Error, LocationId, Locations, LotId, Page, PageRequest, PrincipalId, Result, VariantId},
    platform::db::{Db, Read, Write, clock_guard::ClockGuard},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The units that were physically at a location at a moment. Promises are not part of it: they are not in the ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastLevel {
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The moment that is told of, by when things happened.
    pub as_of: DateTime<Utc>,
    /// The moment up to which was written down what the answer knows.
    pub known_at: DateTime<Utc>,
    /// Everything that was physically there.
    pub on_hand: i32,
    /// Units that are here but damaged.
    pub damaged: i32,
    /// Units that are held for quality control.
    pub quality_hold: i32,
    /// Units that came back and wait for inspection.
    pub returned: i32,
    /// Units past their expiry date.
    pub expired: i32,
}

/// The endpoint at which a move began or ended.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoveEnd {
    /// `location`, or one of the nodes outside: `supplier`, `customer`, `transit`, `scrap`, `adjust`.
    pub node: String,
    /// Identifies the location.
    pub location_id: Option<LocationId>,
    /// `sellable`, `damaged`, `quality_hold`, `returned` or `expired`.
    pub condition: String,
}

/// A move of the ledger, as it touched one level.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoveView {
    /// Identifies the entry.
    pub id: Uuid,
    /// Units moved.
    pub quantity: i32,
    /// The change of this level's on-hand; 0 for a change of condition.
    pub on_hand_change: i32,
    /// The endpoint that the units left.
    pub from: MoveEnd,
    /// The endpoint that the units reached.
    pub to: MoveEnd,
    /// Why: the code of an adjustment's reason (`/v1/reasons`), or a word of the service: `sale`, `found`, `receipt`,
    /// `transfer`, `return`, `restock`, `vendor_return`, `lost_in_transit`, `count`, `found_by_count`, `quarantine`,
    /// `release`, `recall`, `expiry`, `short_dated` and such.
    pub reason: String,
    /// The kind of record that `cause_id` is: `order`, `adjustment`, `count`, `transfer`, `receipt`, `return` or `lot`.
    pub cause_type: String,
    /// Identifies the document that moved the units.
    pub cause_id: Uuid,
    /// The user who did it.
    pub actor_id: PrincipalId,
    /// Their name; null for what the service did by itself, and for users who are there no longer.
    pub actor_name: Option<String>,
    /// The units' lot, as it is printed; null for units without one.
    pub lot_id: Option<LotId>,
    /// The code of the lot, as it is printed.
    pub lot: Option<String>,
    /// In someone's own words.
    pub note: Option<String>,
    /// At which cost a unit came or left, in minor units of the book currency to four decimals; null if that is not
    /// known, and for who may not read costs.
    pub unit_cost_minor: Option<f64>,
    /// When it happened, as far as is known.
    pub occurred_at: DateTime<Utc>,
    /// When it was written down; the order of the list.
    pub recorded_at: DateTime<Utc>,
}

/// A move's place in the list.
pub type MoveKey = (DateTime<Utc>, Uuid);

impl MoveView {
    fn of(row: MoveRow, location: LocationId, costs: bool) -> Self {
        let came = i32::from(row.to_location_id == Some(location));
        let went = i32::from(row.from_location_id == Some(location));
        Self {
            id: row.id,
            quantity: row.quantity,
            on_hand_change: (came - went) * row.quantity,
            from: MoveEnd { node: row.from_node, location_id: row.from_location_id, condition: row.from_condition },
            to: MoveEnd { node: row.to_node, location_id: row.to_location_id, condition: row.to_condition },
            reason: row.reason,
            cause_type: row.cause_type,
            cause_id: row.cause_id,
            actor_id: row.actor_id,
            actor_name: None,
            lot_id: row.lot_id,
            lot: row.lot,
            note: row.note,
            unit_cost_minor: row.unit_cost.filter(|_| costs).map(|cost| UnitCost::of_parts(cost).minor()),
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
        }
    }
}

/// The moves behind a level, newest first.
pub fn moves_of(
    db: &mut Read,
    location: LocationId,
    variant: VariantId,
    costs: &Locations,
    page: &PageRequest<MoveKey>,
) -> Result<Page<MoveView>> {
    let rows = super::store::moves_of(db.conn(), location, variant, page)?;
    Ok(Page::of(rows, page.limit).map(|row| MoveView::of(row, location, costs.include(location))))
}

/// A location's stock as it was at a moment, by when things happened, as far as was written down by another moment.
pub fn levels_as_of(
    db: &mut Read,
    location: LocationId,
    only: Option<Vec<VariantId>>,
    page: &PageRequest<VariantId>,
    at: AsOf,
) -> Result<Page<PastLevel>> {
    let AsOf { moment, known_at } = at;
    let rows = Page::of(super::store::as_of(db.conn(), location, only, page, at)?, page.limit);
    let variants: Vec<_> = rows.rows.iter().map(|row| row.variant_id).collect();
    let variants = catalog::variants_by_id(db, &variants)?;
    let skus: HashMap<_, _> = variants.into_iter().map(|variant| (variant.id, variant.sku)).collect();
    Ok(rows.map(|counted| {
        let UnitsByState { variant_id, on_hand, damaged, quality_hold, returned, expired } = counted;
        let sku = skus.get(&variant_id).cloned().unwrap_or_default();
        PastLevel {
            location_id: location,
            variant_id,
            sku,
            as_of: moment,
            known_at,
            on_hand,
            damaged,
            quality_hold,
            returned,
            expired,
        }
    }))
}

/// Refuses a moment that has not come.
pub fn require_past(name: &str, moment: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    match moment <= now {
        true => Ok(()),
        false => Err(Error::refused(Code::InvalidQuery, format!("{name}: {moment} has not come yet"))),
    }
}

/// Days closed in one round at most.
const ROUND: usize = 40;

/// Months for which the ledger has partitions before they come.
const MONTHS_AHEAD: i32 = 13;

/// Closes days that are over, with the months that they end, makes room for months to come, and returns how many days.
pub async fn close_days(db: &Db, pace: &ClockGuard) -> Result<usize> {
    let Some(now) = pace.now(db).await? else { return Ok(0) };
    let now = now + db.clock().ahead();
    let making = db.write(move |tx: &mut Write| {
        super::store::lock_closing(tx.conn())?;
        Ok(super::store::make_months(tx.conn(), now, MONTHS_AHEAD)?)
    });
    making.await?;
    for closed in 0..ROUND {
        let day = db.write(move |tx: &mut Write| {
            // Instances take turns: the next one finds the day closed.
            super::store::lock_closing(tx.conn())?;
            Ok(super::store::close_next_day(tx.conn(), now)?)
        });
        if day.await?.is_none() {
            return Ok(closed);
        }
    }
    Ok(ROUND)
}

/// The units of each variant that have gone to customers since a moment.
pub fn sold_since(db: &mut Read, since: DateTime<Utc>) -> Result<Vec<(VariantId, i64)>> {
    Ok(super::store::sold_since(db.conn(), since)?)
}

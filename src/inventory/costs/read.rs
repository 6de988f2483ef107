//! Costs as the interface shows them.
use super::{
    store::{CostChangeKey, Costed},
    unit::UnitCost,
};
use crate::{
    catalog,
    inventory::levels::store::Level,
    kernel::{LocationId, Money, Page, PageRequest, PrincipalId, Result, VariantId, money::Currency},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// The average cost of the goods of a variant at a location, by the method of the moving average.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CostView {
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Everything that is physically here.
    pub on_hand: i32,
    /// Units on hand of a known cost.
    pub costed: i32,
    /// The average cost of a unit, in minor units of the currency of `value` to four decimals; the last one where
    /// nothing is left. Null while none is known.
    pub average_cost_minor: Option<f64>,
    /// The worth of the units of a known cost at the average, in the book currency.
    pub value: Money,
    /// The version of the stock level.
    pub version: i64,
}

impl CostView {
    fn of(row: &Costed, location_id: LocationId, sku: String, currency: Currency) -> Self {
        let average = row.average_cost.map(UnitCost::of_parts);
        Self {
            location_id,
            variant_id: row.variant_id,
            sku,
            on_hand: row.on_hand,
            costed: row.costed,
            average_cost_minor: average.map(UnitCost::minor),
            value: Money { amount_minor: average.map_or(0, |average| average.of_units(row.costed)), currency },
            version: row.version,
        }
    }

    /// Of a level.
    pub(super) fn of_level(level: &Level, sku: String, currency: Currency) -> Self {
        let Level { variant_id, costed, average_cost, version, counters, .. } = *level;
        Self::of(
            &Costed { variant_id, on_hand: counters.on_hand, costed, average_cost, version },
            level.location_id,
            sku,
            currency,
        )
    }
}

/// An average cost that somebody has set.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CostChangeView {
    /// Identifies the entry.
    pub id: Uuid,
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Units on hand at that time; all of them had a known cost afterwards.
    pub on_hand: i32,
    /// Units of a known cost before.
    pub costed_before: i32,
    /// The average before, in minor units to four decimals; null if none was known.
    pub average_before_minor: Option<f64>,
    /// The average that was set, in minor units to four decimals.
    pub average_after_minor: f64,
    /// The book currency, as an ISO 4217 code.
    pub currency: Currency,
    /// The reason, in the words of whoever set it.
    pub note: Option<String>,
    /// The user who set it.
    pub changed_by: PrincipalId,
    /// When the cost changed.
    pub changed_at: DateTime<Utc>,
}

/// A page of the average costs that were set at a location, the latest first.
pub fn cost_changes(
    db: &mut Read,
    location: LocationId,
    only: Option<VariantId>,
    page: &PageRequest<CostChangeKey>,
    currency: Currency,
) -> Result<Page<CostChangeView>> {
    let page = Page::of(super::store::cost_changes(db.conn(), location, only, page)?, page.limit);
    let variants: Vec<_> = page.rows.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    Ok(page.map(|row| CostChangeView {
        id: row.id,
        location_id: row.location_id,
        variant_id: row.variant_id,
        sku: skus.get(&row.variant_id).cloned().unwrap_or_default(),
        on_hand: row.units,
        costed_before: row.costed_before,
        average_before_minor: row.average_before.map(|parts| UnitCost::of_parts(parts).minor()),
        average_after_minor: UnitCost::of_parts(row.average_after).minor(),
        currency,
        note: row.note,
        changed_by: row.actor_id,
        changed_at: row.changed_at,
    }))
}

/// A page of what is on hand at a location with its costs, in order of variant.
pub fn costs_at(
    db: &mut Read,
    location: LocationId,
    only: Option<Vec<VariantId>>,
    page: &PageRequest<VariantId>,
    currency: Currency,
) -> Result<Page<CostView>> {
    let page = Page::of(super::store::costs_at(db.conn(), location, only, page)?, page.limit);
    let variants: Vec<_> = page.rows.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    Ok(page.map(|row| CostView::of(&row, location, skus.get(&row.variant_id).cloned().unwrap_or_default(), currency)))
}

//! Replenishment: the levels that run low, and how much of each to get from where.
use crate::{
    catalog,
    inventory::replenishment::model::{Horizon, ReplenishmentScope, Sales},
    kernel::{LocationId, OrderId, Page, PageRequest, Result, SupplierId, VariantId},
    platform::db::{Read, Write},
};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// Days over which demand is measured.
pub const DEMAND_DAYS: i32 = 28;

/// From where goods may come.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// From the location with the largest surplus; it must cover the suggested quantity.
    Transfer {
        location_id: LocationId,
        /// Units beyond twice its own threshold.
        surplus: i32,
    },
    /// From a supplier.
    Buy {
        /// The supplier whose assortment has the variant: the preferred one, else the quickest. Null where none has it.
        supplier_id: Option<SupplierId>,
        /// The supplier's code.
        supplier_code: Option<String>,
        /// The supplier's own number for it.
        supplier_sku: Option<String>,
        /// The suggested quantity, in whole packs and no less than the supplier delivers.
        quantity: i32,
    },
}

/// A supplier whose assortment has a variant, and how much of it to buy there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuggestedSupplier {
    /// Identifies the supplier.
    pub supplier_id: SupplierId,
    /// The supplier's code.
    pub supplier_code: Option<String>,
    /// The supplier's own number for the variant.
    pub supplier_sku: Option<String>,
    /// The suggested quantity, in whole packs and no less than the supplier delivers.
    pub quantity: i32,
}

/// A level at or below its reorder threshold.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    /// Identifies the location.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The units that may still be promised.
    pub available: i32,
    /// On its way here.
    pub in_transit: i32,
    /// Ordered from suppliers and not yet here.
    pub on_order: i32,
    /// Stock that runs low at or below so many available units.
    pub reorder_threshold: i32,
    /// Units to order at least when stock runs low.
    pub reorder_quantity: i32,
    /// Units that are never offered for sale.
    pub safety_stock: i32,
    /// Units that left for customers on a day, over the last 28.
    pub daily_demand: f64,
    /// The units that last for the lead time (the supplier's, where one is known) and until the next review, and leave
    /// the threshold untouched (the order-up-to level of a periodic review policy), less what is available, on its way
    /// and on order; at least the reorder quantity.
    pub suggested_quantity: i32,
    /// The source of the goods.
    pub source: Source,
    /// The supplier to buy from, also where a transfer is suggested: the preferred one, else the quickest. Null where
    /// no assortment has the variant.
    pub supplier: Option<SuggestedSupplier>,
}

/// Levels that run low at these places, in order of place and variant; goods come from places that the caller may see.
pub fn suggestions(
    db: &mut Read,
    locations: ReplenishmentScope<'_>,
    horizon: Horizon,
    page: &PageRequest<(LocationId, VariantId)>,
    now: DateTime<Utc>,
) -> Result<Page<Suggestion>> {
    let since = now - Duration::days(i64::from(DEMAND_DAYS));
    let sales = Sales { since, days: DEMAND_DAYS };
    let rows = super::store::running_low(db.conn(), &locations, page, sales, horizon)?;
    let page = Page::of(rows, page.limit);
    let variants: Vec<_> = page.rows.iter().map(|row| row.variant_id).collect();
    let variants = catalog::variants_by_id(db, &variants)?;
    let skus: HashMap<_, _> = variants.into_iter().map(|variant| (variant.id, variant.sku)).collect();
    Ok(page.map(|row| Suggestion {
        location_id: row.location_id,
        variant_id: row.variant_id,
        sku: skus.get(&row.variant_id).cloned().unwrap_or_default(),
        available: row.available,
        in_transit: row.in_transit,
        on_order: row.on_order,
        reorder_threshold: row.reorder_threshold,
        reorder_quantity: row.reorder_quantity,
        safety_stock: row.safety_stock,
        daily_demand: i32::try_from(row.sold).map_or(f64::MAX, |sold| f64::from(sold) / f64::from(DEMAND_DAYS)),
        suggested_quantity: row.suggested,
        supplier: row.supplier_id.map(|supplier_id| SuggestedSupplier {
            supplier_id,
            supplier_code: row.supplier_code.clone(),
            supplier_sku: row.supplier_sku.clone(),
            quantity: row.to_buy,
        }),
        source: match (row.source_id, row.source_surplus) {
            (Some(location_id), Some(surplus)) => Source::Transfer { location_id, surplus },
            _ => Source::Buy {
                supplier_id: row.supplier_id,
                supplier_code: row.supplier_code,
                supplier_sku: row.supplier_sku,
                quantity: row.to_buy,
            },
        },
    }))
}

/// Counts what a sale has found beyond the bound as demand: someone has looked at it.
pub fn accept_finds(tx: &mut Write, order: OrderId) -> Result<()> {
    super::store::accept_finds(tx, order)?;
    Ok(())
}

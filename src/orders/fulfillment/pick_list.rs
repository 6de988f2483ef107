//! Which lots to take for an order: those that expire first and are good for long enough where the order goes. The list
//! is a proposal; the lots are taken when the order is shipped.
use crate::{
    catalog,
    inventory::{self, Allocation, Picked, ShelfLife},
    kernel::{Error, LocationId, Locations, OrderId, Result, VariantId},
    orders::model,
    orders::{read::orders_by_id, rules},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Units of a variant to be taken, lot by lot.
#[derive(Debug, Serialize, ToSchema)]
pub struct PickView {
    /// The location from which to take them.
    pub location_id: LocationId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Units that are promised.
    pub quantity: i32,
    /// Units that are missing: not here, or not good for long enough.
    pub missing: i32,
    /// The lots to take, in this order.
    pub lots: Vec<Picked>,
}

/// The lots to take for an order that is not shipped yet, of goods that are good for as long as its channel asks.
pub fn picks(
    db: &mut Read,
    locations: &Locations,
    id: OrderId,
    now: DateTime<Utc>,
    life: ShelfLife,
) -> Result<Vec<PickView>> {
    let order = orders_by_id(db, locations, &[id])?.pop().ok_or_else(|| Error::not_found("order"))?;
    rules::moved(order.number, order.status, rules::OrderMove::Process).or_else(|refusal| match order.status {
        model::OrderStatus::Processing => Ok(order.status),
        _ => Err(refusal),
    })?;
    let mut open: Vec<Allocation> = inventory::allocated_to_order(db, id)?;
    open.retain(|allocation| locations.include(allocation.location_id));
    let ids: Vec<_> = open.iter().map(|allocation| allocation.variant_id).collect();
    let variants = catalog::variants_by_id(db, &ids)?;
    let days = life.days(order.channel);
    let mut views = vec![];
    for allocation in open {
        let lots = inventory::pick_list(db, &allocation, order.created_at, days, now)?;
        let sku = variants.iter().find(|v| v.id == allocation.variant_id).map(|v| v.sku.clone()).unwrap_or_default();
        let found: i32 = lots.iter().map(|lot| lot.units).sum();
        views.push(PickView {
            location_id: allocation.location_id,
            variant_id: allocation.variant_id,
            sku,
            quantity: allocation.quantity,
            missing: allocation.quantity - found,
            lots,
        });
    }
    Ok(views)
}

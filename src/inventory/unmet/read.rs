//! Unmet demand as the interface shows it.
use super::store::{self, UnmetKey};
use crate::{
    catalog,
    inventory::unmet::model::UnmetFilter,
    kernel::{Channel, LocationId, Locations, Page, PageRequest, Result, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// An estimate of what was asked for within an hour and was not there.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnmetDemand {
    /// The id of the counter.
    pub id: Uuid,
    /// The moment at which the hour began, by the clock of the location, or of UTC where none was named.
    pub hour: DateTime<Utc>,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The location that was named, or the only one that the caller may sell from; null for orders that any location
    /// may fill.
    pub location_id: Option<LocationId>,
    /// The channel that asked, if it said so.
    #[schema(inline)]
    pub channel: Option<Channel>,
    /// Lines that were refused; a request that is sent again counts again.
    pub requests: i64,
    /// Units that were missing: what was asked for, less what was there.
    pub units: i64,
}

/// A page of counters, the latest hour first. Those without a location are for who may see all locations.
pub fn unmet(
    db: &mut Read,
    locations: &Locations,
    filter: &UnmetFilter,
    page: &PageRequest<UnmetKey>,
) -> Result<Page<UnmetDemand>> {
    let page = Page::of(store::unmet(db.conn(), locations.ids(), filter, page)?, page.limit);
    let variants: Vec<_> = page.rows.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    Ok(page.map(|row| UnmetDemand {
        id: row.id,
        hour: row.hour,
        variant_id: row.variant_id,
        sku: skus.get(&row.variant_id).cloned().unwrap_or_default(),
        location_id: row.location_id,
        channel: row.channel,
        requests: row.requests,
        units: row.units,
    }))
}

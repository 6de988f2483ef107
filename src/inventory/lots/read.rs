//! Reads of lots: what is known of them and where their goods are, as far as one may see the locations.
use super::store::{Lot, LotLocation};
use crate::{
    catalog,
    inventory::{lots::model::LotFilter, service::Inventory},
    kernel::{Error, LocationId, Locations, LotId, Page, PageRequest, Result, Typed, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A lot with where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LotView {
    #[serde(flatten)]
    pub lot: Lot,
    /// The SKU of the variant.
    pub sku: String,
    /// The locations of its goods now, as far as you may see.
    pub locations: Vec<LotLocation>,
}

/// A page of lots, newest first.
pub fn lots(
    db: &mut Read,
    locations: &Locations,
    filter: &LotFilter,
    page: &PageRequest<LotId>,
) -> Result<Page<LotView>> {
    let page = Page::of(super::store::lots_page(db.conn(), filter, page)?, page.limit);
    let views = views(db, locations, page.rows)?;
    Ok(Page { rows: views, has_more: page.has_more })
}

/// Lots by id.
pub fn lots_by_id(db: &mut Read, ids: &[LotId]) -> Result<Vec<Lot>> {
    Ok(super::store::lots_by_id(db.conn(), ids)?)
}

/// One lot, or a refusal.
pub fn lot_view(db: &mut Read, locations: &Locations, id: LotId) -> Result<LotView> {
    let found = lots_by_id(db, &[id])?;
    views(db, locations, found)?.pop().ok_or_else(|| Error::not_found("lot"))
}

/// A lot by what is printed on a pack.
pub fn lot_printed(db: &mut Read, variant: VariantId, code: &str) -> Result<Option<Lot>> {
    Ok(super::store::lot_by_code(db.conn(), variant, &Typed::of(code))?)
}

impl Inventory {
    /// Days until packs expire, from the business day of a location at a moment, by variant and what is printed on
    /// them: 0 on their last day, negative afterwards, none of what does not expire. Lots that are not known are
    /// missing.
    pub async fn days_until_expiry(
        &self,
        location: LocationId,
        at: DateTime<Utc>,
        packs: Vec<(VariantId, Typed)>,
    ) -> Result<HashMap<(VariantId, Typed), Option<i64>>> {
        self.learn_zones(&[location]).await?;
        let today = self.zones.day(location, at);
        let found = self.db.read(move |db| Ok(super::store::expiries(db.conn(), &packs)?)).await?;
        let days = |day: NaiveDate| day.signed_duration_since(today).num_days();
        Ok(found.into_iter().map(|(pack, day)| (pack, day.map(days))).collect())
    }
}

fn views(db: &mut Read, locations: &Locations, lots: Vec<Lot>) -> Result<Vec<LotView>> {
    let ids: Vec<_> = lots.iter().map(|lot| lot.id).collect();
    let mut lying: HashMap<LotId, Vec<LotLocation>> = HashMap::new();
    for (lot, location) in super::store::places_of_lots(db.conn(), &ids, locations.ids())? {
        lying.entry(lot).or_default().push(location);
    }
    let variants: Vec<_> = lots.iter().map(|lot| lot.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    let view = |lot: Lot| LotView {
        sku: skus.get(&lot.variant_id).cloned().unwrap_or_default(),
        locations: lying.remove(&lot.id).unwrap_or_default(),
        lot,
    };
    Ok(lots.into_iter().map(view).collect())
}

//! Counts as the interface shows them. While a blind count is being counted, no one is told what the books say.
use super::{
    Count, CountStatus,
    store::{self, CountHead, CountLine},
};
use crate::{
    catalog,
    inventory::{
        counts::model::CountFilter,
        lots::{self, Lot},
    },
    kernel::{CountId, Error, Locations, LotId, Page, PageRequest, PrincipalId, Result, VariantId},
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A count with its lines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountView {
    #[serde(flatten)]
    pub head: CountHead,
    /// The lines, in order.
    pub lines: Vec<CountLineView>,
}

/// A variant that is counted, or a lot of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CountLineView {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// The lot's code; null for what came without a lot.
    pub lot: Option<String>,
    /// The units in the books when the count was started; null while a blind count is being counted.
    pub at_start: Option<i32>,
    /// The units in the books at the moment at which it was counted.
    pub expected: Option<i32>,
    /// Units that were found; null until it is counted.
    pub counted: Option<i32>,
    /// counted − expected.
    pub variance: Option<i32>,
    /// When it was counted.
    pub counted_at: Option<DateTime<Utc>>,
    /// The user who counted it.
    pub counted_by: Option<PrincipalId>,
}

/// The names of the ids of lines.
#[derive(Debug, Clone, Default)]
pub struct CountNames {
    pub skus: HashMap<VariantId, String>,
    pub lots: HashMap<LotId, Lot>,
}

pub(super) fn names_of(db: &mut Read, lines: &[CountLine]) -> Result<CountNames> {
    let variants: Vec<_> = lines.iter().map(|line| line.variant_id).collect();
    let ids: Vec<_> = lines.iter().filter_map(|line| line.lot_id).collect();
    Ok(CountNames {
        skus: catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect(),
        lots: lots::lots_by_id(db, &ids)?.into_iter().map(|lot| (lot.id, lot)).collect(),
    })
}

impl CountView {
    pub(super) fn of(count: &Count, names: &CountNames) -> Self {
        let is_hidden = count.head.is_blind && count.head.status == CountStatus::Counting;
        let line = |line: &CountLine| CountLineView {
            variant_id: line.variant_id,
            sku: names.skus.get(&line.variant_id).cloned().unwrap_or_default(),
            lot: line.lot_id.and_then(|id| names.lots.get(&id)).map(|lot| lot.code.clone()),
            at_start: (!is_hidden).then_some(line.at_start),
            expected: line.expected.filter(|_| !is_hidden),
            counted: line.counted,
            variance: line.variance().filter(|_| !is_hidden),
            counted_at: line.counted_at,
            counted_by: line.counted_by,
        };
        Self { head: count.head.clone(), lines: count.lines.iter().map(line).collect() }
    }
}

/// A page of the counts of locations, newest first, without their lines.
pub fn counts(
    db: &mut Read,
    locations: &Locations,
    filter: CountFilter,
    page: &PageRequest<CountId>,
) -> Result<Page<CountHead>> {
    Ok(Page::of(store::counts(db.conn(), locations, filter, page)?, page.limit))
}

/// A count of a location that one may see, or a refusal.
pub fn count_view(db: &mut Read, locations: &Locations, id: CountId) -> Result<CountView> {
    let found = store::count(db.conn(), id)?.filter(|count| locations.include(count.head.location_id));
    let count = found.ok_or_else(|| Error::not_found("count"))?;
    let names = names_of(db, &count.lines)?;
    Ok(CountView::of(&count, &names))
}

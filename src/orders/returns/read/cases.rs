//! Reactions of customers' skin that inspections have found: to be listed by lot, as those who look into them need
//! them.
use crate::{
    catalog, inventory,
    kernel::{CaseId, Error, Locations, LotId, OrderId, Page, PageRequest, PrincipalId, Result, ReturnId, VariantId},
    orders::returns::{
        model::{CaseFilter, CaseKey},
        store::{self, CaseRow},
    },
    platform::db::Read,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A customer's skin has reacted to a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReactionCase {
    /// Identifies the case.
    pub id: CaseId,
    /// The return whose inspection has found it.
    pub return_id: ReturnId,
    /// Identifies the order.
    pub order_id: OrderId,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Identifies the lot; null for units without one.
    pub lot_id: Option<LotId>,
    /// The lot's code as it is printed; null if the pack's lot is not known.
    pub lot: Option<String>,
    /// The inspector's or the customer's words.
    pub note: Option<String>,
    /// The user who opened the case.
    pub opened_by: PrincipalId,
    /// When the case was opened.
    pub opened_at: DateTime<Utc>,
}

fn views(db: &mut Read, rows: Vec<CaseRow>) -> Result<Vec<ReactionCase>> {
    let variants: Vec<_> = rows.iter().map(|row| row.variant_id).collect();
    let skus: HashMap<_, _> = catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect();
    let lots: Vec<_> = rows.iter().filter_map(|row| row.lot_id).collect();
    let codes: HashMap<_, _> = inventory::lots_by_id(db, &lots)?.into_iter().map(|lot| (lot.id, lot.code)).collect();
    let view = |row: CaseRow| ReactionCase {
        id: row.id,
        return_id: row.return_id,
        order_id: row.order_id,
        variant_id: row.variant_id,
        sku: skus.get(&row.variant_id).cloned().unwrap_or_default(),
        lot: row.lot_id.and_then(|id| codes.get(&id).cloned()),
        lot_id: row.lot_id,
        note: row.note,
        opened_by: row.opened_by,
        opened_at: row.opened_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// A page of cases, the newest first, whose goods came in where one may see them.
pub fn cases(
    db: &mut Read,
    at: &Locations,
    filter: &CaseFilter,
    page: &PageRequest<CaseKey>,
) -> Result<Page<ReactionCase>> {
    let Page { rows, has_more } = Page::of(store::cases(db.conn(), at.ids(), filter, page)?, page.limit);
    Ok(Page { rows: views(db, rows)?, has_more })
}

/// A case, if its goods came in where one may see it.
pub fn case(db: &mut Read, at: &Locations, id: CaseId) -> Result<ReactionCase> {
    let filter = CaseFilter { id: Some(id), ..CaseFilter::default() };
    let found = cases(db, at, &filter, &PageRequest { after: None, limit: 1 })?;
    found.rows.into_iter().next().ok_or_else(|| Error::not_found("reaction case"))
}

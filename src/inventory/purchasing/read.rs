//! Purchase orders and arrivals as the interface shows them, to those who may see their location.
use super::{
    ArrivalCondition, Purchase, Receipt,
    store::{self, PurchaseHead, ReceiptHead},
};
use crate::{
    catalog,
    inventory::{
        costs::ExchangeRate,
        lots::{self, Lot},
        purchasing::model::PurchaseFilter,
    },
    kernel::{
        Error, LocationId, Locations, LotId, Money, Page, PageRequest, PurchaseOrderId, ReceiptId, Result, VariantId,
    },
    platform::db::Read,
};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A purchase order as the interface shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PurchaseView {
    #[serde(flatten)]
    pub head: PurchaseHead,
    /// Units of the book currency for one unit of the order's; null where they are the same, and for who may not read
    /// costs.
    pub exchange_rate: Option<ExchangeRate>,
    /// The lines, in order.
    pub lines: Vec<PurchaseLineView>,
}

/// A variant of a purchase order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PurchaseLineView {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Units that were ordered.
    pub ordered: i32,
    /// Taken in.
    pub received: i32,
    /// Refused at the door.
    pub rejected: i32,
    /// Still expected while the order is open.
    pub outstanding: i32,
    /// The cost of a unit; null if that is not known, and for who may not read costs.
    pub unit_cost: Option<Money>,
}

/// An arrival as the interface shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptView {
    #[serde(flatten)]
    pub head: ReceiptHead,
    /// Units of the book currency for one unit of the receipt's; null where they are the same, and for who may not read
    /// costs.
    pub exchange_rate: Option<ExchangeRate>,
    /// The lines, in order.
    pub lines: Vec<ReceiptLineView>,
}

/// A line of an arrival.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReceiptLineView {
    /// The number of the line in its document, from 1.
    pub line_no: i32,
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Identifies the lot; null for units without one.
    pub lot_id: Option<LotId>,
    /// The code of the lot, as it is printed.
    pub lot: Option<String>,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
    /// Taken in.
    pub accepted: i32,
    /// Refused at the door.
    pub rejected: i32,
    /// The condition of the units.
    pub condition: ArrivalCondition,
    /// The cost of a unit; null if that is not known, and for who may not read costs.
    pub unit_cost: Option<Money>,
}

/// SKUs by variant.
pub type Skus = HashMap<VariantId, String>;

pub(super) fn skus_of(db: &mut Read, variants: &[VariantId]) -> Result<Skus> {
    Ok(catalog::variants_by_id(db, variants)?.into_iter().map(|v| (v.id, v.sku)).collect())
}

impl PurchaseView {
    pub(super) fn of(purchase: &Purchase, skus: &Skus, costs: &Locations) -> Self {
        let shows = costs.include(purchase.head.location_id);
        let cost = |minor| Money::known(minor, purchase.head.currency.as_deref()).filter(|_| shows);
        let line = |line: &super::store::PurchaseLine| PurchaseLineView {
            variant_id: line.variant_id,
            sku: skus.get(&line.variant_id).cloned().unwrap_or_default(),
            ordered: line.ordered,
            received: line.received,
            rejected: line.rejected,
            outstanding: (line.ordered - line.received).max(0),
            unit_cost: cost(line.unit_cost_minor),
        };
        let exchange_rate = purchase.head.exchange_rate.filter(|_| shows).map(ExchangeRate::of_billionths);
        let mut head = purchase.head.clone();
        head.currency = head.currency.filter(|_| shows);
        Self { head, exchange_rate, lines: purchase.lines.iter().map(line).collect() }
    }
}

impl ReceiptView {
    pub(super) fn of(receipt: &Receipt, skus: &Skus, lots: &HashMap<LotId, Lot>, costs: &Locations) -> Self {
        let shows = costs.include(receipt.head.location_id);
        let cost = |minor| Money::known(minor, receipt.head.currency.as_deref()).filter(|_| shows);
        let line = |line: &super::store::ReceiptLine| {
            let lot = line.lot_id.and_then(|id| lots.get(&id));
            ReceiptLineView {
                line_no: line.line_no,
                variant_id: line.variant_id,
                sku: skus.get(&line.variant_id).cloned().unwrap_or_default(),
                lot_id: line.lot_id,
                lot: lot.map(|lot| lot.code.clone()),
                expires_on: lot.and_then(|lot| lot.expires_on),
                accepted: line.accepted,
                rejected: line.rejected,
                condition: line.condition,
                unit_cost: cost(line.unit_cost_minor),
            }
        };
        let exchange_rate = receipt.head.exchange_rate.filter(|_| shows).map(ExchangeRate::of_billionths);
        let mut head = receipt.head.clone();
        head.currency = head.currency.filter(|_| shows);
        Self { head, exchange_rate, lines: receipt.lines.iter().map(line).collect() }
    }
}

/// A page of the purchase orders for locations that one may see, newest first.
pub fn purchases(
    db: &mut Read,
    locations: &Locations,
    costs: &Locations,
    filter: &PurchaseFilter,
    page: &PageRequest<PurchaseOrderId>,
) -> Result<Page<PurchaseView>> {
    let page = Page::of(store::purchases(db.conn(), locations.ids(), filter, page)?, page.limit);
    let variants: Vec<_> = page.rows.iter().flat_map(|p| &p.lines).map(|line| line.variant_id).collect();
    let skus = skus_of(db, &variants)?;
    Ok(page.map(|purchase| PurchaseView::of(&purchase, &skus, costs)))
}

/// A purchase order for a location that one may see, or a refusal.
pub fn purchase_view(
    db: &mut Read,
    locations: &Locations,
    costs: &Locations,
    id: PurchaseOrderId,
) -> Result<PurchaseView> {
    let found = store::purchase(db.conn(), id)?.filter(|purchase| locations.include(purchase.head.location_id));
    let purchase = found.ok_or_else(|| Error::not_found("purchase order"))?;
    let skus = skus_of(db, &purchase.lines.iter().map(|line| line.variant_id).collect::<Vec<_>>())?;
    Ok(PurchaseView::of(&purchase, &skus, costs))
}

/// A page of the arrivals at a location, newest first.
pub fn receipts(
    db: &mut Read,
    location: LocationId,
    costs: &Locations,
    page: &PageRequest<ReceiptId>,
) -> Result<Page<ReceiptView>> {
    let page = Page::of(store::receipts(db.conn(), location, page)?, page.limit);
    let views = receipt_views(db, &page.rows, costs)?;
    Ok(Page { rows: views, has_more: page.has_more })
}

/// An arrival at a location that one may see, or a refusal.
pub fn receipt_view(db: &mut Read, locations: &Locations, costs: &Locations, id: ReceiptId) -> Result<ReceiptView> {
    let found = store::receipt(db.conn(), id)?.filter(|receipt| locations.include(receipt.head.location_id));
    let receipt = found.ok_or_else(|| Error::not_found("receipt"))?;
    receipt_views(db, &[receipt], costs)?.pop().ok_or_else(|| Error::not_found("receipt"))
}

fn receipt_views(db: &mut Read, receipts: &[Receipt], costs: &Locations) -> Result<Vec<ReceiptView>> {
    let lines = || receipts.iter().flat_map(|receipt| &receipt.lines);
    let skus = skus_of(db, &lines().map(|line| line.variant_id).collect::<Vec<_>>())?;
    let lots = lots::lots_by_id(db, &lines().filter_map(|line| line.lot_id).collect::<Vec<_>>())?;
    let lots = lots.into_iter().map(|lot| (lot.id, lot)).collect();
    Ok(receipts.iter().map(|receipt| ReceiptView::of(receipt, &skus, &lots, costs)).collect())
}

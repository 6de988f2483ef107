//! Transfers as the interface shows them, to those who may see one of their ends.
use super::{
    Transfer,
    store::{self, Head},
};
use crate::{
    catalog,
    inventory::{
        lots::{self, Lot},
        skus::told,
        transfers::model::TransferFilter,
    },
    kernel::{Error, Locations, LotId, Page, PageRequest, Result, TransferId, VariantId},
    platform::db::Read,
};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A transfer as the interface shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferView {
    #[serde(flatten)]
    pub head: Head,
    /// The lines, in order.
    pub lines: Vec<TransferLineView>,
}

/// A variant of a transfer: shipped = received + damaged + lost + in_transit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferLineView {
    /// Identifies the variant.
    pub variant_id: VariantId,
    /// The SKU of the variant.
    pub sku: String,
    /// Units that the transfer asks for.
    pub requested: i32,
    /// Units that were shipped.
    pub shipped: i32,
    /// Units that have arrived.
    pub received: i32,
    /// Units that are here but damaged.
    pub damaged: i32,
    /// Units that were lost on the way.
    pub lost: i32,
    /// Units that are on their way.
    pub in_transit: i32,
    /// The lots among what was shipped.
    pub lots: Vec<TransferLotView>,
}

/// A lot among what was shipped.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferLotView {
    /// Identifies the lot; null for units without one.
    pub lot_id: LotId,
    /// The code by which people know it.
    pub code: String,
    /// The last day on which it may be sold.
    pub expires_on: Option<NaiveDate>,
    /// Units that were shipped.
    pub shipped: i32,
    /// Units that have arrived.
    pub received: i32,
    /// Units that are here but damaged.
    pub damaged: i32,
    /// Units that were lost on the way.
    pub lost: i32,
    /// Units that are on their way.
    pub in_transit: i32,
}

/// The names of the ids of transfers.
#[derive(Debug, Clone, Default)]
pub struct TransferNames {
    pub skus: HashMap<VariantId, String>,
    pub lots: HashMap<LotId, Lot>,
}

impl TransferNames {
    /// A refusal of the stock's, with SKUs in place of ids.
    pub(super) fn told(&self, error: Error) -> Error {
        told(error, |id| self.skus.get(&id).cloned())
    }
}

/// SKUs and lots of transfers.
pub fn names_of(db: &mut Read, transfers: &[&Transfer]) -> Result<TransferNames> {
    let variants: Vec<_> = transfers.iter().flat_map(|t| &t.lines).map(|line| line.variant_id).collect();
    let ids: Vec<_> = transfers.iter().flat_map(|t| &t.lots).map(|line| line.lot_id).collect();
    Ok(TransferNames {
        skus: catalog::variants_by_id(db, &variants)?.into_iter().map(|v| (v.id, v.sku)).collect(),
        lots: lots::lots_by_id(db, &ids)?.into_iter().map(|lot| (lot.id, lot)).collect(),
    })
}

impl TransferView {
    pub(super) fn of(transfer: &Transfer, names: &TransferNames) -> Self {
        let lots_of = |variant| {
            let of_variant = transfer.lots.iter().filter(move |lot| lot.variant_id == variant);
            of_variant.map(|lot| TransferLotView {
                lot_id: lot.lot_id,
                code: names.lots.get(&lot.lot_id).map(|lot| lot.code.clone()).unwrap_or_default(),
                expires_on: names.lots.get(&lot.lot_id).and_then(|lot| lot.expires_on),
                shipped: lot.shipped,
                received: lot.received,
                damaged: lot.damaged,
                lost: lot.lost,
                in_transit: lot.on_its_way(),
            })
        };
        let line = |line: &super::store::TransferLine| TransferLineView {
            variant_id: line.variant_id,
            sku: names.skus.get(&line.variant_id).cloned().unwrap_or_default(),
            requested: line.requested,
            shipped: line.shipped,
            received: line.received,
            damaged: line.damaged,
            lost: line.lost,
            in_transit: line.on_its_way(),
            lots: lots_of(line.variant_id).collect(),
        };
        Self { head: transfer.head.clone(), lines: transfer.lines.iter().map(line).collect() }
    }
}

/// A page of the transfers of which one may see an end, newest first.
pub fn transfers(
    db: &mut Read,
    locations: &Locations,
    filter: &TransferFilter,
    page: &PageRequest<TransferId>,
) -> Result<Page<TransferView>> {
    let page = Page::of(store::transfers(db.conn(), locations.ids(), filter, page)?, page.limit);
    let names = names_of(db, &page.rows.iter().collect::<Vec<_>>())?;
    Ok(page.map(|transfer| TransferView::of(&transfer, &names)))
}

/// A transfer of which one may see an end, or a refusal.
pub fn transfer_view(db: &mut Read, locations: &Locations, id: TransferId) -> Result<TransferView> {
    let (transfer, names) = found(db, id)?;
    match [transfer.head.from_location_id, transfer.head.to_location_id].iter().any(|end| locations.include(*end)) {
        true => Ok(TransferView::of(&transfer, &names)),
        false => Err(Error::not_found("transfer")),
    }
}

/// A transfer with what its ids stand for, whoever asks.
pub(super) fn found(db: &mut Read, id: TransferId) -> Result<(Transfer, TransferNames)> {
    let transfer = store::transfer(db.conn(), id)?.ok_or_else(|| Error::not_found("transfer"))?;
    let names = names_of(db, &[&transfer])?;
    Ok((transfer, names))
}

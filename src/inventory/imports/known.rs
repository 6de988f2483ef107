//! Rows of exports: what they tell of is in the books already. The books are asked, for a file may say anything.
use super::{
    rows::{CountRow, ReceiptRow},
    work::StockWork,
};
use crate::{
    inventory::{
        counts::{self, CountStatus, CountView},
        purchasing::{self, ReceiptView},
    },
    kernel::{Actor, Code, Error, LocationId, Money, ReceiptId, Result, Typed, actor::Permission},
};

impl StockWork<'_> {
    /// Tells if a line of a count is one of an export that leaves nothing to be done: nobody has counted it, or its
    /// count is over and holds it as the row does.
    pub(super) async fn is_counted(&self, actor: &Actor, row: &CountRow) -> Result<bool> {
        if !row.is_of_export() {
            return Ok(false);
        }
        let (locations, id) = (actor.places(Permission::InventoryRead), row.count_id);
        let count = self.inventory.db.read(move |db| counts::count_view(db, &locations, id)).await?;
        Ok(row.quantity().is_none() || is_over(&count) && holds_count(&count, row))
    }

    /// Refuses a row that names a receipt which does not hold its line.
    pub(super) async fn require_received(
        &self,
        actor: &Actor,
        id: ReceiptId,
        location: LocationId,
        row: &ReceiptRow,
    ) -> Result<()> {
        let (locations, costs) = (actor.places(Permission::InventoryRead), actor.places(Permission::CostsRead));
        let receipt = self.inventory.db.read(move |db| purchasing::receipt_view(db, &locations, &costs, id)).await?;
        if receipt.head.location_id == location && holds_line(&receipt, row) {
            return Ok(());
        }
        let detail = format!("receipt {id} has no such line: leave receipt_id empty to book an arrival");
        Err(Error::refused(Code::InvalidRow, detail))
    }
}

fn is_over(count: &CountView) -> bool {
    matches!(count.head.status, CountStatus::Approved | CountStatus::Canceled)
}

fn is_same(code: Option<&str>, other: Option<&str>) -> bool {
    code.map(Typed::of) == other.map(Typed::of)
}

fn holds_count(count: &CountView, row: &CountRow) -> bool {
    let (sku, lot) = row.goods();
    let is_this = |sku_of: &str, lot_of: Option<&str>| is_same(Some(sku_of), Some(sku)) && is_same(lot_of, lot);
    let mut lines = count.lines.iter();
    lines.any(|line| is_this(&line.sku, line.lot.as_deref()) && line.counted == row.quantity())
}

fn holds_line(receipt: &ReceiptView, row: &ReceiptRow) -> bool {
    let (sku, lot) = row.goods();
    let mut lines = receipt.lines.iter();
    let units = (row.accepted, row.rejected);
    // Whoever may not see costs is not told by a refusal which they are.
    let is_cost = |cost: Option<Money>| match (row.cost(), cost) {
        (Some((said, currency)), Some(cost)) => said == cost.amount_minor && currency == Some(cost.currency),
        _ => true,
    };
    let head = &receipt.head;
    let is_rate = row.terms().rate.is_none_or(|rate| receipt.exchange_rate.is_none_or(|kept| kept == rate));
    let is_order = row.purchase_order_id.is_none_or(|id| head.purchase_order_id == Some(id));
    let is_reference = row.reference.as_deref().is_none_or(|said| head.reference.as_deref() == Some(said));
    sku.is_some()
        && is_rate
        && is_order
        && is_reference
        && lines.any(|line| {
            is_same(Some(&line.sku), sku)
                && is_same(line.lot.as_deref(), lot)
                && (line.accepted, line.rejected) == units
                && is_cost(line.unit_cost)
                && row.condition.is_none_or(|said| said == line.condition)
                && row.expires_on.is_none_or(|day| line.expires_on == Some(day))
        })
}

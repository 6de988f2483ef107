//! Rows of a file, each done as a request like any other.
use super::{
    StockRows,
    rows::{COUNTS, CountRow, LEVELS, LevelRow, RECEIPTS, ReceiptRow},
};
use crate::{
    inventory::{
        counts,
        levels::{LevelChange, VariantName, adjust},
        purchasing::{self, model::NewReceipt},
        read,
        service::Inventory,
    },
    kernel::{Code, Error, LocationId, Result, Typed, actor::Permission},
    platform::{files, idempotency::Caller},
};

/// The stock to which rows are booked.
pub struct StockWork<'a> {
    pub inventory: &'a Inventory,
}

/// The name of a level as a row has it: two rows of one level are done in their order.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct LevelName(String, Typed);

impl LevelName {
    /// The level of a row; none if the row cannot be read.
    pub fn of(line: &str) -> Option<Self> {
        let row: LevelRow = files::read(&LEVELS, line).ok()?;
        Some(Self(row.location.to_lowercase(), row.sku.key().clone()))
    }
}

impl StockWork<'_> {
    /// Does a row; false if the books have it already. The caller's key keeps it from being done twice.
    pub async fn row(&self, kind: StockRows, line: &str, caller: Caller) -> Result<bool> {
        match kind {
            StockRows::Levels => self.level(files::read(&LEVELS, line)?, caller).await,
            StockRows::Counts => self.count(files::read(&COUNTS, line)?, caller).await,
            StockRows::Receipts => self.receipt(files::read(&RECEIPTS, line)?, caller).await,
        }
    }

    async fn level(&self, row: LevelRow, caller: Caller) -> Result<bool> {
        let (location, named) = (self.place(&row.location).await?, VariantName::Sku(row.sku.clone()));
        let change = row.change()?;
        if let LevelChange::Thresholds(set) = &change {
            caller.actor.require_at(Permission::InventoryAdjust, location, "location")?;
            if adjust::has_thresholds(self.inventory, location, named.clone(), *set).await? {
                return Ok(false);
            }
        }
        adjust::adjust(self.inventory, caller, location, named, change).await?;
        Ok(true)
    }

    async fn count(&self, row: CountRow, caller: Caller) -> Result<bool> {
        if self.is_counted(&caller.actor, &row).await? {
            return Ok(false);
        }
        counts::record(self.inventory, caller, row.count_id, vec![row.counted()?]).await?;
        Ok(true)
    }

    async fn receipt(&self, row: ReceiptRow, caller: Caller) -> Result<bool> {
        let location = self.place(&row.location).await?;
        if let Some(receipt) = row.receipt_id {
            self.require_received(&caller.actor, receipt, location, &row).await?;
            return Ok(false);
        }
        let (purchase_order, supplier) = (row.purchase_order_id, row.supplier_id);
        let reference = row.reference.clone().map(String::from);
        let (terms, lines) = (row.terms(), vec![row.arriving()?]);
        let new = NewReceipt { location, purchase_order, supplier, reference, terms, lines };
        purchasing::receive(self.inventory, caller, new).await?;
        Ok(true)
    }

    /// A location by its id or code.
    async fn place(&self, name: &str) -> Result<LocationId> {
        if let Ok(id) = name.parse() {
            return Ok(id);
        }
        let code = name.to_owned();
        let found = self.inventory.db.read(move |db| read::location_by_code(db, &code)).await?;
        let unknown = || Error::refused(Code::UnknownLocation, format!("there is no location {name}"));
        found.map(|location| location.id).ok_or_else(unknown)
    }
}

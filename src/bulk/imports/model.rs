//! Imports, and the kinds of rows that they read.
use crate::{
    catalog::CatalogRows,
    inventory::{COUNT_COLUMNS, LEVEL_COLUMNS, RECEIPT_COLUMNS, StockRows},
    kernel::actor::Permission,
    platform::files::Columns,
};

crate::text_enum! {
    /// The kind of rows in a file.
    ImportKind {
        /// Adjustments and thresholds of stock levels.
        Levels = "levels",
        /// Lines of counts.
        Counts = "counts",
        /// Arrivals, a row each.
        Receipts = "receipts",
        /// Products, a row for each variant.
        Products = "products",
        /// Prices of channels and of price lists.
        Prices = "prices",
        /// Names and descriptions of products in other languages.
        Translations = "translations",
        /// Pictures and films of products.
        Media = "media",
    }
}

crate::text_enum! {
    /// The status of an import.
    ImportStatus {
        /// Nothing of it has been done yet.
        Queued = "queued",
        /// Being worked through.
        Running = "running",
        /// Every row is done or refused.
        Finished = "finished",
        /// Given up; rows that were done stay done.
        Canceled = "canceled",
    }
}

crate::text_enum! {
    /// The status of a row.
    RowStatus {
        /// Not looked at yet.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// Refused.
        Failed = "failed",
        /// Of an export, and in the books already: nothing was to be done.
        Skipped = "skipped",
    }
}

crate::text_enum! {
    /// The meaning of an empty cell of CSV.
    EmptyCells {
        /// The value stays as it is.
        Keep = "keep",
        /// The value is taken away, where a row may take it away.
        Clear = "clear",
    }
}

/// Rows by the module that does them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Stock(StockRows),
    Catalog(CatalogRows),
}

impl ImportKind {
    /// The module that does its rows.
    pub fn rows(self) -> Rows {
        match self {
            Self::Levels => Rows::Stock(StockRows::Levels),
            Self::Counts => Rows::Stock(StockRows::Counts),
            Self::Receipts => Rows::Stock(StockRows::Receipts),
            Self::Products => Rows::Catalog(CatalogRows::Products),
            Self::Prices => Rows::Catalog(CatalogRows::Prices),
            Self::Translations => Rows::Catalog(CatalogRows::Translations),
            Self::Media => Rows::Catalog(CatalogRows::Media),
        }
    }

    /// The permissions to read what its rows hold.
    pub fn read_by(self) -> &'static [Permission] {
        match self {
            Self::Levels => &[Permission::InventoryRead],
            Self::Counts => &[Permission::InventoryApprove],
            Self::Receipts => &[Permission::InventoryRead, Permission::CostsRead],
            Self::Products | Self::Prices | Self::Translations | Self::Media => &[Permission::CatalogWrite],
        }
    }

    /// The permissions to do its rows.
    pub fn write_by(self) -> &'static [Permission] {
        match self {
            Self::Levels => &[Permission::InventoryAdjust],
            Self::Counts => &[Permission::InventoryCount],
            Self::Receipts => &[Permission::InventoryReceive],
            Self::Prices => &[Permission::PricesWrite],
            Self::Products | Self::Translations | Self::Media => &[Permission::CatalogWrite],
        }
    }

    /// The columns of its rows.
    pub fn columns(self) -> &'static Columns {
        match self.rows() {
            Rows::Stock(StockRows::Levels) => &LEVEL_COLUMNS,
            Rows::Stock(StockRows::Counts) => &COUNT_COLUMNS,
            Rows::Stock(StockRows::Receipts) => &RECEIPT_COLUMNS,
            Rows::Catalog(kind) => kind.columns(),
        }
    }
}

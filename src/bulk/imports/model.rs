//! Imports, and the kinds of rows that they read.
use crate::{
    inventory::{COUNT_COLUMNS, LEVEL_COLUMNS, RECEIPT_COLUMNS, StockRows},
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

/// Rows by the module that does them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Stock(StockRows),
}

impl ImportKind {
    /// The module that does its rows.
    pub fn rows(self) -> Rows {
        match self {
            Self::Levels => Rows::Stock(StockRows::Levels),
            Self::Counts => Rows::Stock(StockRows::Counts),
            Self::Receipts => Rows::Stock(StockRows::Receipts),
        }
    }

    /// The columns of its rows.
    pub fn columns(self) -> &'static Columns {
        match self {
            Self::Levels => &LEVEL_COLUMNS,
            Self::Counts => &COUNT_COLUMNS,
            Self::Receipts => &RECEIPT_COLUMNS,
        }
    }
}

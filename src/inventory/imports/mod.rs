//! Files of many rows, worked through in the background, and the same rows on their way out. Promises: each row is done
//! once or refused with its reason, however often the work is interrupted; each is what a single request would do, with
//! the rights of whoever sent the file; sales go on meanwhile.
mod cells;
mod export;
pub mod http;
mod known;
mod rows;
mod run;
mod start;
mod store;
mod table;

pub use run::run_imports;

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

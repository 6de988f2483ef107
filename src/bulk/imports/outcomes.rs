//! The outcomes of rows, as they are reported.
use super::model::RowStatus;
use crate::kernel::{Code, Error, ImportId, Refusal, Result};

/// The outcome of a row.
#[derive(Debug, Clone)]
pub struct RowOutcome {
    pub row_no: i32,
    pub status: RowStatus,
    pub code: Option<String>,
    pub detail: Option<String>,
}

/// Outcomes of rows, and the row up to which every one has its own.
#[derive(Debug, Clone, Copy)]
pub struct Noted<'a> {
    pub rows: &'a [RowOutcome],
    pub through: i32,
}

impl<'a> Noted<'a> {
    /// The outcomes of rows that waited, both told in their order: as far as each of them has one.
    pub fn of(waiting: impl Iterator<Item = i32>, rows: &'a [RowOutcome]) -> Self {
        let both = waiting.zip(rows).take_while(|(row_no, outcome)| *row_no == outcome.row_no);
        Self { rows, through: both.last().map_or(0, |(row_no, _)| row_no) }
    }
}

impl RowOutcome {
    /// The outcome of a row of an import. A fault of ours is the row's misfortune: it must not hold up the rows behind
    /// it.
    pub fn of(import: ImportId, row_no: i32, outcome: Result<RowStatus>) -> Self {
        let (status, refusal) = match outcome {
            Ok(status) => (status, None),
            Err(Error::Refused(refusal)) => (RowStatus::Failed, Some(refusal)),
            Err(Error::Internal(cause)) => {
                tracing::error!(import.id = %import, row = row_no, error = %cause, "a row met a fault");
                (RowStatus::Failed, Some(Box::new(Refusal::new(Code::Internal, Code::Internal.title()))))
            }
        };
        let (code, detail) = refusal.map(|why| (why.code.as_str().to_owned(), printable(&why.detail))).unzip();
        Self { row_no, status, code, detail }
    }
}

/// Text as it may be kept: a refusal may quote what a row holds, and a JSON string may hold anything.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1_000).collect()
}

/// The refusal of rows whose sender is gone.
pub fn gone() -> Error {
    Error::refused(Code::Forbidden, "whoever sent the file may not sign in any more")
}

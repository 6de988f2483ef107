//! The proof of gift cards: every one has what its moves say, and orders what was taken from it.
use crate::{
    kernel::{
        Result,
        audit::{Violation, named_in},
    },
    platform::{db::Read, events::differences},
};

const SQL: &str = include_str!("sql/audit.sql");

/// Every row that breaks an invariant of gift cards; none if all is well.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    differences(db, SQL)
}

/// The invariants that are checked.
pub fn invariants() -> Vec<&'static str> {
    named_in(SQL)
}

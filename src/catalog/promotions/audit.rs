//! The proof of the promotions: no limit or budget is passed, and the uses add up.
use crate::{
    kernel::{
        Result,
        audit::{Violation, named_in},
    },
    platform::{db::Read, events::differences},
};

const SQL: &str = include_str!("sql/audit.sql");

/// Every row that breaks an invariant of promotions; none if all is well.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    differences(db, SQL)
}

/// The invariants that are checked.
pub fn invariants() -> Vec<&'static str> {
    named_in(SQL)
}

//! The proof of the books: every promise about stock, checked against the rows.
use super::store;
use crate::{
    kernel::{Result, audit::Violation},
    platform::db::Read,
};

/// Every row that breaks an invariant of stock; none if all is well.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    let found = store::differences(db.conn())?;
    Ok(found.into_iter().map(|d| Violation { invariant: d.invariant, subject: d.subject, detail: d.detail }).collect())
}

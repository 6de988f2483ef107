//! The proof of the orders: every promise about them, checked against the rows.
use super::store;
use crate::{
    kernel::{Result, audit::Violation},
    platform::db::Read,
};

/// Every row that breaks an invariant of orders; none if all is well.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    let found = store::differences(db.conn())?;
    Ok(found.into_iter().map(|(invariant, subject, detail)| Violation { invariant, subject, detail }).collect())
}

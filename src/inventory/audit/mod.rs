//! The proof of the books: every promise about stock, checked against the rows; and their repair from the ledger.
use crate::{
    inventory::levels::store::lock_all_levels,
    kernel::{
        Result,
        audit::{Violation, named_in},
    },
    platform::{
        db::{Read, Write},
        events::differences,
    },
};

/// Each a statement of its own and so of one instant.
const CHECKS: [&str; 7] = [
    include_str!("sql/audit_ledger.sql"),
    include_str!("sql/audit_closings.sql"),
    include_str!("sql/audit_reserved.sql"),
    include_str!("sql/audit_reservations.sql"),
    include_str!("sql/audit_lots.sql"),
    include_str!("sql/audit_documents.sql"),
    include_str!("sql/audit_costs.sql"),
];

/// Every row that breaks an invariant of stock; none if all is well.
pub fn audit(db: &mut Read) -> Result<Vec<Violation>> {
    let mut found = vec![];
    for check in CHECKS {
        found.extend(differences(db, check)?);
    }
    Ok(found)
}

/// The invariants that are checked.
pub fn invariants() -> Vec<&'static str> {
    CHECKS.iter().flat_map(|check| named_in(check)).collect()
}

/// The result of a repair, or the reason why it did nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Repair {
    /// The counters that were wrong, as they are now.
    Mended(Vec<Violation>),
    /// The ledger, the holds and the promises contradict each other: a person must look first.
    Refused(Vec<Violation>),
}

/// Rebuilds the counters of every level from the ledger, the holds and the promises, unless those contradict each
/// other. Locks every level, in the order in which the lanes lock them.
pub fn repair(tx: &mut Write) -> Result<Repair> {
    lock_all_levels(tx.conn())?;
    let mut refusals = differences(tx, include_str!("sql/repair_refusals.sql"))?;
    refusals.extend(differences(tx, include_str!("sql/audit_reservations.sql"))?.into_iter().filter(|found| {
        // What the levels themselves say is what is to be mended.
        found.invariant != "conditions_fit_on_hand"
    }));
    if !refusals.is_empty() {
        return Ok(Repair::Refused(refusals));
    }
    Ok(Repair::Mended(differences(tx, include_str!("sql/repair_levels.sql"))?))
}

//! The finding of an audit: a promise of the data that does not hold, and where.

/// A row that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Violation {
    /// The invariant's lasting name.
    pub invariant: String,
    /// Which record breaks it.
    pub subject: String,
    /// The expected value and the value that was found.
    pub detail: String,
}

/// The invariants that an audit's statement checks: each is selected by name, once or in several ways.
pub fn named_in(sql: &'static str) -> Vec<&'static str> {
    let mut names: Vec<_> = sql.split("select '").skip(1).filter_map(|rest| rest.split('\'').next()).collect();
    names.dedup();
    names
}

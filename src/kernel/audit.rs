//! What an audit finds: a promise of the data that does not hold, and where.

/// A row that breaks an invariant.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// The invariant's lasting name.
    pub invariant: String,
    /// Which record breaks it.
    pub subject: String,
    /// What was expected and what was found.
    pub detail: String,
}

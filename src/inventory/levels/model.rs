//! The faults of goods that cannot be picked.

/// The fault of the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickFault {
    /// They are not where the books say: they are held back until a count tells.
    Missing,
    /// They are not there, says someone who may correct the books.
    Gone,
    /// They are there, but damaged.
    Damaged,
}

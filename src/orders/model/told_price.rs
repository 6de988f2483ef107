//! Prices that others have charged already.

/// The price of one unit as a till took it or a marketplace settled it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldPrice {
    /// In minor units.
    pub unit_minor: i64,
    /// False if it is without tax, which was added to the price of all units.
    pub tax_included: bool,
}

impl ToldPrice {
    /// A price in minor units; with its tax, unless it is said that it is without.
    pub fn of(unit_minor: i64, tax_included: Option<bool>) -> Self {
        Self { unit_minor, tax_included: tax_included.unwrap_or(true) }
    }
}

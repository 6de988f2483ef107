//! The filter of a list of stock counts.
use crate::inventory::counts::CountStatus;

/// A choice of counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountFilter {
    /// With this number.
    pub number: Option<i64>,
    /// With this status.
    pub status: Option<CountStatus>,
}

//! The filter of a list of locations, and the order of that list.
use crate::{inventory::model::LocationKind, kernel::LocationId};

/// Which locations.
#[derive(Debug, Clone, Default)]
pub struct LocationFilter {
    /// Only of this kind.
    pub kind: Option<LocationKind>,
}

/// A location's place in the list: by priority, then id.
pub type LocationKey = (i32, LocationId);

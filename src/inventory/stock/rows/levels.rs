//! A stock row in memory.
use crate::{
    inventory::levels::store::Level,
    kernel::{LocationId, VariantId},
    platform::group_commit::{Tracked, Versioned},
};

impl Versioned for Level {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A level in memory, and if it ran low when it was read.
#[derive(Debug, Clone)]
pub struct LockedLevel {
    pub tracked: Tracked<Level>,
    pub was_low: bool,
}

impl LockedLevel {
    /// A level that the table does not have yet.
    pub fn fresh(location: LocationId, variant: VariantId) -> Self {
        Self { tracked: Tracked::fresh(Level::empty(location, variant)), was_low: false }
    }

    /// The level as it stands in memory.
    pub fn level(&self) -> &Level {
        &self.tracked.record
    }
}

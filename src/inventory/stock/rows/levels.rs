//! A stock row in memory.
use crate::inventory::levels::store::Level;

/// A level in memory, with the version it had in the table (none for a row still to be made), and whether it ran low
/// then.
#[derive(Debug, Clone)]
pub struct LockedLevel {
    pub level: Level,
    pub before: Option<i64>,
    pub was_low: bool,
}

impl LockedLevel {
    pub fn is_changed(&self) -> bool {
        self.before.unwrap_or(0) != self.level.version
    }
}

//! Records in working sets that remember how they stand in the table.

/// A record that counts its changes.
pub trait Versioned {
    /// The number of its changes; 0 for one that was never written.
    fn version(&self) -> i64;
}

/// A record in memory, with the version that it has in the table; none until it is written.
#[derive(Debug, Clone)]
pub struct Tracked<T> {
    /// The record as it stands in memory.
    pub record: T,
    before: Option<i64>,
}

impl<T: Versioned> Tracked<T> {
    /// A record as it was read.
    pub fn read(record: T) -> Self {
        let before = Some(record.version());
        Self { record, before }
    }

    /// A record that is not in the table yet.
    pub fn fresh(record: T) -> Self {
        Self { record, before: None }
    }

    /// The version in the table, if it is there.
    pub fn before(&self) -> Option<i64> {
        self.before
    }

    /// True if it must be written: it is new, or has another version than the table.
    pub fn is_changed(&self) -> bool {
        self.before.unwrap_or(0) != self.record.version()
    }
}

/// Changed records, divided into those that are new and those that the table has, with their versions there.
pub fn changed<'a, T: Versioned + 'a>(all: impl Iterator<Item = &'a Tracked<T>>) -> (Vec<&'a T>, Vec<(&'a T, i64)>) {
    let (mut new, mut old) = (vec![], vec![]);
    for tracked in all.filter(|tracked| tracked.is_changed()) {
        match tracked.before {
            None => new.push(&tracked.record),
            Some(before) => old.push((&tracked.record, before)),
        }
    }
    (new, old)
}

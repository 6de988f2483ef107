//! Optimistic concurrency: the versions of a record that a change may start from.
use super::error::{Error, Result};

/// The versions of a record that the caller has read and wants to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Any version.
    Any,
    /// One of these versions; an empty list matches nothing.
    OneOf(Vec<i64>),
}

impl Expected {
    /// Refuses with `version_conflict` unless the record's version is one of those expected.
    pub fn check(&self, what: &str, current: i64) -> Result<()> {
        match self {
            Self::OneOf(versions) if !versions.contains(&current) => {
                let sent: Vec<_> = versions.iter().map(ToString::to_string).collect();
                Err(Error::stale(what, &sent.join(" or "), current))
            }
            _ => Ok(()),
        }
    }
}

//! The caller of a change.
use super::Once;
use crate::kernel::{Actor, Expected};

/// The caller of a change: who asks, under which key, and from which version of the record the change may start.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The one who acts.
    pub actor: Actor,
    /// The key under which the outcome is recorded; none if the caller sent none.
    pub key: Option<Once>,
    /// The versions of the record that the caller has read.
    pub expected: Expected,
}

impl Caller {
    /// Someone who changes whatever version there is.
    pub fn new(actor: Actor, key: Option<Once>) -> Self {
        Self { actor, key, expected: Expected::Any }
    }
}

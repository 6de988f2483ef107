//! Principals that were read a moment ago. Those whose rights change on this server are forgotten at once, and what was
//! read before the change and comes after it is not remembered.
use super::model::Principal;
use crate::kernel::PrincipalId;
use moka::sync::Cache;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Principals that are remembered.
const MOST: u64 = 10_000;

/// Principals as they were read; none for those who may not sign in.
pub struct KnownPrincipals {
    principals: Cache<PrincipalId, Option<Arc<Principal>>>,
    /// Counts all that was forgotten. It is held while something is remembered or forgotten, so that nobody finds
    /// between the two what is out of date.
    forgotten: Mutex<u64>,
}

/// The moment at which a reading began.
#[derive(Clone, Copy)]
pub struct ReadingBegun(u64);

impl KnownPrincipals {
    /// Nobody yet, each to be remembered for as long as that.
    pub fn new(time: Duration) -> Self {
        let principals = Cache::builder().max_capacity(MOST).time_to_live(time).build();
        Self { principals, forgotten: Mutex::new(0) }
    }

    pub fn get(&self, id: PrincipalId) -> Option<Option<Arc<Principal>>> {
        self.principals.get(&id)
    }

    /// To be called before the database is asked.
    pub fn begin(&self) -> ReadingBegun {
        ReadingBegun(*self.hold())
    }

    /// Remembers what was read, unless anybody was forgotten since the reading began.
    pub fn keep(&self, id: PrincipalId, found: Option<Arc<Principal>>, reading: ReadingBegun) {
        let forgotten = self.hold();
        if *forgotten == reading.0 {
            self.principals.insert(id, found);
        }
    }

    /// Forgets someone whose rights have changed.
    pub fn forget(&self, id: PrincipalId) {
        let mut forgotten = self.hold();
        *forgotten += 1;
        self.principals.invalidate(&id);
    }

    /// Forgets everyone, since what many hold has changed.
    pub fn forget_all(&self) {
        let mut forgotten = self.hold();
        *forgotten += 1;
        self.principals.invalidate_all();
    }

    fn hold(&self) -> MutexGuard<'_, u64> {
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_remembered_after_it() {
        let known = KnownPrincipals::new(Duration::from_secs(60));
        let id = PrincipalId::new();
        let reading = known.begin();
        known.forget(id);
        known.keep(id, None, reading);
        assert!(known.get(id).is_none());
        known.keep(id, None, known.begin());
        assert!(known.get(id).is_some());
        let reading = known.begin();
        known.forget_all();
        assert!(known.get(id).is_none());
        known.keep(id, None, reading);
        assert!(known.get(id).is_none());
    }
}

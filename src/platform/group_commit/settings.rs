//! Settings of the group commit, and the faults that tests may plant in it.
use super::queue::QueueLimits;
use crate::platform::config;
use std::time::Duration;

/// The settings of lanes.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads with a connection each.
    pub lanes: usize,
    /// Requests in a batch at most.
    pub batch: usize,
    /// Requests waiting at most.
    pub queue: usize,
    /// The share of the queue that one row may fill, in percent.
    pub row_share: usize,
    /// The share of the queue that one caller may fill, in percent.
    pub caller_share: usize,
    /// The time in which a request is decided, or not at all.
    pub deadline: Duration,
    /// The longest wait for a row lock.
    pub lock_ms: u32,
    /// The longest time of one statement.
    pub statement_ms: u32,
    /// Waiting longer than this for a tenth of a second means overload.
    pub target: Duration,
    /// A fault planted by a test.
    pub mutant: Mutant,
}

impl From<&config::GroupCommit> for Settings {
    fn from(settings: &config::GroupCommit) -> Self {
        Self {
            lanes: settings.lanes,
            batch: settings.max_batch,
            queue: settings.queue,
            row_share: settings.row_share_percent,
            caller_share: settings.caller_share_percent,
            deadline: Duration::from_millis(settings.deadline_ms),
            lock_ms: settings.lock_timeout_ms,
            statement_ms: settings.statement_timeout_ms,
            target: Duration::from_millis(settings.target_wait_ms),
            mutant: Mutant::planted(&settings.mutant),
        }
    }
}

impl Settings {
    pub(super) fn limits(&self) -> QueueLimits {
        QueueLimits {
            batch: self.batch,
            queue: self.queue,
            per_row: (self.queue * self.row_share / 100).max(1),
            per_caller: (self.queue * self.caller_share / 100).max(1),
            target: self.target,
        }
    }
}

macro_rules! mutants {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// A fault that only builds with the `mutants` feature can have: the suite must catch each of them.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub enum Mutant {
            /// As it should be.
            #[default]
            None,
            $($(#[$doc])* #[cfg(feature = "mutants")] $variant),+
        }

        impl Mutant {
            /// The mutant of a name, where the build has any.
            #[cfg(feature = "mutants")]
            fn planted(name: &str) -> Self {
                match name {
                    $($word => Self::$variant,)+
                    _ => Self::None,
                }
            }

            #[cfg(not(feature = "mutants"))]
            fn planted(_: &str) -> Self {
                Self::None
            }

            $(
                #[doc = concat!("Whether the fault is ", $word, ".")]
                #[inline]
                #[must_use]
                #[allow(non_snake_case, reason = "one question for each variant")]
                pub fn $variant(self) -> bool {
                    #[cfg(feature = "mutants")]
                    return self == Self::$variant;
                    #[cfg(not(feature = "mutants"))]
                    false
                }
            )+
        }
    };
}

mutants! {
    /// Promises without looking at what is available.
    NoGuard = "no_guard",
    /// Reads stock rows and locks them afterwards.
    LockAfterRead = "lock_after_read",
    /// Checks each line by itself, not the sum of those that need one row.
    PerLineCheck = "per_line_check",
    /// Commits without waiting for the disk.
    AsyncCommit = "async_commit",
    /// Runs a batch again without looking at the keys.
    RetryWithoutKey = "retry_without_key",
    /// Locks rows in the order in which they were asked for.
    UnsortedLocks = "unsorted_locks",
    /// Charges the price that is remembered, without looking if it has changed.
    RememberedPrice = "remembered_price",
    /// Takes coupons that have been used.
    UncountedCoupon = "uncounted_coupon",
    /// Takes discounts beyond the budget and the limits of a promotion.
    UncountedBudget = "uncounted_budget",
}

//! Wrong passwords for an account from one client make the next attempts from there wait, each twice as long as the one
//! before, up to a limit. Nobody is locked out: the right password is taken after the same wait, and from anywhere else
//! at once. Attempts made at the same time count one after the other, so sending many at once gains nothing.
use crate::platform::config;
use moka::{ops::compute::Op, sync::Cache};
use std::time::Duration;

/// The time for which wrong attempts are remembered after the last one.
const REMEMBERED: Duration = Duration::from_secs(900);
/// Pairs of account and client that are remembered.
const PAIRS: u64 = 100_000;

/// Attempts that have not succeeded, by account and client.
pub struct Attempts {
    counts: Cache<String, u32>,
    free: u32,
    first: Duration,
    most: Duration,
}

/// One attempt, which counts as a failure unless it is said to have succeeded.
pub struct Attempt<'a> {
    attempts: &'a Attempts,
    pair: String,
    /// The time to wait before the password is looked at.
    pub delay: Duration,
}

impl Attempts {
    /// None yet.
    pub fn new(settings: &config::Access) -> Self {
        Self {
            counts: Cache::builder().max_capacity(PAIRS).time_to_live(REMEMBERED).build(),
            free: settings.free_attempts,
            first: Duration::from_millis(settings.delay_ms),
            most: Duration::from_millis(settings.most_delay_ms),
        }
    }

    /// Begins an attempt of an account from a client.
    pub fn begin(&self, pair: String) -> Attempt<'_> {
        let counted = self
            .counts
            .entry(pair.clone())
            .and_compute_with(|before| Op::Put(before.map_or(0, moka::Entry::into_value).saturating_add(1)));
        let count = counted.into_entry().map_or(1, moka::Entry::into_value);
        Attempt { attempts: self, pair, delay: self.delay(count) }
    }

    /// The wait of the attempt that is the `count`th without success.
    fn delay(&self, count: u32) -> Duration {
        match count.checked_sub(self.free + 1) {
            None => Duration::ZERO,
            Some(beyond) => self.first.saturating_mul(1 << beyond.min(20)).min(self.most),
        }
    }
}

impl Attempt<'_> {
    /// Forgets the failures before it.
    pub fn succeeded(self) {
        self.attempts.counts.invalidate(&self.pair);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::Config;

    #[test]
    fn each_wrong_attempt_doubles_the_wait_of_the_next_up_to_a_limit_and_a_right_one_ends_it() {
        let attempts = Attempts::new(&Config::defaults().unwrap().access);
        let waits = |count: usize, pair: &str| -> Vec<_> {
            (0..count).map(|_| attempts.begin(pair.to_owned()).delay.as_millis()).collect()
        };
        assert_eq!(waits(11, "a"), [0, 0, 0, 0, 0, 250, 500, 1000, 2000, 4000, 5000]);
        assert_eq!(waits(60, "a").last(), Some(&5000));
        assert_eq!(waits(1, "b"), [0], "elsewhere nothing waits");
        attempts.begin("a".to_owned()).succeeded();
        assert_eq!(waits(1, "a"), [0]);
    }
}

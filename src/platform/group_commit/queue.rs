//! The bounded queue in front of the lanes. It turns requests away at once instead of letting all of them wait too
//! long: when it is full, when one row or one caller fills its share, and when waiting itself shows overload.
use super::AnyCommand;
use crate::kernel::{Actor, Code, Error, PrincipalId, Refusal, Result, actor::Permission};
use crate::platform::{
    idempotency::{Once, Recorded, Unknown},
    telemetry::GroupCommitMetrics,
};
use rand::RngExt;
use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    hash::Hash,
    sync::{
        Condvar, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// Rows that a batch may need for each request that it may have: a few requests of many rows make a batch as well.
const ROWS_EACH: usize = 16;
/// Over which time the shortest wait is measured.
const WINDOW: Duration = Duration::from_millis(100);

/// A request in the queue.
pub struct Waiting {
    pub command: Box<dyn AnyCommand>,
    pub rows: Vec<u64>,
    pub actor: Actor,
    pub permission: Permission,
    pub key: Option<Once>,
    pub queued: Instant,
    pub deadline: Instant,
    /// True if a connection was lost while its batch was committed.
    pub is_unknown: bool,
    pub reply: oneshot::Sender<Result<Recorded<Unknown>>>,
}

/// The most commands that may wait.
#[derive(Debug, Clone, Copy)]
pub struct QueueLimits {
    pub batch: usize,
    pub queue: usize,
    pub per_row: usize,
    pub per_caller: usize,
    pub target: Duration,
}

/// The queue of one instance.
pub struct Queue {
    limits: QueueLimits,
    inner: Mutex<Inner>,
    ready: Condvar,
    length: AtomicUsize,
    /// The number that may wait now: less than the limit while waiting takes too long.
    allowed: AtomicUsize,
    metrics: GroupCommitMetrics,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Waiting>,
    rows: HashMap<u64, usize>,
    callers: HashMap<PrincipalId, usize>,
    window: Option<(Instant, Duration)>,
    is_closed: bool,
}

impl Queue {
    pub fn new(limits: QueueLimits, metrics: GroupCommitMetrics) -> Self {
        let allowed = AtomicUsize::new(limits.queue);
        Self { limits, inner: Mutex::default(), ready: Condvar::new(), length: AtomicUsize::new(0), allowed, metrics }
    }

    /// Adds a request, or turns it away; nothing of it has been done then.
    pub fn push(&self, waiting: Waiting) -> Result<()> {
        let mut inner = self.lock();
        if inner.is_closed {
            return Err(Refusal::new(Code::Draining, "the server is about to stop").retry_after(5).into());
        }
        let of_service = waiting.key.is_none();
        let is_full = inner.waiting.len() >= self.allowed.load(Relaxed);
        let row_is_full = waiting.rows.iter().any(|row| count(&inner.rows, row) >= self.limits.per_row);
        let caller_is_full = count(&inner.callers, &waiting.actor.id) >= self.limits.per_caller;
        if !of_service && (is_full || row_is_full || caller_is_full) {
            drop(inner);
            return Err(self.shed(is_full, row_is_full));
        }
        for row in &waiting.rows {
            *inner.rows.entry(*row).or_default() += 1;
        }
        *inner.callers.entry(waiting.actor.id).or_default() += 1;
        inner.waiting.push_back(waiting);
        self.length.store(inner.waiting.len(), Relaxed);
        drop(inner);
        self.ready.notify_one();
        Ok(())
    }

    fn shed(&self, is_full: bool, row_is_full: bool) -> Error {
        let (label, why) = match (is_full, row_is_full) {
            (true, _) => ("queue", "more requests wait than can be served in time"),
            (_, true) => ("row", "too many requests wait for the same stock"),
            _ => ("caller", "too many of your requests wait"),
        };
        self.metrics.shed.with_label_values(&[label]).inc();
        busy(why)
    }

    /// Waits for requests and takes as many as fit into a batch; none when the queue is closed and empty.
    pub fn take(&self) -> Vec<Waiting> {
        self.take_by(Instant::now)
    }

    /// The same by a clock.
    pub fn take_by(&self, clock: impl Fn() -> Instant) -> Vec<Waiting> {
        let mut inner = self.lock();
        while inner.waiting.is_empty() {
            if inner.is_closed {
                return vec![];
            }
            inner = self.ready.wait(inner).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        let count = self.count_of_batch(&inner.waiting);
        let batch: Vec<_> = inner.waiting.drain(..count).collect();
        for waiting in &batch {
            waiting.rows.iter().for_each(|row| uncount(&mut inner.rows, *row));
            uncount(&mut inner.callers, waiting.actor.id);
        }
        self.length.store(inner.waiting.len(), Relaxed);
        if !inner.waiting.is_empty() {
            self.ready.notify_one();
        }
        self.measure(&mut inner, &batch, clock());
        batch
    }

    /// The number of those that wait which fit into a batch by number and by the rows they need; one at least.
    fn count_of_batch(&self, waiting: &VecDeque<Waiting>) -> usize {
        let mut rows = 0;
        let fits = |waiting: &&Waiting| {
            rows += waiting.rows.len();
            rows <= self.limits.batch * ROWS_EACH
        };
        waiting.iter().take(self.limits.batch).take_while(fits).count().max(1)
    }

    /// Narrows the queue while even the shortest wait of a window is too long, and widens it step by step otherwise.
    fn measure(&self, inner: &mut Inner, batch: &[Waiting], now: Instant) {
        let waits = batch.iter().map(|waiting| now.saturating_duration_since(waiting.queued));
        let shortest = waits.min().unwrap_or_default();
        let (since, least) = inner.window.map_or((now, shortest), |(since, least)| (since, least.min(shortest)));
        inner.window = Some((since, least));
        if now.saturating_duration_since(since) >= WINDOW {
            let allowed = self.allowed.load(Relaxed);
            let next = match least > self.limits.target {
                true => (allowed * 7 / 10).max(self.limits.batch),
                false => (allowed + self.limits.queue / 16).min(self.limits.queue),
            };
            self.allowed.store(next, Relaxed);
            inner.window = Some((now, Duration::MAX));
        }
    }

    /// Requests waiting.
    pub fn len(&self) -> usize {
        self.length.load(Relaxed)
    }

    /// True if fewer wait than one batch takes.
    pub fn is_short(&self) -> bool {
        self.len() < self.limits.batch
    }

    pub fn sojourn(&self) -> Duration {
        self.lock().waiting.front().map(|oldest| oldest.queued.elapsed()).unwrap_or_default()
    }

    /// Takes no more requests; those that wait are still served.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.ready.notify_all();
    }

    pub fn is_closed(&self) -> bool {
        self.lock().is_closed
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A refusal for now, with a time to come back that differs from caller to caller.
pub fn busy(why: &str) -> Error {
    let seconds = 1 + rand::rng().random_range(0..3);
    Refusal::new(Code::Busy, format!("{why}; nothing was changed, try again")).retry_after(seconds).into()
}

fn count<K: Hash + Eq>(counts: &HashMap<K, usize>, key: &K) -> usize {
    counts.get(key).copied().unwrap_or(0)
}

fn uncount<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let Entry::Occupied(mut entry) = counts.entry(key) {
        *entry.get_mut() -= 1;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}

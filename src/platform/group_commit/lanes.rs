//! All lanes of an instance: their threads, and the watch that replaces those that hang.
use super::{
    lane::Lane,
    queue::Queue,
    settings::Settings,
    unit_of_work::{MakeWorkingSets, UnitOfWork},
};
use crate::platform::{
    db::{Db, SessionLimits},
    telemetry::GroupCommitMetrics,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

/// Threads of a lane that may hang on dead connections before it is no longer replaced.
const MOST_HANGING: u64 = 3;

/// The parts that all lanes of an instance share.
#[derive(Clone)]
pub struct Lanes {
    pub db: Db,
    pub settings: Settings,
    pub queue: Arc<Queue>,
    pub uow: MakeWorkingSets,
    pub statements: Arc<AtomicU64>,
}

/// Since when a lane has been busy, in milliseconds of the process; zero when it waits for work. Its generation counts
/// how often it was replaced.
#[derive(Default)]
struct Beat {
    busy_since: AtomicU64,
    generation: AtomicU64,
    /// Replaced threads that still hang on their connections.
    hanging: AtomicU64,
}

impl Lanes {
    /// Starts the lanes and the watch over them; they end when the queue is closed and empty.
    pub fn start(self, metrics: &GroupCommitMetrics) {
        let beats: Vec<_> = (0..self.settings.lanes).map(|_| Arc::<Beat>::default()).collect();
        for beat in &beats {
            self.run(beat.clone(), metrics.clone());
        }
        let metrics = metrics.clone();
        spawn("lane-watch", move || self.watch(&beats, &metrics));
    }

    fn run(&self, beat: Arc<Beat>, metrics: GroupCommitMetrics) {
        let generation = beat.generation.load(SeqCst);
        let Settings { statement_ms, lock_ms, .. } = self.settings;
        let limits = SessionLimits { name: "coffret lane", statement_ms, lock_ms };
        let own = self.db.own(limits, self.statements.clone());
        let mut lane =
            Lane::new(own, UnitOfWork::new((self.uow)(), self.settings.mutant), self.settings.clone(), metrics);
        let queue = self.queue.clone();
        spawn("lane", move || {
            while beat.generation.load(SeqCst) == generation {
                let batch = queue.take();
                if batch.is_empty() {
                    return;
                }
                beat.busy_since.store(uptime(), SeqCst);
                lane.serve(batch);
                if beat.generation.load(SeqCst) == generation {
                    beat.busy_since.store(0, SeqCst);
                } else {
                    beat.hanging.fetch_sub(1, SeqCst);
                }
            }
        });
    }

    /// Replaces lanes that hang on a dead connection, a few times: if all hang, it is the database that stands still,
    /// and more connections would not move it. The rows that one may have locked are PostgreSQL's to free, and
    /// its requests are told that their outcome is unknown.
    fn watch(&self, beats: &[Arc<Beat>], metrics: &GroupCommitMetrics) {
        let longest = u64::from(self.settings.statement_ms) + 1_000;
        while !self.queue.is_closed() {
            thread::sleep(Duration::from_millis(250));
            metrics.queue_length.set(i64::try_from(self.queue.len()).unwrap_or(i64::MAX));
            for beat in beats {
                let since = beat.busy_since.load(SeqCst);
                let is_hung = since != 0 && uptime().saturating_sub(since) > longest;
                if is_hung && beat.hanging.load(SeqCst) < MOST_HANGING {
                    tracing::error!("a lane hangs on its connection and is replaced");
                    beat.hanging.fetch_add(1, SeqCst);
                    metrics.replaced.inc();
                    beat.generation.fetch_add(1, SeqCst);
                    beat.busy_since.store(0, SeqCst);
                    self.run(beat.clone(), metrics.clone());
                }
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new().name(name.into()).spawn(work) {
        tracing::error!(thread = name, error = %error, "a thread could not be started");
    }
}

fn uptime() -> u64 {
    static STARTED: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    u64::try_from(STARTED.elapsed().as_millis()).unwrap_or(u64::MAX).max(1)
}

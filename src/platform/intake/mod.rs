//! The intake: group commit for everything that touches stock. Requests that arrive while a batch is being written
//! wait in a bounded queue; a lane then takes all of them, locks what they need in one order, decides each in memory,
//! writes the outcome as a few statements and commits once. This module knows queues, lanes and keys; what a request
//! needs and decides is told by its `Job`, what is kept in memory by the `Book`s.
mod batch;
mod books;
mod lane;
mod lanes;
mod queue;
mod settings;
mod sweep;
#[cfg(test)]
mod tests;

use crate::kernel::{Actor, Code, Error, PrincipalId, Refusal, Result, actor::Permission};
use crate::platform::{
    db::Db,
    idempotency::{Answer, Once},
    telemetry::IntakeMetrics,
};
pub use batch::{YOUNG, measured};
pub use books::{Book, Books, MakeBooks, Patience};
pub use queue::busy;
use queue::{Queue, Waiting};
pub use settings::{Mutant, Settings};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// One request to the stock, ready to be decided. Its methods run on a lane, between other requests of the batch.
pub trait Job: Send + Sync + 'static {
    /// Tells the books what must be locked and read.
    fn ask(&self, books: &mut Books) -> Result<()>;

    /// Decides and notes the changes in the books. A refusal must leave them as they were.
    fn decide(&self, books: &mut Books, who: &Actor) -> Result<Answer>;

    /// The refusal that a mere look makes certain, without any lock; most jobs need more than a look.
    fn refusal_at_a_look(&self, _books: &mut Books) -> Result<Option<Error>> {
        Ok(None)
    }

    /// The rows it contends for, as numbers: no row may fill more than its share of the queue.
    fn rows(&self) -> Vec<u64> {
        vec![]
    }
}

/// The intake of one instance; cheap to clone. Its lanes end with the last handle.
#[derive(Clone)]
pub struct Intake {
    queue: Arc<Queue>,
    metrics: IntakeMetrics,
    deadline: Duration,
    statements: Arc<AtomicU64>,
    _ender: Arc<Ender>,
}

/// How many times the usual deadline a request has that finds fewer than a batch waiting: what holds it up then is no
/// overload, and turning it away would help no one. A silent database must still be told of within five seconds.
const QUIET: f64 = 1.5;

/// Closes the queue when the last handle is gone, which ends the lanes.
struct Ender(Arc<Queue>);

impl Drop for Ender {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Intake {
    /// Starts the lanes; `books` makes the memory of each.
    pub fn start(db: &Db, settings: &Settings, metrics: IntakeMetrics, books: MakeBooks) -> Self {
        let statements = Arc::<AtomicU64>::default();
        let queue = Arc::new(Queue::new(settings.limits(), metrics.clone()));
        lanes::Lanes {
            db: db.clone(),
            settings: settings.clone(),
            queue: queue.clone(),
            books,
            statements: statements.clone(),
        }
        .start(&metrics);
        let ender = Arc::new(Ender(queue.clone()));
        Self { queue, metrics, deadline: settings.deadline, statements, _ender: ender }
    }

    /// Hands a caller's request in and waits for its outcome. It is decided before its deadline or not at all.
    pub async fn submit(
        &self,
        actor: Actor,
        permission: Permission,
        key: impl Into<Option<Once>>,
        job: impl Job,
    ) -> Result<Answer> {
        // Without a key of the caller's, one is made, so that a lost connection never does the work twice.
        let key = key.into().unwrap_or_else(|| Once {
            principal: actor.id,
            key: format!("~{}", uuid::Uuid::now_v7()),
            fingerprint: vec![],
            wait: None,
        });
        self.hand_in(actor, permission, Some(key), Box::new(job)).await
    }

    /// Hands in work of the service itself, which may be done again without harm.
    pub async fn work(&self, job: impl Job) -> Result<Answer> {
        let nobody = Actor { id: PrincipalId(uuid::Uuid::nil()), grants: vec![] };
        self.hand_in(nobody, Permission::InventoryAdjust, None, Box::new(job)).await
    }

    async fn hand_in(
        &self,
        actor: Actor,
        permission: Permission,
        key: Option<Once>,
        job: Box<dyn Job>,
    ) -> Result<Answer> {
        let (reply, answer) = oneshot::channel();
        let now = Instant::now();
        let usual = if self.queue.is_short() { self.deadline.mul_f64(QUIET) } else { self.deadline };
        let patience = key.as_ref().and_then(|key| key.wait).map_or(usual, |wait| wait.min(usual));
        let deadline = now + patience;
        let waiting =
            Waiting { rows: job.rows(), actor, permission, key, job, queued: now, deadline, is_unknown: false, reply };
        self.queue.push(waiting)?;
        // The lane answers by the deadline; if it is stuck on a dead connection, it is not waited for much longer.
        let patience = deadline + Duration::from_millis(200);
        if let Ok(Ok(answer)) = tokio::time::timeout_at(patience.into(), answer).await {
            return answer;
        }
        self.metrics.unknown.inc();
        Err(unknown())
    }

    /// Notes whether the sweep of holds goes on.
    pub fn note_sweep(&self, goes_on: bool) {
        self.metrics.sweep_halted.set(i64::from(!goes_on));
    }

    /// Statements run by the lanes so far; each is a round trip.
    pub fn statements_run(&self) -> u64 {
        self.statements.load(Relaxed)
    }

    /// Requests waiting for a lane.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// How long the oldest waiting request has waited.
    pub fn sojourn(&self) -> Duration {
        self.queue.sojourn()
    }
}

/// The refusal of a request for a record that someone else holds for long.
pub fn held_by_others(what: &str) -> Error {
    Refusal::new(Code::Busy, format!("another change of the same {what} takes long; try again")).retry_after(1).into()
}

/// The refusal of a request whose effect may or may not be there.
pub fn unknown() -> Error {
    let detail = "no answer came in time; repeat the request with the same Idempotency-Key to learn the outcome";
    Refusal::new(Code::OutcomeUnknown, detail).retry_after(1).into()
}

/// A request that is refused whatever the books say, unless its key was answered before.
pub struct Refused(pub Error);

impl Job for Refused {
    fn ask(&self, _: &mut Books) -> Result<()> {
        Ok(())
    }
    fn decide(&self, _: &mut Books, _: &Actor) -> Result<Answer> {
        Err(self.0.again())
    }
}

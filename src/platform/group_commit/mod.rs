//! Group commit, the one way by which stock and orders change. Commands that arrive while a batch is being written wait
//! in a bounded queue; a lane then takes them together and serves them in one transaction:
//!
//! | phase | statements |
//! |---|---|
//! | each command says which records it needs ([`Command::lock`]) | none |
//! | each working set locks and reads those records in one order ([`WorkingSet::open`]) | one or two for each kind |
//! | the keys of the batch are read, with the instant of the database's clock | one |
//! | each command is decided in memory, in order of arrival ([`Command::decide`]) | none |
//! | every change, event and key is written | one, of counted parts |
//! | commit | one |
//!
//! A batch is bounded by its number of commands and by the rows that they contend for. A command that is refused leaves
//! no change. A batch that fails is halved until the command at fault is alone.
mod batch;
mod lane;
mod lanes;
mod queue;
mod settings;
mod sweep;
#[cfg(test)]
mod tests;
mod tracked;
mod unit_of_work;

use super::{
    db::Db,
    idempotency::{Once, Outcome, Recorded, Unknown},
    telemetry::GroupCommitMetrics,
};
use crate::kernel::{Actor, Code, Error, PrincipalId, Refusal, Result, actor::Permission};
pub use batch::measured;
pub use queue::busy;
use queue::{Queue, Waiting};
use serde::Serialize;
pub use settings::{Mutant, Settings};
use std::{
    marker::PhantomData,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
pub use tracked::{Tracked, Versioned, changed};
pub use unit_of_work::{MakeWorkingSets, Patience, UnitOfWork, WorkingSet};

/// A change that is ready to be decided. Its methods run on a lane, between other commands of the batch.
pub trait Command: Send + Sync + 'static {
    /// The record or value that it answers with.
    type Output: Serialize + Send + 'static;

    /// Tells the working sets which records must be locked and read.
    fn lock(&self, uow: &mut UnitOfWork) -> Result<()>;

    /// Decides the command and notes its changes in the working sets. An error must leave them as they were.
    fn decide(&self, uow: &mut UnitOfWork, actor: &Actor) -> Result<Outcome<Self::Output>>;

    /// The refusal that reading without a lock makes certain; most commands need more than that.
    fn early_refusal(&self, _uow: &mut UnitOfWork) -> Result<Option<Error>> {
        Ok(None)
    }

    /// The rows for which it contends, as numbers: no row may fill more than its share of the queue.
    fn contended_rows(&self) -> Vec<u64> {
        vec![]
    }
}

/// A command of any type, as it waits in the queue.
trait AnyCommand: Send + Sync {
    fn lock(&self, uow: &mut UnitOfWork) -> Result<()>;
    fn early_refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>>;
    /// Decides the command; its outcome is made into JSON only if it is kept under a key.
    fn decide(&self, uow: &mut UnitOfWork, actor: &Actor, is_kept: bool) -> Result<Recorded<Unknown>>;
}

impl<C: Command> AnyCommand for C {
    fn lock(&self, uow: &mut UnitOfWork) -> Result<()> {
        Command::lock(self, uow)
    }

    fn early_refusal(&self, uow: &mut UnitOfWork) -> Result<Option<Error>> {
        Command::early_refusal(self, uow)
    }

    fn decide(&self, uow: &mut UnitOfWork, actor: &Actor, is_kept: bool) -> Result<Recorded<Unknown>> {
        let outcome = Command::decide(self, uow, actor)?;
        Ok(if is_kept { outcome.record()? } else { outcome.unrecorded()? }.erased())
    }
}

/// The group commit of one instance; cheap to clone. Its lanes end with the last handle.
#[derive(Clone)]
pub struct GroupCommit {
    queue: Arc<Queue>,
    metrics: GroupCommitMetrics,
    deadline: Duration,
    statements: Arc<AtomicU64>,
    _ender: Arc<Ender>,
}

/// The multiple of the usual deadline that a request has which finds fewer than a batch waiting: what holds it up then
/// is no overload, and turning it away would help no one. A silent database must still be told of within five seconds.
const QUIET: f64 = 1.5;

/// Closes the queue when the last handle is gone, which ends the lanes.
struct Ender(Arc<Queue>);

impl Drop for Ender {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl GroupCommit {
    /// Starts the lanes; `working_sets` makes the memory of each.
    pub fn start(db: &Db, settings: &Settings, metrics: GroupCommitMetrics, uow: MakeWorkingSets) -> Self {
        let statements = Arc::<AtomicU64>::default();
        let queue = Arc::new(Queue::new(settings.limits(), metrics.clone()));
        lanes::Lanes {
            db: db.clone(),
            settings: settings.clone(),
            queue: queue.clone(),
            uow,
            statements: statements.clone(),
        }
        .start(&metrics);
        let ender = Arc::new(Ender(queue.clone()));
        Self { queue, metrics, deadline: settings.deadline, statements, _ender: ender }
    }

    /// Hands a caller's request in and waits for its outcome. It is decided before its deadline or not at all.
    pub async fn submit<C: Command>(
        &self,
        actor: Actor,
        permission: Permission,
        key: impl Into<Option<Once>>,
        command: C,
    ) -> Result<Recorded<C::Output>> {
        // Without a key of the caller's, one is made, so that a lost connection never does the work twice.
        let key = key.into().unwrap_or_else(|| Once {
            principal: actor.id,
            key: format!("~{}", uuid::Uuid::now_v7()),
            fingerprint: vec![],
            wait: None,
        });
        self.hand_in(actor, permission, Some(key), command).await?.accepted()
    }

    /// Hands in work of the service itself, which may be done again without harm, and returns its value.
    pub async fn work<C: Command>(&self, command: C) -> Result<C::Output> {
        let nobody = Actor::new(PrincipalId(uuid::Uuid::nil()), vec![]);
        let done = self.hand_in(nobody, Permission::InventoryAdjust, None, command).await?;
        done.value().ok_or_else(|| anyhow::anyhow!("work without a key was answered from one").into())
    }

    async fn hand_in<C: Command>(
        &self,
        actor: Actor,
        permission: Permission,
        key: Option<Once>,
        command: C,
    ) -> Result<Recorded<C::Output>> {
        let (reply, answer) = oneshot::channel();
        let now = Instant::now();
        let usual = if self.queue.is_short() { self.deadline.mul_f64(QUIET) } else { self.deadline };
        let patience = key.as_ref().and_then(|key| key.wait).map_or(usual, |wait| wait.min(usual));
        let deadline = now + patience;
        let waiting = Waiting {
            rows: command.contended_rows(),
            actor,
            permission,
            key,
            command: Box::new(command),
            queued: now,
            deadline,
            is_unknown: false,
            reply,
        };
        self.queue.push(waiting)?;
        // The lane answers by the deadline; if it is stuck on a dead connection, it is not waited for much longer.
        let patience = deadline + Duration::from_millis(200);
        if let Ok(Ok(answer)) = tokio::time::timeout_at(patience.into(), answer).await {
            return answer.map(Recorded::typed);
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

    /// The time for which the oldest waiting request has waited.
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

/// A command that is refused in any case, unless its key was answered before.
pub struct Refused<T> {
    why: Error,
    output: PhantomData<fn() -> T>,
}

impl<T> Refused<T> {
    /// Refused for a reason.
    pub fn new(why: Error) -> Self {
        Self { why, output: PhantomData }
    }
}

impl<T: Serialize + Send + 'static> Command for Refused<T> {
    type Output = T;

    fn lock(&self, _: &mut UnitOfWork) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut UnitOfWork, _: &Actor) -> Result<Outcome<T>> {
        Err(self.why.again())
    }
}

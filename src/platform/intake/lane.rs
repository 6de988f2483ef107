//! A lane: a thread with a connection of its own that serves batch after batch. Whatever goes wrong with a batch, each
//! of its requests gets an answer that is true: done, refused, or unknown with its key as the way to find out.
use super::{
    Books, Patience, Settings,
    batch::{self, Outcomes},
    books::Book,
    queue::{Queue, Waiting},
    unknown,
};
use crate::kernel::{Code, Error, Result};
use crate::platform::{
    db::{Db, Failure, Limits, Own},
    faults::point,
    telemetry::IntakeMetrics,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

/// A batch was rolled back because one of its requests had passed its deadline.
#[derive(Debug, thiserror::Error)]
#[error("a request has passed its deadline")]
pub struct Late;

/// Times a batch is run again after deadlocks.
const TRIES: u32 = 5;
/// Pause before a lost connection is opened again.
const PAUSE: Duration = Duration::from_millis(20);
/// How long the first plans are kept; later ones twice as long each time, for a table doubles in ever longer time. One
/// made while a table was empty, also that of a foreign key's check, would otherwise last as long as the session and
/// read the table whole (measured on a new database: 1,300 reservations a second).
const PLANNED: Duration = Duration::from_secs(1);
/// How long plans are kept at most.
const PLANNED_AT_MOST: Duration = Duration::from_secs(600);
/// Threads of a lane that may hang on dead connections before it is no longer replaced.
const MOST_HANGING: u64 = 3;
/// How long a lane that met a lock held by others waits only briefly for locks.
const WARY: Duration = Duration::from_secs(5);
/// The brief wait, in milliseconds: longer than any batch of another lane takes.
const BRIEFLY_MS: u32 = 150;

/// What all lanes of an instance share.
#[derive(Clone)]
pub struct Lanes {
    pub db: Db,
    pub settings: Settings,
    pub queue: Arc<Queue>,
    pub books: fn() -> Vec<Box<dyn Book>>,
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
    pub fn start(self, metrics: &IntakeMetrics) {
        let beats: Vec<_> = (0..self.settings.lanes).map(|_| Arc::<Beat>::default()).collect();
        for beat in &beats {
            self.run(beat.clone(), metrics.clone());
        }
        let metrics = metrics.clone();
        spawn("lane-watch", move || self.watch(&beats, &metrics));
    }

    fn run(&self, beat: Arc<Beat>, metrics: IntakeMetrics) {
        let generation = beat.generation.load(SeqCst);
        let Settings { statement_ms, lock_ms, .. } = self.settings;
        let limits = Limits { name: "coffret lane", statement_ms, lock_ms };
        let mut lane = Lane {
            own: self.db.own(limits, self.statements.clone()),
            books: Books::new((self.books)(), self.settings.mutant),
            settings: self.settings.clone(),
            metrics,
            refused_lately: false,
            wary_until: None,
            planned: (Instant::now(), PLANNED),
        };
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
    fn watch(&self, beats: &[Arc<Beat>], metrics: &IntakeMetrics) {
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

struct Lane {
    own: Own,
    books: Books,
    settings: Settings,
    metrics: IntakeMetrics,
    /// Whether a look is worth its round trips: the last batches had requests that no stock could fill.
    refused_lately: bool,
    wary_until: Option<Instant>,
    /// When plans were made, and for how long.
    planned: (Instant, Duration),
}

impl Lane {
    fn serve(&mut self, batch: Vec<Waiting>) {
        let started = Instant::now();
        self.metrics.batch_size.observe(size(batch.len()));
        for waiting in &batch {
            self.metrics.sojourn.observe(started.saturating_duration_since(waiting.queued).as_secs_f64());
        }
        let (since, long) = self.planned;
        if since.elapsed() > long {
            self.planned = (Instant::now(), PLANNED_AT_MOST.min(long * 2));
            if let Err(error) = self.own.plan_anew() {
                tracing::debug!(error = %error, "old plans could not be dropped");
            }
        }
        let batch = if self.refused_lately { self.look(batch) } else { batch };
        let (mut parts, mut tries) = (vec![batch], 0);
        while let Some(part) = parts.pop() {
            let part = in_time(part);
            if part.is_empty() {
                continue;
            }
            match self.write(&part) {
                Ok(outcomes) => self.reply(part, outcomes),
                Err(failure) => self.recover(failure, part, &mut parts, &mut tries),
            }
        }
        self.metrics.batch_seconds.observe(started.elapsed().as_secs_f64());
    }

    /// Answers what a look without locks can refuse for certain, and returns the rest.
    fn look(&mut self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let batch = in_time(batch);
        let books = &mut self.books;
        let Ok(refusals) = self.own.read(|db| batch::look(db, &batch, books)) else { return batch };
        self.refused_lately = refusals.iter().any(Option::is_some);
        let mut rest = vec![];
        for (waiting, refusal) in batch.into_iter().zip(refusals) {
            match refusal {
                Some(refusal) => {
                    self.metrics.refused.inc();
                    let _ = waiting.reply.send(Err(refusal));
                }
                None => rest.push(waiting),
            }
        }
        rest
    }

    fn write(&mut self, part: &[Waiting]) -> Result<Outcomes, Failure> {
        let is_wary = self.wary_until.is_some_and(|until| until > Instant::now());
        let wait = if is_wary { BRIEFLY_MS.min(self.settings.lock_ms) } else { self.settings.lock_ms };
        self.own.wait_at_most(wait).map_err(|_| Failure::Lost)?;
        self.attempt(part, Patience::Wait)
    }

    fn attempt(&mut self, part: &[Waiting], patience: Patience) -> Result<Outcomes, Failure> {
        let books = &mut self.books;
        let done = self.own.write(|tx| batch::write(tx, part, books, patience));
        if done.is_err() {
            self.books.roll_back();
        }
        let done = done?;
        point("lane_after_commit");
        Ok(done)
    }

    fn recover(&mut self, failure: Failure, part: Vec<Waiting>, parts: &mut Vec<Vec<Waiting>>, tries: &mut u32) {
        match failure {
            Failure::Unknown => {
                thread::sleep(PAUSE);
                parts.push(in_doubt(part));
            }
            Failure::Lost => {
                thread::sleep(PAUSE);
                parts.push(part);
            }
            Failure::RolledBack(Error::Internal(cause)) if cause.is::<Late>() => parts.push(part),
            Failure::RolledBack(error) if *tries < TRIES && self.own.may_retry(&error) => {
                *tries += 1;
                parts.push(part);
            }
            Failure::RolledBack(error) if self.own.was_locked_out(&error) => self.leave_locked(error, part, parts),
            Failure::RolledBack(error) => isolate(error, part, parts),
        }
    }

    /// Someone else holds a row for long: those who need it are told, the others go on.
    fn leave_locked(&mut self, error: Error, part: Vec<Waiting>, parts: &mut Vec<Vec<Waiting>>) {
        self.wary_until = Some(Instant::now() + WARY);
        match self.attempt(&part, Patience::SkipLocked) {
            Ok(mut outcomes) => {
                // What an earlier commit may have written is not seen while its rows are left out.
                for (waiting, outcome) in part.iter().zip(&mut outcomes) {
                    if waiting.is_unknown && outcome.is_err() {
                        *outcome = Err(unknown());
                    }
                }
                self.reply(part, outcomes);
            }
            Err(Failure::Unknown) => parts.push(in_doubt(part)),
            Err(_) => {
                for waiting in part {
                    let refusal = if waiting.is_unknown { unknown() } else { error.again() };
                    let _ = waiting.reply.send(Err(refusal));
                }
            }
        }
    }

    fn reply(&mut self, part: Vec<Waiting>, outcomes: Outcomes) {
        for (waiting, outcome) in part.into_iter().zip(outcomes) {
            if outcome.as_ref().is_err_and(|error| error.code() == Code::OutOfStock) {
                self.refused_lately = true;
                self.metrics.refused.inc();
            }
            // Whoever has hung up will ask again under the same key.
            let _ = waiting.reply.send(outcome);
        }
        point("lane_after_reply");
    }
}

/// Answers requests that have passed their deadline and returns the others.
fn in_time(batch: Vec<Waiting>) -> Vec<Waiting> {
    let now = Instant::now();
    let (rest, late): (Vec<_>, Vec<_>) = batch.into_iter().partition(|waiting| waiting.deadline > now);
    for waiting in late {
        let refusal = batch::late(&waiting);
        let _ = waiting.reply.send(Err(refusal));
    }
    rest
}

/// Requests whose batch may have been committed: until their keys are read, nothing else is true of them.
fn in_doubt(mut part: Vec<Waiting>) -> Vec<Waiting> {
    for waiting in &mut part {
        waiting.is_unknown = true;
    }
    part
}

/// Halves a batch that fails, until the request that is at fault is alone with its error.
fn isolate(error: Error, mut part: Vec<Waiting>, parts: &mut Vec<Vec<Waiting>>) {
    if part.len() > 1 {
        tracing::warn!(size = part.len(), error = %error, "a batch failed and is halved");
        parts.push(part.split_off(part.len() / 2));
        parts.push(part);
    } else if let Some(waiting) = part.pop() {
        let refusal = if waiting.is_unknown { unknown() } else { error };
        let _ = waiting.reply.send(Err(refusal));
    }
}

#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
fn size(n: usize) -> f64 {
    n as f64
}

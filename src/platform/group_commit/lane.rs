//! A lane: a thread with a connection of its own that serves batch after batch. Whatever goes wrong with a batch, each
//! of its requests gets an answer that is true: done, refused, or unknown with its key as the way to find out.
use super::{
    batch::{self, Outcomes},
    queue::Waiting,
    settings::Settings,
    unit_of_work::{Patience, UnitOfWork},
    unknown,
};
use crate::{
    kernel::{Code, Error, Result},
    platform::{
        db::dedicated::{Dedicated, Failure},
        failpoint::point,
        group_commit::batch::Late,
        telemetry::GroupCommitMetrics,
    },
};
use std::{
    thread,
    time::{Duration, Instant},
};

/// Times a batch is run again after deadlocks.
const TRIES: u32 = 5;
/// Pause before a lost connection is opened again.
const PAUSE: Duration = Duration::from_millis(20);
/// The time for which the first plans are kept; later ones twice as long each time, for a table doubles in ever longer
/// time. One made while a table was empty, also that of a foreign key's check, would otherwise last as long as the
/// session and read the table whole (measured on a new database: 1,300 reservations a second).
const PLANNED: Duration = Duration::from_secs(1);
/// The time for which plans are kept at most.
const PLANNED_AT_MOST: Duration = Duration::from_secs(600);
/// The time for which a lane that met a lock held by others waits only briefly for locks.
const WARY: Duration = Duration::from_secs(5);
/// The brief wait, in milliseconds: longer than any batch of another lane takes.
const BRIEFLY_MS: u32 = 150;

/// A lane at work.
pub struct Lane {
    own: Dedicated,
    uow: UnitOfWork,
    settings: Settings,
    metrics: GroupCommitMetrics,
    /// True if a look is worth its round trips: the last batches had requests that no stock could fill.
    refused_lately: bool,
    wary_until: Option<Instant>,
    /// When plans were made, and for how long.
    planned: (Instant, Duration),
}

impl Lane {
    /// With nothing done yet.
    pub fn new(own: Dedicated, uow: UnitOfWork, settings: Settings, metrics: GroupCommitMetrics) -> Self {
        let planned = (Instant::now(), PLANNED);
        Self { own, uow, settings, metrics, refused_lately: false, wary_until: None, planned }
    }

    /// Serves a batch: each of its requests is answered.
    pub fn serve(&mut self, batch: Vec<Waiting>) {
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
        let uow = &mut self.uow;
        let Ok(refusals) = self.own.read(|db| batch::look(db, &batch, uow)) else { return batch };
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
        let uow = &mut self.uow;
        let done = self.own.write(|tx| batch::write(tx, part, uow, patience));
        if done.is_err() {
            self.uow.roll_back();
        }
        let done = done?;
        self.uow.committed();
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

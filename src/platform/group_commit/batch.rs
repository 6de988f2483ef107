//! One batch: decided in memory in order of arrival, written as few statements, committed once.
use super::{
    queue::Waiting,
    settings,
    unit_of_work::{Patience, UnitOfWork},
};
use crate::{
    kernel::{Actor, Error, PrincipalId, Result, actor::Permission},
    platform::{
        db::{Bulk, Read, Write},
        failpoint::point,
        idempotency::{Known, NewKeys, Once, Outcome, Recorded, Unknown, known},
    },
};
use std::{collections::HashMap, time::Instant};

/// The outcome of each command of a batch, in its order.
pub type Outcomes = Vec<Result<Recorded<Unknown>>>;

/// Locks, decides and writes a batch inside one transaction.
pub fn write(tx: &mut Write, batch: &[Waiting], uow: &mut UnitOfWork, patience: Patience) -> Result<Outcomes> {
    if uow.mutant.AsyncCommit() {
        diesel::connection::SimpleConnection::batch_execute(tx.conn(), "set local synchronous_commit = off")?;
    }
    ask(batch, uow)?;
    point("lane_before_lock");
    uow.open(tx, patience)?;
    let ahead = tx.ahead();
    let kept = known(tx, &keys(batch), uow.decides_by_memory().then_some(patience))?;
    uow.now = kept.now + ahead;
    if let Some(changes) = kept.changes {
        uow.check(tx, changes)?;
    }
    let (outcomes, mut new) = evaluate(batch, uow, &kept)?;
    let mut bulk = Bulk::default();
    uow.save(&mut bulk)?;
    new.save(&mut bulk, uow.now);
    if kept.needs_barrier(uow.now - ahead) {
        bulk.barrier();
    }
    bulk.run(tx.conn())?;
    point("lane_after_write");
    require_in_time(batch, &outcomes)?;
    Ok(outcomes)
}

/// Refusals that a look without locks makes certain; none for requests that must be decided under lock.
pub fn look(db: &mut Read, batch: &[Waiting], uow: &mut UnitOfWork) -> Result<Vec<Option<Error>>> {
    ask(batch, uow)?;
    uow.look(db)?;
    let kept = known(db, &keys(batch), None)?;
    let refusal = |waiting: &Waiting| match waiting.key.as_ref().is_some_and(|key| kept.get(key).is_some()) {
        true => Ok(None),
        false => waiting.command.early_refusal(uow),
    };
    batch.iter().map(refusal).collect()
}

fn ask(batch: &[Waiting], uow: &mut UnitOfWork) -> Result<()> {
    uow.clear();
    batch.iter().try_for_each(|waiting| waiting.command.lock(uow))
}

fn keys(batch: &[Waiting]) -> Vec<&Once> {
    batch.iter().filter_map(|waiting| waiting.key.as_ref()).collect()
}

/// Decides each request in order of arrival. One whose key was answered before, by an earlier batch or earlier in
/// this one, gets that answer; only committed effects are remembered, so a refused one is decided anew each time.
fn evaluate(batch: &[Waiting], uow: &mut UnitOfWork, kept: &Known) -> Result<(Outcomes, NewKeys)> {
    let (mut outcomes, mut new): (Outcomes, _) = (Vec::with_capacity(batch.len()), NewKeys::default());
    let mut firsts: HashMap<(PrincipalId, &str), usize> = HashMap::new();
    for waiting in batch {
        let key = waiting.key.as_ref().filter(|_| !(uow.mutant.RetryWithoutKey() && waiting.is_unknown));
        let earlier = key.and_then(|key| {
            firsts.get(&(key.principal, key.key.as_str())).and_then(|at| outcomes.get(*at)?.as_ref().ok())
        });
        let answer = match (key.and_then(|key| kept.get(key)), earlier, key) {
            (Some(row), _, Some(key)) => row.replay(&waiting.actor, key),
            (_, Some(first), Some(key)) => new.replay(first, &waiting.actor, key),
            _ => {
                let answer = decide(waiting, uow)?;
                if let (Ok(answer), Some(key)) = (&answer, key) {
                    firsts.insert((key.principal, key.key.as_str()), outcomes.len());
                    new.add(key, waiting.permission, answer);
                }
                answer
            }
        };
        outcomes.push(answer);
    }
    Ok((outcomes, new))
}

fn decide(waiting: &Waiting, uow: &mut UnitOfWork) -> Result<Result<Recorded<Unknown>>> {
    if waiting.deadline <= Instant::now() {
        return Ok(Err(late(waiting)));
    }
    let before = uow.noted();
    let answer = waiting.command.decide(uow, &waiting.actor, waiting.key.is_some());
    if answer.is_err() && uow.noted() != before {
        return Err(anyhow::anyhow!("a refused command has left changes in the working sets").into());
    }
    Ok(answer)
}

/// The answer to a request that has passed its deadline.
pub fn late(waiting: &Waiting) -> Error {
    if waiting.is_unknown { super::unknown() } else { super::queue::busy("the request waited past its deadline") }
}

/// No commit is begun after a deadline of its batch: its sender may have been told that the outcome is unknown, and may
/// have asked again.
fn require_in_time(batch: &[Waiting], outcomes: &Outcomes) -> Result<()> {
    let now = Instant::now();
    let is_late = |(waiting, outcome): (&Waiting, &Result<Recorded<Unknown>>)| {
        outcome.as_ref().is_ok_and(|answer| !answer.is_replay) && waiting.deadline <= now
    };
    match batch.iter().zip(outcomes).any(is_late) {
        true => Err(Error::Internal(Late.into())),
        false => Ok(()),
    }
}

/// A batch of jobs that do nothing, decided in memory, to be timed.
pub fn measured(size: usize) -> impl Fn() -> usize {
    struct Nothing;
    impl super::Command for Nothing {
        type Output = &'static str;

        fn lock(&self, _: &mut UnitOfWork) -> Result<()> {
            Ok(())
        }

        fn decide(&self, _: &mut UnitOfWork, _: &Actor) -> Result<Outcome<&'static str>> {
            Ok(Outcome::changed(1, None, "done"))
        }
    }
    let principal = PrincipalId(uuid::Uuid::nil());
    let waiting = |n: usize| Waiting {
        command: Box::new(Nothing),
        rows: vec![],
        actor: Actor::new(principal, vec![]),
        permission: Permission::InventoryReserve,
        key: Some(Once { principal, key: n.to_string(), fingerprint: vec![], wait: None }),
        queued: Instant::now(),
        deadline: Instant::now() + std::time::Duration::from_secs(86_400),
        is_unknown: false,
        reply: tokio::sync::oneshot::channel().0,
    };
    let batch: Vec<_> = (0..size).map(waiting).collect();
    move || {
        let mut uow = UnitOfWork::new(vec![], settings::Mutant::None);
        evaluate(&batch, &mut uow, &Known::default()).map_or(0, |(outcomes, _)| outcomes.len())
    }
}

/// A batch was rolled back because one of its requests had passed its deadline.
#[derive(Debug, thiserror::Error)]
#[error("a request has passed its deadline")]
pub struct Late;

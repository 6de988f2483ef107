//! One batch: decided in memory in order of arrival, written as few statements, committed once.
use super::{Books, Patience, lane::Late, queue::Waiting};
use crate::kernel::{PrincipalId, Result, actor::Permission};
use crate::platform::{
    db::{Bulk, Read, Write},
    faults::point,
    idempotency::{Answer, Known, NewKeys, Once, known},
};
use chrono::Duration;
use std::{collections::HashMap, time::Instant};

/// What became of each request of a batch, in its order.
pub type Outcomes = Vec<Result<Answer>>;

/// Locks, decides and writes a batch inside one transaction.
pub fn write(tx: &mut Write, batch: &[Waiting], books: &mut Books, patience: Patience) -> Result<Outcomes> {
    if books.mutant.AsyncCommit() {
        diesel::connection::SimpleConnection::batch_execute(tx.conn(), "set local synchronous_commit = off")?;
    }
    ask(batch, books)?;
    point("lane_before_lock");
    books.open(tx, patience)?;
    let ahead = tx.ahead();
    let kept = known(tx, &keys(batch), books.decide_by_memory().then_some(patience))?;
    books.now = kept.now + ahead;
    if let Some(changes) = kept.changes {
        books.check(tx, changes)?;
    }
    let (outcomes, mut new) = evaluate(batch, books, &kept)?;
    let mut bulk = Bulk::default();
    books.save(&mut bulk)?;
    new.save(&mut bulk, books.now);
    if kept.needs_barrier(books.now - ahead) {
        bulk.barrier();
    }
    bulk.run(tx.conn())?;
    point("lane_after_write");
    require_in_time(batch, &outcomes)?;
    Ok(outcomes)
}

/// Refusals that a look without locks makes certain; none for requests that must be decided under lock.
pub fn look(db: &mut Read, batch: &[Waiting], books: &mut Books) -> Result<Vec<Option<crate::kernel::Error>>> {
    ask(batch, books)?;
    books.look(db)?;
    let kept = known(db, &keys(batch), None)?;
    let refusal = |waiting: &Waiting| match waiting.key.as_ref().is_some_and(|key| kept.get(key).is_some()) {
        true => Ok(None),
        false => waiting.job.refusal_at_a_look(books),
    };
    batch.iter().map(refusal).collect()
}

fn ask(batch: &[Waiting], books: &mut Books) -> Result<()> {
    books.clear();
    batch.iter().try_for_each(|waiting| waiting.job.ask(books))
}

fn keys(batch: &[Waiting]) -> Vec<&Once> {
    batch.iter().filter_map(|waiting| waiting.key.as_ref()).collect()
}

/// Decides each request in order of arrival. One whose key was answered before, by an earlier batch or earlier in
/// this one, gets that answer; only committed effects are remembered, so a refused one is decided anew each time.
fn evaluate(batch: &[Waiting], books: &mut Books, kept: &Known) -> Result<(Outcomes, NewKeys)> {
    let (mut outcomes, mut new): (Outcomes, _) = (Vec::with_capacity(batch.len()), NewKeys::default());
    let mut firsts: HashMap<(PrincipalId, &str), usize> = HashMap::new();
    for waiting in batch {
        let key = waiting.key.as_ref().filter(|_| !(books.mutant.RetryWithoutKey() && waiting.is_unknown));
        let earlier = key.and_then(|key| {
            firsts.get(&(key.principal, key.key.as_str())).and_then(|at| outcomes.get(*at)?.as_ref().ok())
        });
        let answer = match (key.and_then(|key| kept.get(key)), earlier, key) {
            (Some(row), _, Some(key)) => row.replay(&waiting.actor, key),
            (_, Some(first), Some(key)) => new.replay(first, &waiting.actor, key),
            _ => {
                let answer = decide(waiting, books)?;
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

fn decide(waiting: &Waiting, books: &mut Books) -> Result<Result<Answer>> {
    if waiting.deadline <= Instant::now() {
        return Ok(Err(late(waiting)));
    }
    let before = books.noted();
    let answer = waiting.job.decide(books, &waiting.actor);
    if answer.is_err() && books.noted() != before {
        return Err(anyhow::anyhow!("a refused request has left changes in the books").into());
    }
    Ok(answer)
}

/// The answer to a request that has passed its deadline.
pub fn late(waiting: &Waiting) -> crate::kernel::Error {
    if waiting.is_unknown { super::unknown() } else { super::queue::busy("the request waited past its deadline") }
}

/// No commit is begun after a deadline of its batch: its sender may have been told that the outcome is unknown, and may have
/// asked again.
fn require_in_time(batch: &[Waiting], outcomes: &Outcomes) -> Result<()> {
    let now = Instant::now();
    let is_late = |(waiting, outcome): (&Waiting, &Result<Answer>)| {
        outcome.as_ref().is_ok_and(|answer| !answer.is_replay) && waiting.deadline <= now
    };
    match batch.iter().zip(outcomes).any(is_late) {
        true => Err(crate::kernel::Error::Internal(Late.into())),
        false => Ok(()),
    }
}

/// A batch of jobs that do nothing, decided in memory, to be timed.
pub fn measured(size: usize) -> impl Fn() -> usize {
    struct Nothing;
    impl super::Job for Nothing {
        fn ask(&self, _: &mut Books) -> Result<()> {
            Ok(())
        }
        fn decide(&self, _: &mut Books, _: &crate::kernel::Actor) -> Result<Answer> {
            Answer::ok(&"done", 1, None)
        }
    }
    let principal = PrincipalId(uuid::Uuid::nil());
    let waiting = |n: usize| Waiting {
        job: Box::new(Nothing),
        rows: vec![],
        actor: crate::kernel::Actor { id: principal, grants: vec![] },
        permission: Permission::InventoryReserve,
        key: Some(Once { principal, key: n.to_string(), fingerprint: vec![], wait: None }),
        queued: Instant::now(),
        deadline: Instant::now() + std::time::Duration::from_secs(86_400),
        is_unknown: false,
        reply: tokio::sync::oneshot::channel().0,
    };
    let batch: Vec<_> = (0..size).map(waiting).collect();
    move || {
        let mut books = Books::new(vec![], super::Mutant::None);
        evaluate(&batch, &mut books, &Known::default()).map_or(0, |(outcomes, _)| outcomes.len())
    }
}

/// Keys whose answers are younger than this may not have reached a standby yet.
pub const YOUNG: Duration = Duration::seconds(30);

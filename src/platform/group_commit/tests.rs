//! The queue by itself: what it lets in, what it turns away, and what it hands to a lane at once.
use super::{Command, queue::*, unit_of_work::UnitOfWork};
use crate::{
    kernel::{Actor, PrincipalId, Result, actor::Permission},
    platform::{
        idempotency::{Once, Outcome},
        telemetry::GroupCommitMetrics,
    },
};
use std::time::{Duration, Instant};
use uuid::Uuid;

struct Nothing;

impl Command for Nothing {
    type Output = ();

    fn lock(&self, _: &mut UnitOfWork) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut UnitOfWork, _: &Actor) -> Result<Outcome<()>> {
        Ok(Outcome::changed(1, None, ()))
    }
}

fn queue(batch: usize) -> Queue {
    let limits = QueueLimits { batch, queue: 100, per_row: 10, per_caller: 50, target: Duration::from_millis(50) };
    Queue::new(limits, GroupCommitMetrics::new(&prometheus::Registry::new()).unwrap())
}

/// A request of a caller for rows.
fn request(caller: u128, rows: &[u64]) -> Waiting {
    let principal = PrincipalId(Uuid::from_u128(caller));
    let queued = Instant::now();
    Waiting {
        command: Box::new(Nothing),
        rows: rows.to_vec(),
        actor: Actor::new(principal, vec![]),
        permission: Permission::OrdersPlace,
        key: Some(Once { principal, key: String::new(), fingerprint: vec![], wait: None }),
        queued,
        deadline: queued + Duration::from_secs(3),
        is_unknown: false,
        reply: tokio::sync::oneshot::channel().0,
    }
}

/// The number of requests that are let in, of so many.
fn let_in(queue: &Queue, count: u128, each: impl Fn(u128) -> Waiting) -> usize {
    (0..count).filter(|n| queue.push(each(*n)).is_ok()).count()
}

#[test]
fn no_row_and_no_caller_fills_more_than_its_share() {
    let queue = queue(1);
    assert_eq!(let_in(&queue, 30, |n| request(n, &[7])), 10, "a tenth for one row");
    assert_eq!(let_in(&queue, 90, |n| request(1, &[u64::try_from(100 + n).unwrap()])), 49, "half for one caller");
    assert_eq!(let_in(&queue, 90, |n| request(1000 + n, &[])), 41, "and no more than all");
    assert!(queue.push(Waiting { key: None, ..request(1, &[7]) }).is_ok(), "the service's own work is let in");
    assert_eq!((queue.take().len(), queue.len()), (1, 100));
}

#[test]
fn what_was_taken_makes_room_for_its_row_and_its_caller() {
    let queue = queue(5);
    assert_eq!(let_in(&queue, 20, |_| request(1, &[7])), 10);
    assert_eq!(queue.take().len(), 5);
    assert_eq!(let_in(&queue, 20, |_| request(1, &[7])), 5);
}

#[test]
fn a_batch_is_bounded_by_the_rows_it_needs_too() {
    let queue = queue(4);
    let many: Vec<_> = (0..40).collect();
    assert_eq!(let_in(&queue, 3, |n| request(n, &many)), 3);
    assert_eq!(queue.take().len(), 1, "four requests may need 64 rows, two of these need 80");
    queue.push(request(9, &(100..400).collect::<Vec<_>>())).unwrap();
    assert_eq!((queue.take().len(), queue.take().len()), (1, 1));
    assert_eq!(queue.take().len(), 1, "one that needs more than a batch may is a batch");
}

#[test]
fn while_even_the_shortest_wait_is_too_long_less_is_let_in() {
    let (queue, start) = (queue(10), Instant::now());
    let serve = |at: u64, waited: u64| {
        let now = start + Duration::from_millis(at);
        for n in 0..10 {
            let _ = queue
                .push(Waiting { queued: now.checked_sub(Duration::from_millis(waited)).unwrap(), ..request(n, &[]) });
        }
        queue.take_by(|| now);
    };
    serve(1000, 80);
    serve(1101, 80);
    assert_eq!(let_in(&queue, 200, |n| request(n, &[])), 70, "three tenths fewer after a tenth of a second");
    while queue.len() > 0 {
        queue.take_by(|| start + Duration::from_millis(1150));
    }
    serve(1300, 0);
    assert!(let_in(&queue, 200, |n| request(n, &[])) > 70, "and more again when it is short");
}

#[test]
fn a_closed_queue_serves_what_waits_and_takes_no_more() {
    let queue = queue(2);
    assert_eq!(let_in(&queue, 3, |n| request(n, &[])), 3);
    queue.close();
    assert_eq!(let_in(&queue, 1, |n| request(n, &[])), 0);
    assert_eq!((queue.take().len(), queue.take().len(), queue.take().len()), (2, 1, 0));
}

//! Faults injected on purpose: processes killed at every step, connections cut at the commit, disks that fill up. What
//! was acknowledged is there, nothing is done twice, and service goes on. `COFFRET_FAULTS=full` runs the long form.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails; what is asked of a run, and what it left out, is told"
)]

mod connection;
mod crash_points;
mod drop;
mod expiry;
mod operations;
mod postgres;
mod sequencer;
#[path = "../it/support/mod.rs"]
#[allow(dead_code, reason = "the other suite needs more of it")]
mod support;

/// The size of a test: in its bounded form, and in the long one.
fn sized(bounded: usize, full: usize) -> usize {
    if std::env::var("COFFRET_FAULTS").is_ok_and(|form| form == "full") { full } else { bounded }
}

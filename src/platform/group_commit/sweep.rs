//! The work that the service does of itself: it ends what is due, round by round, through the lanes like everyone else.
use super::{Command, GroupCommit};
use crate::kernel::Result;
use std::fmt::Display;

/// Records ended in one round at most: a few batches.
const ROUND: usize = 500;

impl GroupCommit {
    /// Finds what is due, so many at most, and ends each by a command that tells if there was something to
    /// end; returns how many were ended here. After a rush more is due than fits into a round, so that full
    /// rounds follow each other; what cannot be ended now waits for the next sweep.
    pub async fn end_due<T, C>(
        &self,
        find: impl AsyncFn(usize) -> Result<Vec<T>>,
        end: impl Fn(T) -> C,
    ) -> Result<usize>
    where
        T: Copy + Display,
        C: Command<Output = bool>,
    {
        let mut all = 0;
        loop {
            let due = find(ROUND).await?;
            let found = due.len();
            let jobs = due.into_iter().map(|id| {
                let command = end(id);
                async move { (id, self.work(command).await) }
            });
            let mut ended = 0;
            for (id, outcome) in futures_util::future::join_all(jobs).await {
                match outcome {
                    Ok(is_ended) => ended += usize::from(is_ended),
                    Err(error) => tracing::warn!(due.id = %id, error = %error, "what is due could not be ended yet"),
                }
            }
            all += ended;
            if found < ROUND || ended == 0 {
                return Ok(all);
            }
        }
    }
}

//! The work that the service does of itself: it ends what is due, round by round, through the lanes like everyone else.
use super::{Command, GroupCommit};
use crate::kernel::Result;
use std::fmt::Display;

/// Records ended in one round at most: a few batches.
const ROUND: usize = 500;

impl GroupCommit {
    /// Finds what is due, so many at most, and ends each by a job that answers 1 if it did and 0 if there was nothing
    /// to end any more; returns how many were ended here. After a rush more is due than fits into a round, so that full
    /// rounds follow each other; what cannot be ended now waits for the next sweep.
    pub async fn end_due<T, J>(
        &self,
        find: impl AsyncFn(usize) -> Result<Vec<T>>,
        end: impl Fn(T) -> J,
    ) -> Result<usize>
    where
        T: Copy + Display,
        J: Command,
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
                    Ok(answer) => ended += usize::from(answer.body == "1"),
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

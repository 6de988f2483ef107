//! Work that repeats in the background until the server stops; each round is a plain function that tests call.
use crate::kernel::Result;
use std::{future::Future, time::Duration};
use tokio::sync::watch;

/// Runs `round` again and again with a pause in between; a failed round is logged and tried again.
pub async fn repeat<F, Fut>(name: &'static str, pause: Duration, mut stopped: watch::Receiver<bool>, round: F)
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<usize>>,
{
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
        match round().await {
            Ok(0) => {}
            Ok(done) => tracing::info!(job = name, done, "a job has worked"),
            Err(error) => tracing::warn!(job = name, error = %error, "a job failed and will be tried again"),
        }
    }
}

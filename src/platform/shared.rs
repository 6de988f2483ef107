//! A value that a server reads once for all requests that need it, and remembers for a while.
use crate::kernel::{Code, Error, Result};
use moka::sync::Cache;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Mutex;

/// The time for which a request waits for others that read the same.
const PATIENCE: Duration = Duration::from_secs(3);

/// A remembered value; cheap to clone. Requests that find it forgotten wait for the first of them to read it: reading
/// it for each of them would keep all of them waiting for the database.
#[derive(Clone)]
pub struct Shared<T: Send + Sync + 'static> {
    known: Cache<(), Arc<T>>,
    reading: Arc<Mutex<()>>,
    /// Counts how often it was forgotten: what was read before that is not remembered after it.
    forgotten: Arc<AtomicU64>,
}

impl<T: Send + Sync + 'static> Shared<T> {
    /// Nothing yet; a value is read anew after a time.
    pub fn new(time_to_live: Duration) -> Self {
        Self {
            known: Cache::builder().max_capacity(1).time_to_live(time_to_live).build(),
            reading: Arc::default(),
            forgotten: Arc::default(),
        }
    }

    /// The value; read if it is not remembered.
    pub async fn get(&self, read: impl AsyncFnOnce() -> Result<T>) -> Result<Arc<T>> {
        if let Some(known) = self.known.get(&()) {
            return Ok(known);
        }
        let alone = tokio::time::timeout(PATIENCE, self.reading.lock()).await;
        let _alone = alone.map_err(|_| Error::refused(Code::Busy, "others wait for the same records; try again"))?;
        if let Some(known) = self.known.get(&()) {
            return Ok(known);
        }
        let before = self.forgotten.load(Ordering::SeqCst);
        let value = Arc::new(read().await?);
        self.known.insert((), value.clone());
        if self.forgotten.load(Ordering::SeqCst) != before {
            self.known.invalidate(&());
        }
        Ok(value)
    }

    /// Drops the value.
    pub fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.known.invalidate(&());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::sync::atomic::AtomicUsize;

    #[actix_web::test]
    async fn many_who_ask_at_once_read_once_and_what_was_forgotten_meanwhile_is_not_kept() {
        let (shared, reads) = (Shared::new(Duration::from_secs(60)), AtomicUsize::new(0));
        let read = async || {
            let read = reads.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(read)
        };
        let all = join_all((0..64).map(|_| shared.get(read))).await;
        assert!(all.into_iter().all(|value| *value.unwrap() == 0), "one of them has read it for all");
        shared.forget();
        let forget = async || {
            shared.forget();
            read().await
        };
        assert_eq!(*shared.get(forget).await.unwrap(), 1);
        assert_eq!(*shared.get(read).await.unwrap(), 2, "it was forgotten while it was read");
        assert_eq!(*shared.get(read).await.unwrap(), 2);
    }
}

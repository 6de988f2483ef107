//! Gathers the keys of a query's loaders until the query can go no further without data, and only then lets the
//! loaders read. A fixed delay would be a guess: the engine polls long lists in slices, so that a loader without
//! delay reads key by key (measured: 1,002 statements where 24 do), and one with delay makes every level wait.
use futures_util::{future::BoxFuture, task::AtomicWaker};
use std::{
    future::poll_fn,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

/// Polls in a row before other tasks get their turn; below tokio's budget of 128 for one task.
const SLICE: usize = 32;

type Task = BoxFuture<'static, ()>;

/// The loads that wait for a query to come to rest.
#[derive(Clone, Default)]
pub struct Waiting(Arc<Mutex<Vec<Task>>>);

impl Waiting {
    /// Takes a load instead of spawning it; what loaders get as their spawner.
    pub fn taker(&self) -> impl Fn(Task) + Send + Sync + use<> {
        let waiting = self.clone();
        move |load| waiting.0.lock().unwrap_or_else(PoisonError::into_inner).push(load)
    }

    fn take(&self) -> Vec<Task> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs the query; each time it comes to rest, the loads that wait are spawned together.
    pub async fn run<T>(self, query: impl Future<Output = T>, spawn: impl Fn(Task)) -> T {
        let mut query = pin!(query);
        let rest = Arc::new(Rest::default());
        let inner = Waker::from(rest.clone());
        poll_fn(move |outer| {
            rest.outer.register(outer.waker());
            for _ in 0..SLICE {
                rest.is_woken.store(false, Ordering::SeqCst);
                if let Poll::Ready(answer) = query.as_mut().poll(&mut Context::from_waker(&inner)) {
                    return Poll::Ready(answer);
                }
                if !rest.is_woken.load(Ordering::SeqCst) {
                    self.take().into_iter().for_each(&spawn);
                    return Poll::Pending;
                }
            }
            outer.waker().wake_by_ref();
            Poll::Pending
        })
        .await
    }
}

/// A pause until the executor has polled the rest of the query.
#[derive(Default)]
struct Rest {
    is_woken: AtomicBool,
    outer: AtomicWaker,
}

impl Wake for Rest {
    fn wake(self: Arc<Self>) {
        self.is_woken.store(true, Ordering::SeqCst);
        self.outer.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{FutureExt, future::join_all};
    use std::sync::atomic::AtomicUsize;

    /// Asks to be polled again so many times, as the engine does between slices of a long list.
    async fn slice(mut times: usize) {
        poll_fn(move |cx| {
            if times == 0 {
                return Poll::Ready(());
            }
            times -= 1;
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    #[tokio::test]
    async fn loads_wait_until_every_branch_of_the_query_has_asked() {
        let (waiting, asked) = (Waiting::default(), Arc::new(AtomicUsize::new(0)));
        let (take, seen) = (waiting.taker(), Arc::new(Mutex::new(vec![])));
        let branch = |n: usize| {
            let (take, asked, seen) = (&take, asked.clone(), seen.clone());
            async move {
                slice(n % 7).await;
                let (done, answer) = tokio::sync::oneshot::channel();
                asked.fetch_add(1, Ordering::SeqCst);
                take(
                    async move {
                        seen.lock().unwrap().push(asked.load(Ordering::SeqCst));
                        let _ = done.send(());
                    }
                    .boxed(),
                );
                answer.await
            }
        };
        waiting.run(join_all((0..100).map(branch)), |load| drop(tokio::spawn(load))).await;
        assert_eq!(*seen.lock().unwrap(), vec![100; 100]);
    }
}

//! Requests made to meet: at one barrier, or in one batch of a lane.
use super::{Answer, Shop, order_body};
use diesel::{Connection, PgConnection, connection::SimpleConnection};
use std::{future::Future, pin::Pin, rc::Rc};
use tokio::sync::Barrier;

/// Runs 64 attempts that start together and returns what each made of it.
pub async fn all_at_once<F: Future<Output = T> + 'static, T: 'static>(attempt: impl Fn(usize) -> F) -> Vec<T> {
    let barrier = Rc::new(Barrier::new(64));
    let started: Vec<_> = (0..64)
        .map(|n| {
            let (barrier, attempt) = (barrier.clone(), attempt(n));
            actix_web::rt::spawn(async move {
                barrier.wait().await;
                attempt.await
            })
        })
        .collect();
    let mut done = vec![];
    for handle in started {
        done.push(handle.await.unwrap());
    }
    done
}

/// Holds rows from outside until it is dropped.
pub fn locked(shop: &Shop, rows: &str) -> PgConnection {
    lock(&shop.database.url, rows)
}

/// The same, of a database.
pub fn lock(url: &str, rows: &str) -> PgConnection {
    let mut conn = PgConnection::establish(url).unwrap();
    conn.batch_execute(&format!("begin; select 1 from {rows} for no key update")).unwrap();
    conn
}

/// Holds a stock row from outside while `work` runs, so that what is sent meanwhile waits and becomes one batch.
pub async fn with_locked_row<T>(shop: &Shop, sku: &str, work: impl Future<Output = T>) -> T {
    let lock = locked(shop, &format!("stock_levels where variant_id = (select id from variants where sku = '{sku}')"));
    let done = work.await;
    drop(lock);
    done
}

pub fn waiting_for_lock(shop: &Shop) -> bool {
    shop.database.count("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") > 0
}

pub async fn until(is_so: impl Fn() -> bool) {
    for _ in 0..2000 {
        if is_so() {
            return;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    panic!("it never came to be");
}

/// A request about to be sent.
pub type Sending = Pin<Box<dyn Future<Output = Answer>>>;

/// Sends the requests so that they are decided in this order in one batch, behind an order for a unit of `LIP-1` that
/// waits for its row; their answers.
pub async fn in_one_batch(shop: &Rc<Shop>, paris: &str, requests: Vec<Sending>) -> Vec<Answer> {
    let (first, sent) = with_locked_row(shop, "LIP-1", async {
        let (before, body) = (shop.clone(), order_body(paris, "LIP-1", 1));
        let first = actix_web::rt::spawn(async move { before.post(&before.admin, "/v1/orders", body).await });
        until(|| waiting_for_lock(shop)).await;
        let mut sent = vec![];
        for request in requests {
            sent.push(actix_web::rt::spawn(request));
            until(|| shop.app.jobs.group_commit().waiting() == sent.len()).await;
        }
        (first, sent)
    })
    .await;
    first.await.unwrap().ok();
    let mut answers = vec![];
    for request in sent {
        answers.push(request.await.unwrap());
    }
    answers
}

//! The only door to PostgreSQL. Blocking diesel work runs on the blocking pool, one hop per call; `Read` may
//! look, `Write` is inside a transaction, and only `Db::write` makes a `Write`.
mod checks;
pub mod clock_guard;
pub mod dedicated;
mod errors;
mod ids;
mod json;
mod pool;
pub mod remembered;
mod savepoint;
mod snapshot_read;
mod statement;

use super::{events::Outbox, failpoint::point};
use crate::kernel::{Clock, Code, Error, Refusal, Result};
pub use crate::platform::db::clock_guard::ClockGuard;
pub use crate::platform::db::dedicated::{Dedicated, Failure};
pub use checks::{check_durability, migrate, require_migrated};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    PgConnection,
    connection::{AnsiTransactionManager, TransactionManager},
};
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
pub use errors::{Constraint, violated};
pub use json::Json;
use pool::PgPool;
pub use pool::{SessionLimits, SessionSettings};
pub use statement::{BARRIER, Bulk, Statement, Unexpected};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// Every migration, compiled in.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// Tries of a write that met a deadlock or serialization failure.
const TRIES: u32 = 3;

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    url: Arc<str>,
    session: Arc<SessionSettings>,
    pool: PgPool,
    clock: Clock,
    queries: Arc<AtomicU64>,
    retries: Arc<AtomicU64>,
    surveying: Arc<Mutex<()>>,
}

impl Db {
    /// A pool of connections; none is opened before it is needed.
    pub fn connect(url: &str, session: SessionSettings, clock: Clock) -> Result<Self> {
        let queries = Arc::<AtomicU64>::default();
        let pool = pool::build(url, session.clone(), queries.clone())?;
        let (session, retries, surveying) = (Arc::new(session), Arc::default(), Arc::default());
        Ok(Self { url: url.into(), session, pool, clock, queries, retries, surveying })
    }

    /// Lets PostgreSQL learn what the tables hold; after a seed its guesses would be those of an empty database.
    pub async fn analyze(&self) -> Result<()> {
        self.read(|read| Ok(diesel::connection::SimpleConnection::batch_execute(read.conn(), "analyze")?)).await
    }

    /// The clock of all transactions.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Statements run so far: a metric in production, an assertion in tests.
    pub fn queries_run(&self) -> u64 {
        self.queries.load(Relaxed)
    }

    /// Writes tried again so far after a deadlock or the like: a metric, and zero in every test.
    pub fn retries_run(&self) -> u64 {
        self.retries.load(Relaxed)
    }

    /// Connections open and idle.
    pub fn connections(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }

    /// Runs `work` with a connection that may only look.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        F: FnOnce(&mut Read) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.pool.clone();
        let looking = blocking(move || work(&mut Read { conn: &mut *pool::get(&pool)? }));
        self.in_time(looking, || Refusal::new(Code::DatabaseUnavailable, "the database does not answer; try again"))
            .await
    }

    /// The same at once, on the thread that asks: for what an instance must know before it serves.
    pub fn read_now<T>(&self, work: impl FnOnce(&mut Read) -> Result<T>) -> Result<T> {
        work(&mut Read { conn: &mut *pool::get(&self.pool)? })
    }

    /// Writes at once, on the thread that asks: for what an instance must settle before it serves.
    pub fn write_now<T>(&self, work: impl FnOnce(&mut Write) -> Result<T>) -> Result<T> {
        transaction(&mut *pool::get(&self.pool)?, &self.clock, work)
    }

    /// Runs `work` in one transaction: `Ok` commits, `Err` rolls back. Deadlocks are tried again, so `work` may
    /// run more than once. A connection lost on the way leaves the outcome unknown, and is told so.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: Fn(&mut Write) -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let (pool, clock, retries) = (self.pool.clone(), self.clock.clone(), self.retries.clone());
        let writing = blocking(move || {
            let mut conn = pool::get(&pool)?;
            let mut tries = 1;
            loop {
                let working = |tx: &mut Write| {
                    let done = work(tx)?;
                    point("write_before_commit");
                    Ok(done)
                };
                match transaction(&mut conn, &clock, working) {
                    Err(error) if errors::is_transient(&error) && tries < TRIES => {
                        tries += 1;
                        retries.fetch_add(1, Relaxed);
                    }
                    Err(error) if error.code() == Code::DatabaseUnavailable => return Err(unknown().into()),
                    outcome => {
                        point("write_after_commit");
                        return outcome;
                    }
                }
            }
        });
        self.in_time(writing, unknown).await
    }

    /// Gives up on a connection that answers nothing at all, which no limit on the server's side can end.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T>>, late: fn() -> Refusal) -> Result<T> {
        let SessionSettings { pool_timeout_ms, statement_timeout_ms, .. } = &*self.session;
        let longest = std::time::Duration::from_millis(pool_timeout_ms + 3 * u64::from(*statement_timeout_ms));
        match *statement_timeout_ms > 0 {
            true => tokio::time::timeout(longest, work).await.unwrap_or_else(|_| Err(late().retry_after(1).into())),
            false => work.await,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one home of transactions")]
fn transaction<T>(conn: &mut PgConnection, clock: &Clock, work: impl FnOnce(&mut Write) -> Result<T>) -> Result<T> {
    AnsiTransactionManager::begin_transaction(conn)?;
    let mut tx =
        Write { read: Read { conn: &mut *conn }, now: clock.now(), clock: clock.clone(), outbox: Outbox::default() };
    let done = work(&mut tx).and_then(|value| {
        let mut bulk = Bulk::default();
        std::mem::take(&mut tx.outbox).save(&mut bulk);
        bulk.run(tx.conn())?;
        Ok(value)
    });
    match done {
        Ok(value) => {
            AnsiTransactionManager::commit_transaction(conn)?;
            Ok(value)
        }
        Err(error) => {
            if AnsiTransactionManager::rollback_transaction(conn).is_err() {
                tracing::warn!("a rollback failed; its connection is thrown away");
            }
            Err(error)
        }
    }
}

fn unknown() -> Refusal {
    let detail = "the connection to the database was lost; repeat the request with the same Idempotency-Key";
    Refusal::new(Code::OutcomeUnknown, detail).retry_after(1)
}

/// Runs blocking work (queries, password hashes) off the event loop, inside the caller's span.
#[expect(clippy::disallowed_methods, reason = "the one home of blocking work")]
pub async fn blocking<T, F>(work: F) -> Result<T>
where
    F: FnOnce() -> Result<T> + Send + 'static,
    T: Send + 'static,
{
    let span = tracing::Span::current();
    actix_web::web::block(move || span.in_scope(work)).await.map_err(|e| Error::Internal(e.into()))?
}

/// A connection that looks.
pub struct Read<'c> {
    conn: &'c mut PgConnection,
}

/// An open transaction. Only `Db::write` makes one, so holding it proves atomicity.
pub struct Write<'c> {
    read: Read<'c>,
    now: DateTime<Utc>,
    clock: Clock,
    outbox: Outbox,
}

impl Read<'_> {
    /// For `store.rs` files.
    pub fn conn(&mut self) -> &mut PgConnection {
        self.conn
    }
}

impl Write<'_> {
    /// Takes the moment of the transaction anew, after a lock for which it may have waited: what it dates is not
    /// before what others did meanwhile.
    pub fn renew_now(&mut self) {
        self.now = self.now.max(self.clock.now());
    }

    /// One instant for the whole transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time by which tests have moved the clock: to be added to what the database calls now.
    pub fn ahead(&self) -> Duration {
        self.clock.ahead()
    }

    /// Events of the transaction; they are written just before it commits.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }
}

impl<'c> std::ops::Deref for Write<'c> {
    type Target = Read<'c>;
    fn deref(&self) -> &Read<'c> {
        &self.read
    }
}

impl std::ops::DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.read
    }
}

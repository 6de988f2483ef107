//! The r2d2 pool: bounded waiting, and the limits of each session set when it opens.
use crate::{
    kernel::{Code, Error, Refusal, Result},
    platform::config,
};
use diesel::{
    PgConnection,
    connection::{Connection, InstrumentationEvent, SimpleConnection},
    r2d2::{self, ConnectionManager, CustomizeConnection, Pool, PooledConnection},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

pub type PgPool = Pool<ConnectionManager<PgConnection>>;

/// Size of the pool and limits of each session.
#[derive(Debug, Clone)]
pub struct SessionSettings {
    /// Connections at most.
    pub pool_size: u32,
    /// Milliseconds to wait for one.
    pub pool_timeout_ms: u64,
    /// `statement_timeout`.
    pub statement_timeout_ms: u32,
    /// `lock_timeout`.
    pub lock_timeout_ms: u32,
    /// `idle_in_transaction_session_timeout`.
    pub idle_in_transaction_timeout_ms: u32,
    /// Leaves `synchronous_commit` as the server has it; for throw-away databases only.
    pub unsafe_durability: bool,
}

impl From<&config::Database> for SessionSettings {
    fn from(settings: &config::Database) -> Self {
        Self {
            pool_size: settings.pool_size,
            pool_timeout_ms: settings.pool_timeout_ms,
            statement_timeout_ms: settings.statement_timeout_ms,
            lock_timeout_ms: settings.lock_timeout_ms,
            idle_in_transaction_timeout_ms: settings.idle_in_transaction_timeout_ms,
            unsafe_durability: settings.allow_unsafe_durability,
        }
    }
}

impl SessionSettings {
    fn statements(&self) -> String {
        let Self { statement_timeout_ms, lock_timeout_ms, idle_in_transaction_timeout_ms, .. } = self;
        let commit = if self.unsafe_durability { "" } else { "set synchronous_commit = on; " };
        format!(
            "{commit}set default_transaction_isolation = 'read committed'; set application_name = 'coffret'; set \
             timezone = 'UTC'; set jit = off; set statement_timeout = {statement_timeout_ms}; \
             set lock_timeout = {lock_timeout_ms}; \
             set idle_in_transaction_session_timeout = {idle_in_transaction_timeout_ms}"
        )
    }
}

/// Sets the session's limits and counts every statement it runs.
#[derive(Debug)]
struct Prepare {
    session: SessionSettings,
    queries: Arc<AtomicU64>,
}

impl CustomizeConnection<PgConnection, r2d2::Error> for Prepare {
    fn on_acquire(&self, conn: &mut PgConnection) -> std::result::Result<(), r2d2::Error> {
        conn.batch_execute(&self.session.statements()).map_err(r2d2::Error::QueryError)?;
        count(conn, self.queries.clone());
        Ok(())
    }
}

/// Counts every statement: each is a round trip.
fn count(conn: &mut PgConnection, queries: Arc<AtomicU64>) {
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            queries.fetch_add(1, Relaxed);
        }
    });
}

/// Plans for statements that look rows up by key.
const BY_KEY: &str = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off; \
    set enable_hashjoin = off; set enable_mergejoin = off";

/// A connection outside the pool, for statements that may take as long as they need.
pub fn open_plain(url: &str, session: &SessionSettings) -> Result<PgConnection> {
    let mut conn = establish(url)?;
    let session = SessionSettings { statement_timeout_ms: 0, idle_in_transaction_timeout_ms: 0, ..session.clone() };
    conn.batch_execute(&session.statements())?;
    Ok(conn)
}

fn establish(url: &str) -> Result<PgConnection> {
    PgConnection::establish(&with_keepalive(url)).map_err(|error| {
        tracing::warn!(error = %error, "a database connection could not be opened");
        Refusal::new(Code::DatabaseUnavailable, "the database cannot be reached; try again").retry_after(1).into()
    })
}

/// A connection outside the pool, with limits of its own. Its statements are few and look rows up by their keys, so
/// they are planned without regard to their values, and always as loops over an index.
pub fn open(
    url: &str,
    session: &SessionSettings,
    limits: SessionLimits,
    queries: Arc<AtomicU64>,
) -> Result<PgConnection> {
    let mut conn = establish(url)?;
    let session = SessionSettings {
        statement_timeout_ms: limits.statement_ms,
        lock_timeout_ms: limits.lock_ms,
        ..session.clone()
    };
    conn.batch_execute(&format!("{}; {BY_KEY}; set application_name = '{}'", session.statements(), limits.name))?;
    count(&mut conn, queries);
    Ok(conn)
}

pub fn build(url: &str, session: SessionSettings, queries: Arc<AtomicU64>) -> Result<PgPool> {
    Pool::builder()
        .max_size(session.pool_size)
        .min_idle(Some(0))
        .connection_timeout(Duration::from_millis(session.pool_timeout_ms))
        .error_handler(Box::new(Quiet))
        .connection_customizer(Box::new(Prepare { session, queries }))
        .build(ConnectionManager::new(with_keepalive(url)))
        .map_err(|e| Error::Internal(e.into()))
}

/// The parameters that tell libpq about dead peers and the like, unless the URL says it itself.
const SETTINGS: [(&str, &str); 5] = [
    ("connect_timeout", "3"),
    ("keepalives_idle", "5"),
    ("tcp_user_timeout", "5000"),
    ("client_encoding", "UTF8"),
    ("target_session_attrs", "read-write"),
];

/// libpq waits for minutes on a dead peer unless it is told not to.
fn with_keepalive(url: &str) -> String {
    let missing = SETTINGS.iter().filter(|(name, _)| !url.contains(&format!("{name}=")));
    let settings: Vec<_> = missing.map(|(name, value)| format!("{name}={value}")).collect();
    let (first, between) = match (url.contains("://"), url.contains('?')) {
        (true, false) => ("?", "&"),
        (true, true) => ("&", "&"),
        _ => (" ", " "),
    };
    if settings.is_empty() { url.to_owned() } else { format!("{url}{first}{}", settings.join(between)) }
}

/// Connection failures are told to the caller who waits; one line each is enough in the log.
#[derive(Debug)]
struct Quiet;

impl<E: std::error::Error> r2d2::HandleError<E> for Quiet {
    fn handle_error(&self, error: E) {
        tracing::warn!(error = %error, "a database connection could not be opened");
    }
}

pub fn get(pool: &PgPool) -> Result<PooledConnection<ConnectionManager<PgConnection>>> {
    pool.get().map_err(|_| {
        let detail = "no database connection was free in time; try again";
        Refusal::new(Code::DatabaseUnavailable, detail).retry_after(1).into()
    })
}

/// The differences from the pool's sessions: a name by which PostgreSQL shows it, and limits in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct SessionLimits {
    /// `application_name`.
    pub name: &'static str,
    /// `statement_timeout`.
    pub statement_ms: u32,
    /// `lock_timeout`.
    pub lock_ms: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_says_itself_stands_and_the_rest_is_added() {
        let all = "keepalives_idle=5&tcp_user_timeout=5000&client_encoding=UTF8&target_session_attrs=read-write";
        assert_eq!(with_keepalive("postgres://h/d"), format!("postgres://h/d?connect_timeout=3&{all}"));
        assert_eq!(
            with_keepalive("postgres://h/d?connect_timeout=9"),
            format!("postgres://h/d?connect_timeout=9&{all}")
        );
        let own = with_keepalive("host=h tcp_user_timeout=1");
        assert!(own.starts_with("host=h tcp_user_timeout=1 connect_timeout=3 ") && !own.contains("5000"), "{own}");
    }
}

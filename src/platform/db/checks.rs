//! The checks before serving: migrations under a lock, and refusing a database that loses acknowledged writes.
use super::MIGRATIONS;
use anyhow::{Context, bail};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, migration::MigrationSource,
    pg::Pg, sql_query, sql_types::Text,
};
use diesel_migrations::MigrationHarness;
use std::{
    collections::HashSet,
    thread,
    time::{Duration, Instant},
};

/// Any constant: instances that start together queue here.
const MIGRATION_LOCK: i64 = 5_120_261_125;

/// The time for which a database that is about to come up is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection. One that starts or recovers just now is waited for: servers and their database often start together.
fn reached(url: &str) -> anyhow::Result<PgConnection> {
    let began = Instant::now();
    loop {
        match PgConnection::establish(url) {
            Err(error) if began.elapsed() < PATIENCE && is_coming_up(&error.to_string()) => {
                tracing::info!(error = %error, "waiting for the database");
                thread::sleep(Duration::from_millis(100));
            }
            outcome => return outcome.context("the database cannot be reached"),
        }
    }
}

fn is_coming_up(message: &str) -> bool {
    let signs = ["starting up", "in recovery mode", "shutting down", "not yet accepting", "Connection refused"];
    signs.iter().any(|sign| message.contains(sign))
}

/// Runs what is pending and returns the names of the migrations run. Of several instances one does the work.
pub fn migrate(url: &str) -> anyhow::Result<Vec<String>> {
    let mut conn = reached(url)?;
    conn.batch_execute(&format!(
        "set application_name = 'coffret migrate'; select pg_advisory_lock({MIGRATION_LOCK}); set lock_timeout = '2s'"
    ))?;
    require_known(&mut conn)?;
    let run = conn.run_pending_migrations(MIGRATIONS).map_err(|e| anyhow::anyhow!(e)).context("a migration failed")?;
    Ok(run.iter().map(ToString::to_string).collect())
}

/// Refuses a database of a newer version, whose tables this one does not know.
fn require_known(conn: &mut PgConnection) -> anyhow::Result<()> {
    let known: HashSet<_> = MigrationSource::<Pg>::migrations(&MIGRATIONS)
        .map_err(|e| anyhow::anyhow!(e))?
        .iter()
        .map(|migration| migration.name().version().as_owned())
        .collect();
    let applied = conn.applied_migrations().map_err(|e| anyhow::anyhow!(e))?;
    let unknown: Vec<_> = applied.iter().filter(|version| !known.contains(version)).map(ToString::to_string).collect();
    match unknown.is_empty() {
        true => Ok(()),
        false => bail!(
            "the database is newer than this program: it has the migrations {}; run the version that made them",
            unknown.join(", ")
        ),
    }
}

/// Refuses a database that is not migrated to just this version.
pub fn require_migrated(url: &str) -> anyhow::Result<()> {
    let mut conn = reached(url)?;
    require_known(&mut conn)?;
    let pending = conn.pending_migrations(MIGRATIONS).map_err(|e| anyhow::anyhow!(e))?;
    let names: Vec<_> = pending.iter().map(|migration| migration.name().to_string()).collect();
    match names.is_empty() {
        true => Ok(()),
        false => bail!("the database lacks the migrations {}; run `coffret migrate` first", names.join(", ")),
    }
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    setting: String,
}

/// Refuses a server whose settings lose acknowledged writes in a crash.
pub fn check_durability(url: &str) -> anyhow::Result<()> {
    let mut conn = reached(url)?;
    let settings: Vec<Setting> = sql_query(
        "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', \
         'lc_messages')",
    )
    .load(&mut conn)?;
    let language = settings.iter().find(|s| s.name == "lc_messages").map(|s| s.setting.as_str()).unwrap_or_default();
    let is_english = ["", "C", "POSIX"].contains(&language) || language.starts_with("C.") || language.starts_with("en");
    if !is_english {
        bail!(
            "the database speaks {language}, but its errors are told apart by their English text: set lc_messages to C"
        );
    }
    let weak: Vec<_> = settings
        .iter()
        .filter(|s| s.name != "lc_messages")
        .filter(|s| s.setting != "on" && !(s.name == "synchronous_commit" && s.setting == "remote_apply"))
        .map(|s| format!("{} is {}", s.name, s.setting))
        .collect();
    if weak.is_empty() {
        return Ok(());
    }
    bail!(
        "this database would lose acknowledged orders in a crash: {}. Turn these on, or name another database",
        weak.join(", ")
    );
}

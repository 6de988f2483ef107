//! What is done before serving: migrations under a lock, and refusing a database that loses acknowledged writes.
use super::MIGRATIONS;
use anyhow::{Context, bail};
use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::Text,
};
use diesel_migrations::MigrationHarness;

/// Any constant: instances that start together queue here.
const MIGRATION_LOCK: i64 = 5_120_261_125;

/// Runs what is pending and returns the names of the migrations run. Of several instances one does the work.
pub fn migrate(url: &str) -> anyhow::Result<Vec<String>> {
    let mut conn = PgConnection::establish(url).context("the database cannot be reached")?;
    conn.batch_execute(&format!(
        "set application_name = 'coffret migrate'; select pg_advisory_lock({MIGRATION_LOCK}); set lock_timeout = '2s'"
    ))?;
    let run = conn.run_pending_migrations(MIGRATIONS).map_err(|e| anyhow::anyhow!(e)).context("a migration failed")?;
    Ok(run.iter().map(ToString::to_string).collect())
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
    let mut conn = PgConnection::establish(url).context("the database cannot be reached")?;
    let settings: Vec<Setting> = sql_query(
        "select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'lc_messages')",
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

//! `coffret migrate`
use super::database::Database;
use crate::platform::{config::Config, db};
use std::process::ExitCode;

/// Runs the pending migrations and says which.
pub fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::join(config)?;
    let run = db::migrate(&database.url)?;
    tracing::info!(count = run.len(), migrations = run.join(", "), "the database is migrated");
    Ok(ExitCode::SUCCESS)
}

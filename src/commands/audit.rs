//! `coffret audit`: the proof of the books.
use super::database::Database;
use crate::{app, platform::config::Config};
use std::{io::Write, process::ExitCode};

/// Prints every row that breaks an invariant, as JSON lines; exits 1 if there is one.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::existing(config)?;
    let db = database.pool(config)?;
    let found = app::audit(&db).await?;
    let mut out = std::io::stdout().lock();
    for violation in &found {
        writeln!(out, "{}", serde_json::to_string(violation)?)?;
    }
    match found.len() {
        0 => {
            writeln!(out, "every invariant holds")?;
            Ok(ExitCode::SUCCESS)
        }
        some => {
            tracing::error!(violations = some, "the audit found rows that break invariants");
            Ok(ExitCode::FAILURE)
        }
    }
}
